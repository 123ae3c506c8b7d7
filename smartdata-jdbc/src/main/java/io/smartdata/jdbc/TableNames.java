package io.smartdata.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Gives every {@code #table} of a statement its schema or prefix; a statement seen before costs a look-up. */
final class TableNames {
    private static final Pattern TABLE = Pattern.compile("#(\\w+)");

    private final String replacement;
    private final Map<String, String> done = new ConcurrentHashMap<>();

    TableNames(String prefix) {
        this.replacement = prefix + "$1";
    }

    String in(String sql) {
        return done.computeIfAbsent(sql, text -> TABLE.matcher(text).replaceAll(replacement));
    }
}

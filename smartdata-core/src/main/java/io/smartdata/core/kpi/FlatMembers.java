package io.smartdata.core.kpi;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Picks members out of canonical JSON that has one level and no escapes, as most properties do. Anything else is left to a
 * parser. Not thread-safe.
 */
final class FlatMembers {
    /** The wanted names by hash, with linear probing, at most half full. */
    private final @Nullable String[] wanted;

    private String json = "";
    private int position;
    private int hash;

    FlatMembers(Collection<String> wanted) {
        this.wanted = new @Nullable String[Integer.highestOneBit(Math.max(1, wanted.size())) * 4];
        for (String name : wanted) {
            int slot = name.hashCode() & (this.wanted.length - 1);
            while (this.wanted[slot] != null) {
                slot = (slot + 1) & (this.wanted.length - 1);
            }
            this.wanted[slot] = name;
        }
    }

    /**
     * Puts the texts of the wanted members that are not null into {@code target}.
     *
     * @return false if {@code text} needs a parser; {@code target} may have changed then
     */
    boolean read(String text, Map<String, String> target) {
        json = text;
        position = 0;
        char before = '{';
        do {
            if (!take(before) || !text()) {
                return false;
            }
            String name = wantedEndingAt(position - 1);
            int from = position + 1;
            if (!take(':') || !value()) {
                return false;
            }
            if (name != null && json.charAt(from) != 'n') {
                boolean quoted = json.charAt(from) == '"';
                target.put(name, quoted ? json.substring(from + 1, position - 1) : json.substring(from, position));
            }
            before = ',';
        } while (peek() == ',');
        return take('}') && position == json.length();
    }

    private @Nullable String wantedEndingAt(int end) {
        int slot = hash & (wanted.length - 1);
        for (String name = wanted[slot]; name != null; name = wanted[slot]) {
            int from = end - name.length();
            if (from > 0 && json.charAt(from - 1) == '"' && json.startsWith(name, from)) {
                return name;
            }
            slot = (slot + 1) & (wanted.length - 1);
        }
        return null;
    }

    private boolean value() {
        return switch (peek()) {
            case '"' -> text();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    /** Takes a text and its {@link String#hashCode}. */
    private boolean text() {
        hash = 0;
        if (!take('"')) {
            return false;
        }
        while (position < json.length()) {
            char c = json.charAt(position++);
            if (c == '"') {
                return true;
            }
            if (c == '\\' || c < 0x20) {
                return false;
            }
            hash = 31 * hash + c;
        }
        return false;
    }

    private boolean number() {
        take('-');
        boolean zero = peek() == '0';
        int integer = digits();
        return (integer == 1 || (integer > 1 && !zero)) && (!take('.') || digits() > 0);
    }

    private int digits() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        return position - start;
    }

    private boolean word(String word) {
        boolean found = json.startsWith(word, position);
        position += word.length();
        return found;
    }

    private boolean take(char wantedChar) {
        boolean found = peek() == wantedChar;
        position += found ? 1 : 0;
        return found;
    }

    /** The next character, NUL at the end. */
    private char peek() {
        return position < json.length() ? json.charAt(position) : 0;
    }
}

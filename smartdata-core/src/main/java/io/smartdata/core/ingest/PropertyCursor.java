package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Walks through the members of properties without building anything. Properties are canonical JSON that was checked before,
 * so this only finds where names and values begin and end. Not thread-safe.
 */
final class PropertyCursor {
    private static final JsonMapper JSON = new JsonMapper();

    private final String json;
    private int nameFrom;
    private int valueFrom;
    private int end;

    PropertyCursor(String json) {
        this.json = json;
    }

    /** Goes to the next member; false if there is none. */
    boolean next() {
        if (json.length() == 2 || json.charAt(end) == '}') {
            return false;
        }
        nameFrom = end + 1;
        valueFrom = endOfText(nameFrom) + 1;
        end = endOfValue();
        return true;
    }

    /** The place behind the text that begins at {@code from}. */
    private int endOfText(int from) {
        int i = from + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private int endOfValue() {
        int depth = 0;
        int i = valueFrom;
        while (true) {
            char c = json.charAt(i);
            if (c == '"') {
                i = endOfText(i);
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}')) {
                return i;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
            i++;
        }
    }

    /** True if the member has this name, given in quotes. */
    boolean named(String quoted) {
        return quoted.length() == valueFrom - 1 - nameFrom && json.startsWith(quoted, nameFrom);
    }

    /** Name of the member. */
    String name() {
        return unquoted(nameFrom, valueFrom - 1);
    }

    boolean isNull() {
        return first() == 'n';
    }

    boolean isText() {
        return first() == '"';
    }

    boolean isNumber() {
        return first() == '-' || (first() >= '0' && first() <= '9');
    }

    boolean isBoolean() {
        return first() == 't' || first() == 'f';
    }

    boolean isList() {
        return first() == '[';
    }

    boolean isObject() {
        return first() == '{';
    }

    private char first() {
        return json.charAt(valueFrom);
    }

    /** True if the value is this JSON. */
    boolean says(String value) {
        return value.length() == end - valueFrom && json.startsWith(value, valueFrom);
    }

    /** The value as JSON. */
    String json() {
        return json.substring(valueFrom, end);
    }

    /** The value, which {@link #isText()}. */
    String text() {
        return unquoted(valueFrom, end);
    }

    private String unquoted(int from, int to) {
        int escape = json.indexOf('\\', from);
        if (escape < 0 || escape >= to) {
            return json.substring(from + 1, to - 1);
        }
        try {
            return JSON.readTree(json.substring(from, to)).textValue();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Properties that were checked are not JSON", e);
        }
    }
}

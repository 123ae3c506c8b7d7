package io.smartdata.core.ingest;

/**
 * Tells at a glance that properties keep every rule: one level, names ascending, texts without rare escapes, numbers that
 * fit a long. What it does not recognise is not wrong: {@link JsonEvent} looks at it closely. Not thread-safe.
 */
final class FlatProperties {
    private final String json;
    private int position;

    private FlatProperties(String json) {
        this.json = json;
    }

    /** True if {@code json} surely keeps every rule of {@code limits}; false says nothing. */
    static boolean surelyKeep(Limits limits, String json) {
        return limits.maxDepth() >= 2 && new FlatProperties(json).members(limits.maxProperties());
    }

    private boolean members(int most) {
        int previous = 0;
        int previousEnd = 0;
        char open = '{';
        for (int count = 1; count <= most && take(open); count++) {
            int name = position;
            if (!text() || (count > 1 && !ascending(previous, previousEnd, name, position))) {
                return false;
            }
            previous = name;
            previousEnd = position;
            if (!take(':') || !value()) {
                return false;
            }
            if (take('}')) {
                return position == json.length();
            }
            open = ',';
        }
        return false;
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

    /** Escapes that have one form only are let through, so that texts that differ here differ. */
    private boolean text() {
        if (!take('"')) {
            return false;
        }
        while (position < json.length()) {
            char c = json.charAt(position++);
            if (c == '"') {
                return true;
            }
            if (c == '\\') {
                if ("\"\\nrt".indexOf(peek()) < 0) {
                    return false;
                }
                position++;
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return false;
    }

    private boolean number() {
        take('-');
        int start = position;
        boolean zero = peek() == '0';
        int integer = digits();
        boolean whole = integer == 1 || (integer > 1 && !zero);
        return whole && (!take('.') || digits() > 0) && position - start <= NumberText.MAX_LONG_DIGITS;
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

    /** Compares names with their quotes, so that none begins with another. */
    private boolean ascending(int from, int fromEnd, int to, int toEnd) {
        int length = Math.min(fromEnd - from, toEnd - to);
        for (int i = 0; i < length; i++) {
            int order = json.charAt(from + i) - json.charAt(to + i);
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }

    private boolean take(char wanted) {
        boolean found = peek() == wanted;
        position += found ? 1 : 0;
        return found;
    }

    /** The next character, NUL at the end. */
    private char peek() {
        return position < json.length() ? json.charAt(position) : 0;
    }
}

package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The free attributes of an event as one canonical JSON object: members sorted by name (UTF-16 order), no white space,
 * numbers with the digits they came with.
 *
 * <p>One representation serves hashing, storage, KPI filters and export, so they cannot disagree.
 *
 * @since 0.1.0
 */
public final class Properties {
    private static final Properties EMPTY = new Properties("{}");

    private final String json;

    private Properties(String json) {
        this.json = json;
    }

    /** No attributes. */
    public static Properties empty() {
        return EMPTY;
    }

    /**
     * Attributes from Java values.
     *
     * @param values names to null, {@link String}, {@link Boolean}, {@link Number} of the JDK, {@link Map} with text keys
     *     or {@link Iterable} of these
     * @throws IllegalArgumentException for any other type, NaN, an infinity, or text with an unpaired surrogate
     */
    public static Properties of(Map<String, ? extends @Nullable Object> values) {
        if (values.isEmpty()) {
            return EMPTY;
        }
        StringBuilder out = new StringBuilder();
        writeObject(out, values);
        return new Properties(out.toString());
    }

    /**
     * Attributes already in the canonical form, as {@link #json()} gives it. The form is not checked: for readers and
     * storage adapters.
     */
    public static Properties ofCanonicalJson(String json) {
        return json.equals("{}") ? EMPTY : new Properties(requireNonNull(json, "json"));
    }

    /** The canonical JSON object. */
    public String json() {
        return json;
    }

    /** True if there is no attribute. */
    public boolean isEmpty() {
        return json.length() == 2;
    }

    /**
     * Appends {@code text} as a JSON string: quotes, backslash and control characters escaped, all else as it is.
     *
     * @throws IllegalArgumentException if {@code text} has an unpaired surrogate
     */
    public static void appendQuoted(StringBuilder out, CharSequence text) {
        out.append('"');
        int appended = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new IllegalArgumentException("Text has an unpaired surrogate at index " + i);
                }
                i++;
            } else if (c < 0x20 || c == '"' || c == '\\') {
                appendEscaped(out.append(text, appended, i), c);
                appended = i + 1;
            }
        }
        out.append(text, appended, text.length()).append('"');
    }

    private static void appendEscaped(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default ->
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
        }
    }

    private static void writeValue(StringBuilder out, @Nullable Object value) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof CharSequence text) {
            appendQuoted(out, text);
        } else if (value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger
                || value instanceof BigDecimal) {
            out.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw new IllegalArgumentException("A property must be a finite number, was " + number);
            }
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            writeObject(out, map);
        } else if (value instanceof Iterable<?> list) {
            writeArray(out, list);
        } else {
            throw new IllegalArgumentException("A property cannot be a "
                    + value.getClass().getName() + "; use text, a number, a boolean, a map or a list");
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ?> map) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((name, value) -> sorted.put((String) requireNonNull(name, "property name"), value));
        String separator = "{";
        for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
            out.append(separator);
            appendQuoted(out, member.getKey());
            out.append(':');
            writeValue(out, member.getValue());
            separator = ",";
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(StringBuilder out, Iterable<?> list) {
        out.append('[');
        String separator = "";
        for (Object value : list) {
            out.append(separator);
            writeValue(out, value);
            separator = ",";
        }
        out.append(']');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Properties properties && json.equals(properties.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return json;
    }
}

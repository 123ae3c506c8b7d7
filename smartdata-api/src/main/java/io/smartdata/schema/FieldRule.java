package io.smartdata.schema;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Properties;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one field of an event must be, if it is there. Immutable; every method returns a changed copy.
 *
 * <pre>{@code
 * FieldRule.text("country").oneOf("DE", "FR")
 * FieldRule.number("amount").atLeast(0)
 * FieldRule.subject().maxLength(36)
 * }</pre>
 *
 * @param field {@code subject}, {@code entity}, {@code session}, {@code value}, or a property as {@code properties.NAME}
 * @param type what it holds
 * @param min smallest number, inclusive; null for any
 * @param max greatest number, inclusive; null for any
 * @param maxLength longest text, in UTF-16 code units; {@link Integer#MAX_VALUE} for any
 * @param oneOf the only texts, or numbers as decimal text, that are allowed; empty for any
 * @since 0.1.0
 */
public record FieldRule(
        String field,
        FieldType type,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        int maxLength,
        List<String> oneOf) {

    /** What the name of a property follows in {@link #field()}. */
    public static final String PROPERTIES = "properties.";

    public FieldRule {
        requireNonNull(field, "field");
        requireNonNull(type, "type");
        oneOf = List.copyOf(oneOf);
        requireField(field, type);
        check(
                (min == null && max == null) || type.numeric(),
                "%s is a %s; only a number has a range".formatted(field, type.code()));
        check(
                min == null || max == null || min.compareTo(max) <= 0,
                "%s cannot be at least %s and at most %s".formatted(field, min, max));
        check(
                maxLength == Integer.MAX_VALUE || type == FieldType.TEXT,
                "%s is a %s; only a text has a length".formatted(field, type.code()));
        check(maxLength >= 1, "%s needs a length of at least 1, was %d".formatted(field, maxLength));
        check(
                oneOf.isEmpty() || type == FieldType.TEXT || type.numeric(),
                "%s is a %s; only texts and numbers can be listed".formatted(field, type.code()));
        check(
                new HashSet<>(oneOf).size() == oneOf.size(),
                "%s lists an allowed value twice; remove one".formatted(field));
        for (String value : oneOf) {
            check(
                    type == FieldType.TEXT
                            ? value.length() <= maxLength
                            : isAllowed(number(field, value), type, min, max),
                    "%s lists %s, which the rest of its rule forbids".formatted(field, value));
        }
    }

    private static void requireField(String field, FieldType type) {
        switch (field) {
            case "subject", "entity", "session" -> check(type == FieldType.TEXT, field + " is always a text");
            case "value" -> check(type.numeric(), "value is always a number");
            default -> {
                check(
                        field.startsWith(PROPERTIES) && field.length() > PROPERTIES.length(),
                        "A rule is about subject, entity, session, value or a property, written properties.NAME; not about \""
                                + field + "\"");
                Properties.appendQuoted(new StringBuilder(), field);
            }
        }
    }

    private static BigDecimal number(String field, String decimal) {
        try {
            return new BigDecimal(decimal);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s is a number but lists %s".formatted(field, decimal), e);
        }
    }

    private static boolean isAllowed(
            BigDecimal number, FieldType type, @Nullable BigDecimal min, @Nullable BigDecimal max) {
        return (min == null || number.compareTo(min) >= 0)
                && (max == null || number.compareTo(max) <= 0)
                && (type != FieldType.INTEGER || number.stripTrailingZeros().scale() <= 0);
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** A property that is a text. */
    public static FieldRule text(String property) {
        return of(property, FieldType.TEXT);
    }

    /** A property that is a number. */
    public static FieldRule number(String property) {
        return of(property, FieldType.NUMBER);
    }

    /** A property that is true or false. */
    public static FieldRule bool(String property) {
        return of(property, FieldType.BOOLEAN);
    }

    /** A property that is a list. */
    public static FieldRule list(String property) {
        return of(property, FieldType.LIST);
    }

    /** A property that is an object. */
    public static FieldRule object(String property) {
        return of(property, FieldType.OBJECT);
    }

    /** A property that is anything but null. */
    public static FieldRule any(String property) {
        return of(property, FieldType.ANY);
    }

    /** A property of this type. */
    public static FieldRule of(String property, FieldType type) {
        return start(PROPERTIES + property, type);
    }

    /** The event's subject. */
    public static FieldRule subject() {
        return start("subject", FieldType.TEXT);
    }

    /** The event's entity. */
    public static FieldRule entity() {
        return start("entity", FieldType.TEXT);
    }

    /** The event's session. */
    public static FieldRule session() {
        return start("session", FieldType.TEXT);
    }

    /** The event's value. */
    public static FieldRule value() {
        return start("value", FieldType.NUMBER);
    }

    private static FieldRule start(String field, FieldType type) {
        return new FieldRule(field, type, null, null, Integer.MAX_VALUE, List.of());
    }

    /** Allows no smaller number. */
    public FieldRule atLeast(BigDecimal smallest) {
        return new FieldRule(field, type, smallest, max, maxLength, oneOf);
    }

    /** Allows no smaller number. */
    public FieldRule atLeast(long smallest) {
        return atLeast(BigDecimal.valueOf(smallest));
    }

    /** Allows no greater number. */
    public FieldRule atMost(BigDecimal greatest) {
        return new FieldRule(field, type, min, greatest, maxLength, oneOf);
    }

    /** Allows no greater number. */
    public FieldRule atMost(long greatest) {
        return atMost(BigDecimal.valueOf(greatest));
    }

    /** Allows no number with a fraction. */
    public FieldRule whole() {
        check(type.numeric(), "%s is a %s; only a number can be whole".formatted(field, type.code()));
        return new FieldRule(field, FieldType.INTEGER, min, max, maxLength, oneOf);
    }

    /** Allows no longer text, in UTF-16 code units. */
    public FieldRule maxLength(int longest) {
        return new FieldRule(field, type, min, max, longest, oneOf);
    }

    /** Allows these texts only, or these numbers, written as decimals: {@code "1.5"} allows {@code 1.50} too. */
    public FieldRule oneOf(String... values) {
        return new FieldRule(field, type, min, max, maxLength, Arrays.asList(values));
    }

    /** True if the field is a property. */
    public boolean isProperty() {
        return field.startsWith(PROPERTIES);
    }

    /** True if this number keeps the rule. */
    public boolean allows(BigDecimal number) {
        return isAllowed(number, type, min, max)
                && (oneOf.isEmpty() || oneOf.stream().anyMatch(value -> new BigDecimal(value).compareTo(number) == 0));
    }

    /** True if this text keeps the rule. */
    public boolean allows(String text) {
        return text.length() <= maxLength && (oneOf.isEmpty() || oneOf.contains(text));
    }
}

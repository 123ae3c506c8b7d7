package io.smartdata.spring.web.route;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.CellRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request may say outside of its body, and how it is read.
 *
 * @param name as the request writes it
 * @param in where
 * @param description for people
 * @param schema what a client may write
 * @param expected in words, for the answer to one who wrote something else
 * @param parser throws a {@link RuntimeException} for anything else
 * @since 0.1.0
 */
public record Parameter<T>(
        String name, In in, String description, Schema schema, String expected, Function<String, T> parser) {
    private static final int MAX_TEXT = 400;
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,30}([.][0-9]{1,30})?([eE][-+]?[0-9]{1,3})?");

    /** Where a parameter is. */
    public enum In {
        PATH,
        QUERY,
        HEADER
    }

    /**
     * What a text may be, in the words of JSON Schema.
     *
     * @param type {@code string}, {@code integer}, {@code number} or {@code boolean}
     * @param format of a text, or null
     * @param values all there are; empty if they are not listed
     * @param minimum of a number, or null
     * @param maximum of a number, or null
     * @param standard what leaving it out means, or null
     */
    public record Schema(
            String type,
            @Nullable String format,
            List<String> values,
            @Nullable Long minimum,
            @Nullable Long maximum,
            @Nullable String standard) {
        static Schema of(String type, @Nullable String format) {
            return new Schema(type, format, List.of(), null, null, null);
        }
    }

    public Parameter {
        requireNonNull(name, "name");
        requireNonNull(in, "in");
        requireNonNull(description, "description");
        requireNonNull(schema, "schema");
        requireNonNull(expected, "expected");
        requireNonNull(parser, "parser");
    }

    private static <T> Parameter<T> query(
            String name, String description, Schema schema, String expected, Function<String, T> parser) {
        return new Parameter<>(name, In.QUERY, description, schema, expected, parser);
    }

    /** The same as part of the path. */
    public Parameter<T> inPath() {
        return new Parameter<>(name, In.PATH, description, schema, expected, parser);
    }

    /** The same as a header. */
    public Parameter<T> inHeader() {
        return new Parameter<>(name, In.HEADER, description, schema, expected, parser);
    }

    /** Says what leaving it out means; the handler does it. */
    public Parameter<T> standard(Object value) {
        Schema with = new Schema(
                schema.type(), schema.format(), schema.values(), schema.minimum(), schema.maximum(), value.toString());
        return new Parameter<>(name, in, description, with, expected, parser);
    }

    /** Any text of 1 to 400 characters. */
    public static Parameter<String> text(String name, String description) {
        return query(name, description, Schema.of("string", null), "a text of 1 to 400 characters", Parameter::text);
    }

    /** Any text that {@code parser} takes. */
    public static <T> Parameter<T> text(String name, String description, String expected, Function<String, T> parser) {
        return query(name, description, Schema.of("string", null), expected, parser);
    }

    /** {@code true} or {@code false}. */
    public static Parameter<Boolean> flag(String name, String description) {
        return query(name, description, Schema.of("boolean", null), "true or false", Parameter::truth)
                .standard(false);
    }

    /** A whole number in bounds, both included. */
    public static Parameter<Integer> whole(String name, String description, int least, int most) {
        Schema schema = new Schema("integer", "int32", List.of(), (long) least, (long) most, null);
        return query(name, description, schema, "a whole number from %d to %d".formatted(least, most), text -> {
            int number = Integer.parseInt(digits(text, WHOLE));
            if (number < least || number > most) {
                throw new IllegalArgumentException("Out of bounds");
            }
            return number;
        });
    }

    /** A number that is none of those without a value. */
    public static Parameter<Double> number(String name, String description) {
        return query(name, description, Schema.of("number", "double"), "a number", text -> {
            double number = Double.parseDouble(digits(text, DECIMAL));
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("Not finite");
            }
            return number;
        });
    }

    /** Java reads digits of all scripts, letters for types, and numbers to the base of 16. */
    private static String digits(String text, Pattern pattern) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("Not written as JSON writes numbers");
        }
        return text;
    }

    /** A day on which an event may lie. */
    public static Parameter<LocalDate> day(String name, String description) {
        return query(
                name,
                description,
                Schema.of("string", "date"),
                "a day like 2026-03-01, from 1970 to 9999",
                Parameter::day);
    }

    /** A moment. */
    public static Parameter<Instant> moment(String name, String description) {
        return query(
                name,
                description,
                Schema.of("string", "date-time"),
                "a moment like 2026-03-01T10:00:00Z, from 1970 to 9999",
                Parameter::moment);
    }

    /** A number of days, months or years. */
    public static Parameter<Period> period(String name, String description) {
        return query(name, description, Schema.of("string", "duration"), "a period like P90D or P3M", Period::parse);
    }

    /** A zone by its name. */
    public static Parameter<ZoneId> zone(String name, String description) {
        return query(name, description, Schema.of("string", null), "a zone like Europe/Berlin", ZoneId::of);
    }

    /** An id of ours. */
    public static Parameter<UUID> id(String name, String description) {
        return query(name, description, Schema.of("string", "uuid"), "an id with hyphens", Parameter::uuid);
    }

    /** One of the values of an enumeration, in lower case. */
    public static <E extends Enum<E>> Parameter<E> choice(String name, String description, Class<E> type) {
        List<String> values =
                Arrays.stream(type.getEnumConstants()).map(Parameter::word).toList();
        return query(
                name,
                description,
                new Schema("string", null, values, null, null, null),
                "one of " + String.join(", ", values),
                text -> choice(type, text));
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> word(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("None of them"));
    }

    /** The word for a value of an enumeration, everywhere in the API. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String text(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("Too short or too long");
        }
        return text;
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("Neither true nor false");
        };
    }

    /** No event lies elsewhere, and a far day is more than the figures of a bucket can name. */
    private static LocalDate day(String text) {
        LocalDate day = LocalDate.parse(text);
        if (day.isBefore(CellRange.FIRST_DAY) || day.isAfter(CellRange.END)) {
            throw new IllegalArgumentException("Outside of all events");
        }
        return day;
    }

    /** A moment at which an event may have occurred. */
    public static Instant moment(String text) {
        Instant moment = Instant.parse(text);
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
            throw new IllegalArgumentException("Outside of all events");
        }
        return moment;
    }

    /** Java takes shorter ones too. */
    private static UUID uuid(String text) {
        UUID id = UUID.fromString(text);
        if (!id.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("Not the usual form");
        }
        return id;
    }

    /** Reads what the request says. */
    T read(String text) {
        try {
            return parser.apply(text);
        } catch (RuntimeException e) {
            throw new SmartDataException("invalid_request", "%s must be %s.".formatted(name, expected), e);
        }
    }
}

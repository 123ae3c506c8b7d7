package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a KPI is: which events, which figure, in which buckets. Immutable; every method returns a changed copy.
 *
 * <pre>{@code
 * Kpi.sum("revenue").event("order_placed").dimension("country").unit("EUR")
 * Kpi.distinct("active_learners").event("lesson_*")
 * Kpi.ratio("completion_rate", "lesson_completed", "lesson_started")
 * }</pre>
 *
 * @param name 1 to 200 letters, digits or {@code . _ : / -}
 * @param aggregation how events become a figure
 * @param filter the events; of a ratio, those of the numerator
 * @param denominator event names of a ratio's denominator, under the same source and property conditions; else empty
 * @param field where a figure comes from: {@code value} or a numeric property; for {@link Aggregation#DISTINCT}
 *     {@code subject}, {@code entity}, {@code session} or a property; for counts and ratios empty
 * @param percent rank of a percentile, above 0 to 100; else 0
 * @param dimensions properties by which the KPI can be broken down, sorted
 * @param grain finest bucket, {@link Grain#HOUR} or {@link Grain#DAY}
 * @param unit free text, for example {@code EUR}; may be empty
 * @param direction which way is good
 * @param owner who answers for the KPI; may be empty
 * @param zeroWhenAbsent true if a bucket without events is a zero, false if it is unknown
 * @param automatic true if nobody declared it; see {@link KpiCatalog}
 * @since 0.1.0
 */
public record Kpi(
        String name,
        Aggregation aggregation,
        EventFilter filter,
        List<String> denominator,
        String field,
        double percent,
        List<String> dimensions,
        Grain grain,
        String unit,
        Direction direction,
        String owner,
        boolean zeroWhenAbsent,
        boolean automatic) {

    /** Field that stands for the value of the event itself. */
    public static final String VALUE = "value";

    /** Field that stands for the subject of the event. */
    public static final String SUBJECT = "subject";

    /** Field that stands for the entity of the event; for distinct counts. */
    public static final String ENTITY = "entity";

    /** Field that stands for the session of the event; for distinct counts. */
    public static final String SESSION = "session";

    /** Most dimensions of one KPI: each costs a cell a bucket and value. */
    public static final int MAX_DIMENSIONS = 16;

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}._:/-]{1,200}");
    private static final Pattern PROPERTY = Pattern.compile("[^=\\p{Cntrl}]{1,100}");

    public Kpi {
        requireNonNull(name, "name");
        requireNonNull(aggregation, "aggregation");
        requireNonNull(filter, "filter");
        requireNonNull(field, "field");
        requireNonNull(grain, "grain");
        requireNonNull(unit, "unit");
        requireNonNull(direction, "direction");
        requireNonNull(owner, "owner");
        denominator = List.copyOf(new TreeSet<>(denominator));
        dimensions = List.copyOf(new TreeSet<>(dimensions));
        check(automatic || NAME.matcher(name).matches(), "A KPI name has 1 to 200 letters, digits or . _ : / -");
        check(
                dimensions.size() <= MAX_DIMENSIONS,
                "KPI %s has %d dimensions; keep at most %d".formatted(name, dimensions.size(), MAX_DIMENSIONS));
        for (String dimension : dimensions) {
            check(
                    PROPERTY.matcher(dimension).matches(),
                    "A dimension of KPI %s is not a property name of 1 to 100 characters without = and control characters"
                            .formatted(name));
        }
        check(
                grain.stored(),
                "KPI %s cannot be kept by %s; keep it by HOUR or DAY and ask for %s in the query"
                        .formatted(name, grain, grain));
        boolean ratio = aggregation == Aggregation.RATIO;
        check(
                ratio != denominator.isEmpty(),
                ratio
                        ? "Ratio %s needs the events of its denominator".formatted(name)
                        : "Only a ratio has a denominator; KPI %s is a %s".formatted(name, aggregation));
        boolean fieldless = ratio || aggregation == Aggregation.COUNT;
        check(
                fieldless == field.isEmpty(),
                fieldless
                        ? "KPI %s counts events and reads no field; leave out .of(..) or aggregate with sum, avg, .."
                                .formatted(name)
                        : "KPI %s needs the field it reads; use value or a property".formatted(name));
        boolean percentile = aggregation == Aggregation.PERCENTILE;
        check(
                percentile ? percent > 0 && percent <= 100 : percent == 0,
                percentile
                        ? "Percentile %s needs a percent above 0 and up to 100, was %s".formatted(name, percent)
                        : "Only a percentile has a percent; KPI %s is a %s".formatted(name, aggregation));
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Number of events. */
    public static Kpi count(String name) {
        return start(name, Aggregation.COUNT, "", 0);
    }

    /** Exact sum of the values. */
    public static Kpi sum(String name) {
        return start(name, Aggregation.SUM, VALUE, 0);
    }

    /** Mean of the values. */
    public static Kpi avg(String name) {
        return start(name, Aggregation.AVG, VALUE, 0);
    }

    /** Smallest value. */
    public static Kpi min(String name) {
        return start(name, Aggregation.MIN, VALUE, 0);
    }

    /** Greatest value. */
    public static Kpi max(String name) {
        return start(name, Aggregation.MAX, VALUE, 0);
    }

    /** Newest value. */
    public static Kpi latest(String name) {
        return start(name, Aggregation.LATEST, VALUE, 0);
    }

    /** Number of different subjects, or with {@link #of} of different values of a property. */
    public static Kpi distinct(String name) {
        return start(name, Aggregation.DISTINCT, SUBJECT, 0);
    }

    /**
     * Value at rank floor(1 + percent / 100 (n - 1)) of the n values in order.
     *
     * @param percent above 0, up to 100; 50 is the lower median
     */
    public static Kpi percentile(String name, double percent) {
        return start(name, Aggregation.PERCENTILE, VALUE, percent);
    }

    /**
     * Number of events of one name divided by the number of events of another, in the same bucket. Both names are names
     * of events and may hold {@code *}; conditions on source and properties hold for both.
     *
     * @param numerator event name
     * @param denominator event name
     */
    public static Kpi ratio(String name, String numerator, String denominator) {
        return ratio(name, List.of(numerator), List.of(denominator));
    }

    /** As {@link #ratio(String, String, String)}, with several event names on a side. */
    public static Kpi ratio(String name, List<String> numerator, List<String> denominator) {
        return new Kpi(
                name,
                Aggregation.RATIO,
                EventFilter.none().withNames(numerator),
                denominator,
                "",
                0,
                List.of(),
                Grain.DAY,
                "",
                Direction.UP_IS_GOOD,
                "",
                false,
                false);
    }

    private static Kpi start(String name, Aggregation aggregation, String field, double percent) {
        return new Kpi(
                name,
                aggregation,
                EventFilter.none(),
                List.of(),
                field,
                percent,
                List.of(),
                Grain.DAY,
                "",
                Direction.UP_IS_GOOD,
                "",
                aggregation == Aggregation.COUNT || aggregation == Aggregation.DISTINCT,
                false);
    }

    /** What {@link KpiCatalog} gives for an event name nobody declared a KPI for. */
    static Kpi automatic(String event, Aggregation aggregation, String name) {
        String field = switch (aggregation) {
            case COUNT -> "";
            case DISTINCT -> SUBJECT;
            default -> VALUE;
        };
        return new Kpi(
                name,
                aggregation,
                EventFilter.none().withNames(List.of(event)),
                List.of(),
                field,
                0,
                List.of(),
                Grain.DAY,
                "",
                Direction.UP_IS_GOOD,
                "",
                aggregation == Aggregation.COUNT || aggregation == Aggregation.DISTINCT,
                true);
    }

    /** Adds events of these names; {@code *} stands for any characters. */
    public Kpi event(String... names) {
        return with(filter.withNames(Arrays.asList(names)));
    }

    /** Takes only events of one source. */
    public Kpi fromSource(String source) {
        return with(filter.withSource(requireNonNull(source, "source")));
    }

    /** Takes only events whose property has one of these texts. */
    public Kpi where(String property, String... values) {
        return with(filter.withProperty(property, Arrays.asList(values)));
    }

    /** Reads this property instead of {@code value} or {@code subject}. */
    public Kpi of(String newField) {
        return new Kpi(
                name,
                aggregation,
                filter,
                denominator,
                newField,
                percent,
                dimensions,
                grain,
                unit,
                direction,
                owner,
                zeroWhenAbsent,
                automatic);
    }

    /** Adds a property by which the KPI can be broken down. */
    public Kpi dimension(String property) {
        List<String> more = new ArrayList<>(dimensions);
        more.add(property);
        return new Kpi(
                name,
                aggregation,
                filter,
                denominator,
                field,
                percent,
                more,
                grain,
                unit,
                direction,
                owner,
                zeroWhenAbsent,
                automatic);
    }

    /** Keeps the KPI by {@link Grain#HOUR} or {@link Grain#DAY}, which is the default. */
    public Kpi grain(Grain newGrain) {
        return new Kpi(
                name,
                aggregation,
                filter,
                denominator,
                field,
                percent,
                dimensions,
                newGrain,
                unit,
                direction,
                owner,
                zeroWhenAbsent,
                automatic);
    }

    /** Names the unit. */
    public Kpi unit(String newUnit) {
        return described(newUnit, direction, owner);
    }

    /** Says which way is good; the default is up. */
    public Kpi direction(Direction newDirection) {
        return described(unit, newDirection, owner);
    }

    /** Names who answers for the KPI. */
    public Kpi owner(String newOwner) {
        return described(unit, direction, newOwner);
    }

    /** Says whether a bucket without events is a zero; by default it is one for counts only. */
    public Kpi zeroWhenAbsent(boolean zero) {
        return new Kpi(
                name,
                aggregation,
                filter,
                denominator,
                field,
                percent,
                dimensions,
                grain,
                unit,
                direction,
                owner,
                zero,
                automatic);
    }

    /** True if the KPI, or a side of it, is made of events of this name. */
    public boolean selects(String eventName) {
        return filter.selects(eventName) || filter.named(denominator).selects(eventName);
    }

    private Kpi with(EventFilter newFilter) {
        return new Kpi(
                name,
                aggregation,
                newFilter,
                denominator,
                field,
                percent,
                dimensions,
                grain,
                unit,
                direction,
                owner,
                zeroWhenAbsent,
                automatic);
    }

    private Kpi described(String newUnit, Direction newDirection, String newOwner) {
        return new Kpi(
                name,
                aggregation,
                filter,
                denominator,
                field,
                percent,
                dimensions,
                grain,
                newUnit,
                newDirection,
                newOwner,
                zeroWhenAbsent,
                automatic);
    }
}

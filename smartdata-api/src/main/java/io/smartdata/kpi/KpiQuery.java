package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A question to one KPI. Immutable; every method with a parameter returns a changed copy.
 *
 * @param kpi name of the KPI
 * @param from first local day, inclusive; null if {@code last} is set
 * @param to last local day, exclusive; null if {@code last} is set
 * @param last this long up to today, today included, by the org's calendar and the database's clock; null if {@code from}
 *     is set
 * @param grain width of the buckets; null for the KPI's own
 * @param source only this source; null for all
 * @param bySource true to keep sources apart, false to merge them
 * @param dimension property to break the KPI down by; null for the total
 * @param top keep only this many dimension values, the greatest over the whole range, and merge the rest into
 *     {@code other}; 0 to keep all
 * @since 0.1.0
 */
public record KpiQuery(
        String kpi,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable Period last,
        @Nullable Grain grain,
        @Nullable String source,
        boolean bySource,
        @Nullable String dimension,
        int top) {
    private static final Period DEFAULT_LAST = Period.ofDays(90);

    public KpiQuery {
        requireNonNull(kpi, "kpi");
        if ((from == null) != (to == null) || (from == null) == (last == null)) {
            throw new IllegalArgumentException("Ask either for last(n, unit) or for between(from, to)");
        }
        if (from != null && to != null && to.isBefore(from)) {
            throw new IllegalArgumentException(
                    "A range ends at or after its start, was %s to %s; swap them".formatted(from, to));
        }
        if (last != null && (last.isNegative() || last.isZero())) {
            throw new IllegalArgumentException("last must be at least one day, was " + last);
        }
        if (top < 0 || (top > 0 && dimension == null)) {
            throw new IllegalArgumentException("top needs a dimension and is at least 1; 0 keeps all");
        }
    }

    /** The last 90 days of a KPI, all sources merged, in its own grain. */
    public static KpiQuery of(String kpi) {
        return new KpiQuery(kpi, null, null, DEFAULT_LAST, null, null, false, null, 0);
    }

    /**
     * The time up to today, today included.
     *
     * @param amount at least 1
     * @param unit days, weeks, months or years
     * @throws IllegalArgumentException for another unit
     */
    public KpiQuery last(int amount, ChronoUnit unit) {
        Period period = switch (unit) {
            case DAYS -> Period.ofDays(amount);
            case WEEKS -> Period.ofWeeks(amount);
            case MONTHS -> Period.ofMonths(amount);
            case YEARS -> Period.ofYears(amount);
            default -> throw new IllegalArgumentException("last takes DAYS, WEEKS, MONTHS or YEARS, not " + unit);
        };
        return new KpiQuery(kpi, null, null, period, grain, source, bySource, dimension, top);
    }

    /** The local days from {@code first}, inclusive, to {@code end}, exclusive. */
    public KpiQuery between(LocalDate first, LocalDate end) {
        return new KpiQuery(kpi, first, end, null, grain, source, bySource, dimension, top);
    }

    /** Buckets of this width. */
    public KpiQuery grain(@Nullable Grain newGrain) {
        return new KpiQuery(kpi, from, to, last, newGrain, source, bySource, dimension, top);
    }

    /** Only this source; null for all. */
    public KpiQuery source(@Nullable String newSource) {
        return new KpiQuery(kpi, from, to, last, grain, newSource, bySource, dimension, top);
    }

    /** Keeps sources apart: each point names its source. */
    public KpiQuery keepSources() {
        return new KpiQuery(kpi, from, to, last, grain, source, true, dimension, top);
    }

    /** Breaks the KPI down by one of its dimensions. */
    public KpiQuery dimension(@Nullable String property) {
        return new KpiQuery(kpi, from, to, last, grain, source, bySource, property, top);
    }

    /** Keeps the greatest {@code n} dimension values and merges the rest. */
    public KpiQuery top(int n) {
        return new KpiQuery(kpi, from, to, last, grain, source, bySource, dimension, n);
    }

    /** First local day, given today's date. */
    public LocalDate firstDay(LocalDate today) {
        return from != null ? from : today.plusDays(1).minus(requireNonNull(last));
    }

    /** First local day after the range, given today's date. */
    public LocalDate endDay(LocalDate today) {
        return to != null ? to : today.plusDays(1);
    }
}

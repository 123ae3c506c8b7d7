package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The greatest values of a dimension over a range of days. Days are merged as states, so a distinct count or a percentile is
 * that of all events of the range, never a sum or mean of daily figures.
 *
 * @param kpi name of the KPI
 * @param dimension property it is broken down by
 * @param from first local day, inclusive
 * @param to last local day, exclusive
 * @param values greatest figure first, equal ones by value; those without a figure last
 * @param rest all other values together; null if there is no other
 * @param total all values together; null if there is no event in the range
 * @param dataFreshAsOf every event acknowledged before is counted
 * @param truncated true if there were too many values to tell apart: all are then merged into one called {@code other}
 * @param exact false if a figure is an estimate
 * @param generation number of the zone and definitions behind the figures
 * @since 0.1.0
 */
public record Top(
        String kpi,
        String dimension,
        LocalDate from,
        LocalDate to,
        List<Value> values,
        @Nullable Rest rest,
        @Nullable BigDecimal total,
        Instant dataFreshAsOf,
        boolean truncated,
        boolean exact,
        long generation) {
    public Top {
        requireNonNull(kpi, "kpi");
        requireNonNull(dimension, "dimension");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
        values = List.copyOf(values);
    }

    /**
     * One value of the dimension.
     *
     * @param value the value; empty for events that lack it
     * @param figure the KPI over its events; null if there is none, such as a ratio by zero
     * @param events events behind it; of a ratio, those of its denominator
     * @param share part of the total, 0 to 1; null unless figures add up to the total (count and sum) and none is negative
     */
    public record Value(
            String value,
            @Nullable BigDecimal figure,
            long events,
            @Nullable BigDecimal share) {
        public Value {
            requireNonNull(value, "value");
        }
    }

    /**
     * Values that are not listed, together.
     *
     * @param values how many there are
     * @param figure the KPI over the events of all of them; null if there is none
     * @param events events behind it
     * @param share as of a value
     */
    public record Rest(
            int values,
            @Nullable BigDecimal figure,
            long events,
            @Nullable BigDecimal share) {}
}

package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A KPI over a range of days beside the same over an earlier range.
 *
 * @param kpi name of the KPI
 * @param current the range asked for, as far as its days are over
 * @param previous the range it is compared with
 * @param verdict whether the two can be compared, and if not why
 * @param change current minus previous; null if they cannot be compared
 * @param percent change in percent of the previous figure's magnitude, 16 digits; null also if that is zero
 * @param dataFreshAsOf every event acknowledged before is counted
 * @param exact false if a figure is an estimate
 * @param generation number of the zone and definitions behind the figures
 * @since 0.1.0
 */
public record Comparison(
        String kpi,
        Period current,
        Period previous,
        Verdict verdict,
        @Nullable BigDecimal change,
        @Nullable BigDecimal percent,
        Instant dataFreshAsOf,
        boolean exact,
        long generation) {
    public Comparison {
        requireNonNull(kpi, "kpi");
        requireNonNull(current, "current");
        requireNonNull(previous, "previous");
        requireNonNull(verdict, "verdict");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
    }

    /** What a range is compared with. */
    public enum With {
        /** As many days, right before. */
        PREVIOUS_PERIOD,
        /** The same dates a year before; around a leap day it may be a day longer or shorter. */
        LAST_YEAR
    }

    /** Whether two ranges can be compared. */
    public enum Verdict {
        /** They can. */
        COMPARABLE,
        /** No day of the range is over. */
        NOT_OVER,
        /** There is no figure for the range: missing is not zero. */
        NO_FIGURE,
        /** There is no figure for the earlier range. */
        NO_PREVIOUS_FIGURE,
        /** The KPI's events begin within the earlier range, so it is not whole. */
        HISTORY_TOO_SHORT
    }

    /**
     * One range of local days.
     *
     * @param from first day, inclusive
     * @param to last day, exclusive
     * @param value the KPI over all its events; zero only if the KPI counts and its sources were sending; else null
     * @param events events behind it; of a ratio, those of its denominator
     */
    public record Period(
            LocalDate from, LocalDate to, @Nullable BigDecimal value, long events) {
        public Period {
            requireNonNull(from, "from");
            requireNonNull(to, "to");
        }
    }
}

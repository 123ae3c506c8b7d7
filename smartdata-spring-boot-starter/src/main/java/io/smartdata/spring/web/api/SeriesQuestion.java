package io.smartdata.spring.web.api;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.spring.web.route.About;
import java.time.LocalDate;
import java.time.Period;
import org.jspecify.annotations.Nullable;

/** A question to one KPI: a range by from and to, or last, or the latest 90 days. */
record SeriesQuestion(
        String kpi,

        @About("First local day, inclusive.") @Nullable LocalDate from,

        @About("Last local day, exclusive.") @Nullable LocalDate to,

        @About("Until now, in place of from and to.") @Nullable
        Period last,

        @About("Width of the buckets; unless given, the KPI's own.") @Nullable
        Grain grain,

        @About("Only events of this source.") @Nullable String source,

        @About("One series for each source.") @Nullable Boolean bySource,

        @About("Property to break the figures down by.") @Nullable
        String dimension,

        @About("With a dimension: so many values of it, 1 to 1000, and all others together; unless given, all.")
        @Nullable
        Integer top) {
    private static final int STANDARD_DAYS = 90;
    private static final int LONGEST_MONTH = 31;
    private static final int MOST_VALUES = 1_000;

    /**
     * The same for the facade.
     *
     * @param maxDays most days of its range
     * @throws SmartDataException {@code invalid_request}
     */
    KpiQuery query(int maxDays) {
        if (top != null && (top < 0 || top > MOST_VALUES)) {
            throw new SmartDataException("invalid_request", "top must be 0 to %d.".formatted(MOST_VALUES));
        }
        boolean ranged = from != null || to != null;
        Period standard = ranged ? null : Period.ofDays(Math.min(STANDARD_DAYS, maxDays));
        if (from != null && to != null) {
            requireEvents(from, to);
        }
        try {
            KpiQuery query = new KpiQuery(
                    kpi,
                    from,
                    to,
                    last == null ? standard : last,
                    grain,
                    source,
                    Boolean.TRUE.equals(bySource),
                    dimension,
                    top == null ? 0 : top);
            requireRange(query, maxDays);
            return query;
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request",
                    "Ask for from and to, or for last, or for none of them; to is after from, last is positive, and top needs a dimension.",
                    e);
        }
    }

    /** No bucket names a day elsewhere. */
    private static void requireEvents(LocalDate from, LocalDate to) {
        if (from.isBefore(CellRange.FIRST_DAY) || to.isAfter(CellRange.END)) {
            throw new SmartDataException("invalid_request", "from and to must be days from 1970 to 9999.");
        }
    }

    private static void requireRange(KpiQuery query, int maxDays) {
        LocalDate first = query.from();
        LocalDate end = query.to();
        Period last = query.last();
        long days = first != null && end != null
                ? end.toEpochDay() - first.toEpochDay()
                : last == null ? 0 : last.toTotalMonths() * LONGEST_MONTH + last.getDays();
        if (days > maxDays) {
            throw new SmartDataException(
                    "invalid_request", "The range has more than %d days. Ask for less at once.".formatted(maxDays));
        }
    }
}

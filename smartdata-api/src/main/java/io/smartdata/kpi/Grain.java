package io.smartdata.kpi;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * Width of a bucket in the org's local time. KPIs are kept by {@link #HOUR} or {@link #DAY}; the others are merged from
 * days when asked for.
 *
 * @since 0.1.0
 */
public enum Grain {
    /** Local hour at one offset from UTC. */
    HOUR(1, ChronoUnit.HOURS),
    /** Local date. */
    DAY(1, ChronoUnit.DAYS),
    /** Seven local dates from a Monday on, as in ISO 8601. */
    WEEK(1, ChronoUnit.WEEKS),
    /** Calendar month. */
    MONTH(1, ChronoUnit.MONTHS),
    /** Three calendar months from January, April, July or October on. */
    QUARTER(3, ChronoUnit.MONTHS),
    /** Calendar year. */
    YEAR(1, ChronoUnit.YEARS);

    private final int step;
    private final ChronoUnit unit;

    Grain(int step, ChronoUnit unit) {
        this.step = step;
        this.unit = unit;
    }

    /** Width of a bucket in {@link #unit()}s. */
    public int step() {
        return step;
    }

    /** Unit of {@link #step()}. */
    public ChronoUnit unit() {
        return unit;
    }

    /** True for the grains KPIs are kept by. */
    public boolean stored() {
        return this == HOUR || this == DAY;
    }

    /** First local day of the bucket that holds {@code day}. */
    public LocalDate firstDay(LocalDate day) {
        return switch (this) {
            case HOUR, DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case QUARTER -> LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
            case YEAR -> day.withDayOfYear(1);
        };
    }

    /** First local day after the bucket that holds {@code day}. */
    public LocalDate nextDay(LocalDate day) {
        return this == HOUR ? day.plusDays(1) : firstDay(day).plus(step, unit);
    }
}

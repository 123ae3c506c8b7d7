package io.smartdata.series;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;

/**
 * Values on a regular grid of local time; {@link Double#NaN} marks a missing value, which is not a zero.
 *
 * <p>The grid is regular in the local time of {@link #zone()}: a series of days has one value a local day, whether that
 * day lasts 23, 24 or 25 hours.
 *
 * @since 0.1.0
 */
public final class TimeSeries {
    private final LocalDateTime start;
    private final long step;
    private final ChronoUnit unit;
    private final ZoneId zone;
    private final double[] values;

    private TimeSeries(LocalDateTime start, long step, ChronoUnit unit, ZoneId zone, double[] values) {
        this.start = requireNonNull(start, "start");
        this.step = step;
        this.unit = requireNonNull(unit, "unit");
        this.zone = requireNonNull(zone, "zone");
        this.values = values.clone();
        if (step < 1) {
            throw new IllegalArgumentException("step must be at least 1, was " + step);
        }
        for (double value : values) {
            if (Double.isInfinite(value)) {
                throw new IllegalArgumentException("values must be finite or NaN");
            }
        }
    }

    /**
     * A series on any grid.
     *
     * @param start local time of the first value
     * @param step grid width in {@code unit}s, at least 1
     * @param unit for example {@link ChronoUnit#DAYS}
     * @param zone zone of the local times
     * @param values in the unit of the KPI, oldest first, NaN = missing; copied
     * @throws IllegalArgumentException if {@code step} is below 1 or a value is infinite
     */
    public static TimeSeries of(LocalDateTime start, long step, ChronoUnit unit, ZoneId zone, double[] values) {
        return new TimeSeries(start, step, unit, zone, values);
    }

    /**
     * One value a local day.
     *
     * @throws IllegalArgumentException if a value is infinite
     */
    public static TimeSeries daily(LocalDate start, ZoneId zone, double[] values) {
        return new TimeSeries(start.atStartOfDay(), 1, ChronoUnit.DAYS, zone, values);
    }

    /** Local time of the first value. */
    public LocalDateTime start() {
        return start;
    }

    /** Grid width in {@link #unit()}s. */
    public long step() {
        return step;
    }

    /** Unit of the grid width. */
    public ChronoUnit unit() {
        return unit;
    }

    /** Zone of the local times. */
    public ZoneId zone() {
        return zone;
    }

    /** Number of grid points, missing ones included. */
    public int size() {
        return values.length;
    }

    /** Value at {@code index}; NaN if missing. */
    public double value(int index) {
        return values[index];
    }

    /** A copy of all values, oldest first; NaN = missing. */
    public double[] values() {
        return values.clone();
    }

    /** Local time of the grid point {@code index}; may lie beyond the end, for forecasts. */
    public LocalDateTime localTime(long index) {
        return start.plus(index * step, unit);
    }

    /** Instant of the grid point {@code index}; a local time skipped by a clock change moves forward by the gap. */
    public Instant time(long index) {
        return ZonedDateTime.of(localTime(index), zone).toInstant();
    }

    /** True if at least one value is missing. */
    public boolean hasGaps() {
        return Arrays.stream(values).anyMatch(Double::isNaN);
    }

    /**
     * The values from {@code from}, inclusive, to {@code to}, exclusive.
     *
     * @throws IndexOutOfBoundsException if the range is not within the series
     */
    public TimeSeries slice(int from, int to) {
        Objects.checkFromToIndex(from, to, values.length);
        return new TimeSeries(localTime(from), step, unit, zone, Arrays.copyOfRange(values, from, to));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeSeries series
                && start.equals(series.start)
                && step == series.step
                && unit == series.unit
                && zone.equals(series.zone)
                && Arrays.equals(values, series.values);
    }

    @Override
    public int hashCode() {
        return 31 * start.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "TimeSeries[start=%s, step=%d %s, zone=%s, size=%d]".formatted(start, step, unit, zone, values.length);
    }
}

package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.series.TimeSeries;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/**
 * The answer to a {@link KpiQuery}.
 *
 * @param kpi the KPI as it is defined in this generation
 * @param grain width of the buckets
 * @param zone the org's zone, whose local time the buckets follow
 * @param points by bucket, source and dimension value; a bucket without events has a point only if it is a zero
 * @param dataFreshAsOf every event acknowledged before is counted
 * @param truncated true if a bucket had too many dimension values, and shows only their sum as {@code other}
 * @param exact false if a figure is an estimate: more than 4096 different values, or a percentile of more than 256
 * @param generation number of the zone and definitions behind the figures
 * @since 0.1.0
 */
public record KpiSeries(
        Kpi kpi,
        Grain grain,
        ZoneId zone,
        List<KpiPoint> points,
        Instant dataFreshAsOf,
        boolean truncated,
        boolean exact,
        long generation) {
    /** Dimension value of what was merged for lack of room; also takes in a value that is really called so. */
    public static final String OTHER = "other";

    public KpiSeries {
        requireNonNull(kpi, "kpi");
        requireNonNull(grain, "grain");
        requireNonNull(zone, "zone");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
        points = List.copyOf(points);
    }

    /**
     * The total as a regular series from its first to its last point; buckets without a figure are NaN.
     *
     * <p>Hours lie on the grid of the first point's offset, so that a clock change leaves no hole; an hour slot that two
     * buckets compete for, as a clock change by half an hour makes, is NaN.
     *
     * @return an empty series starting at the epoch if there is no point
     * @throws IllegalStateException if the answer keeps sources or dimension values apart
     */
    public TimeSeries toTimeSeries() {
        requireTotal();
        return toTimeSeries("", "");
    }

    private void requireTotal() {
        if (points.stream()
                .anyMatch(p -> !p.source().isEmpty() || !p.dimension().isEmpty())) {
            throw new IllegalStateException(
                    "This answer keeps sources or dimension values apart; use toTimeSeries(source, dimension)");
        }
    }

    /** The points of one source and dimension value, as {@link #toTimeSeries()}. */
    public TimeSeries toTimeSeries(String source, String dimension) {
        List<KpiPoint> line = points.stream()
                .filter(p -> p.source().equals(source) && p.dimension().equals(dimension))
                .toList();
        if (line.isEmpty()) {
            return TimeSeries.of(LocalDateTime.of(1970, 1, 1, 0, 0), grain.step(), grain.unit(), zone, new double[0]);
        }
        ZoneId gridZone =
                grain == Grain.HOUR ? zone.getRules().getOffset(line.get(0).start()) : zone;
        LocalDateTime first = gridTime(line.get(0), gridZone);
        return onGrid(line, first, gridZone, new double[0]);
    }

    /**
     * The total as {@link #toTimeSeries()} would be if this answer began earlier: the buckets before the local day
     * {@code from} as in {@code earlier}, those from it on as here. Costs no reading of what has not changed.
     *
     * @param earlier the same KPI, by {@link #toTimeSeries()} or this method
     * @param from the day this answer begins with
     * @throws IllegalStateException if the answer keeps sources or dimension values apart
     */
    public TimeSeries continuing(TimeSeries earlier, LocalDate from) {
        requireTotal();
        LocalDateTime joint = grain == Grain.HOUR
                ? LocalDateTime.ofInstant(from.atStartOfDay(zone).toInstant(), earlier.zone())
                : from.atStartOfDay();
        long kept = Math.max(0, grain.unit().between(earlier.start(), joint) / grain.step());
        double[] before = Arrays.copyOf(earlier.values(), (int) Math.min(earlier.size(), kept));
        int end = before.length;
        while (points.isEmpty() && end > 0 && Double.isNaN(before[end - 1])) {
            end--;
        }
        return onGrid(points, earlier.start(), earlier.zone(), Arrays.copyOf(before, end));
    }

    /** @param before values of the first slots, where no point is */
    private TimeSeries onGrid(List<KpiPoint> line, LocalDateTime first, ZoneId gridZone, double[] before) {
        int size = line.isEmpty() ? before.length : slot(first, line.get(line.size() - 1), gridZone) + 1;
        double[] values = Arrays.copyOf(before, size);
        Arrays.fill(values, Math.min(before.length, size), size, Double.NaN);
        int previous = -1;
        for (KpiPoint point : line) {
            int slot = slot(first, point, gridZone);
            values[slot] = slot == previous || point.value() == null
                    ? Double.NaN
                    : point.value().doubleValue();
            previous = slot;
        }
        return TimeSeries.of(first, grain.step(), grain.unit(), gridZone, values);
    }

    private int slot(LocalDateTime first, KpiPoint point, ZoneId gridZone) {
        return Math.toIntExact(grain.unit().between(first, gridTime(point, gridZone)) / grain.step());
    }

    private LocalDateTime gridTime(KpiPoint point, ZoneId gridZone) {
        return grain == Grain.HOUR
                ? LocalDateTime.ofInstant(point.start(), gridZone).truncatedTo(ChronoUnit.HOURS)
                : LocalDate.parse(point.bucket()).atStartOfDay();
    }
}

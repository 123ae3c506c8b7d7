package io.smartdata.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.series.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a detector is told about a series before its first value.
 *
 * @param step grid width in {@code unit}s, at least 1
 * @param unit of the grid, from {@link ChronoUnit#SECONDS} to {@link ChronoUnit#YEARS}
 * @param zone whose local time the seasons follow
 * @param seasons season lengths in steps, each at least 2; empty = the detector looks for them; ignored by detectors
 *     without a season
 * @param threshold sigma from which a value is an anomaly, above 0; empty = the detector's own
 * @since 0.1.0
 */
public record SeriesInfo(long step, ChronoUnit unit, ZoneId zone, List<Integer> seasons, OptionalDouble threshold) {
    /** Rows that {@link #inferred} reads, fewer than a detector needs before it judges by season. */
    private static final int ROWS_TO_INFER = 12;

    public SeriesInfo {
        requireNonNull(zone, "zone");
        requireNonNull(threshold, "threshold");
        seasons = List.copyOf(seasons);
        if (step < 1) {
            throw new IllegalArgumentException("step must be at least 1, was " + step);
        }
        if (unit.compareTo(ChronoUnit.SECONDS) < 0 || unit.compareTo(ChronoUnit.YEARS) > 0) {
            throw new IllegalArgumentException("unit must be between seconds and years, was " + unit);
        }
        if (seasons.stream().anyMatch(season -> season < 2)) {
            throw new IllegalArgumentException("seasons must be at least 2 steps, were " + seasons);
        }
        if (threshold.isPresent() && !(threshold.getAsDouble() > 0)) {
            throw new IllegalArgumentException("threshold must be above 0, was " + threshold.getAsDouble());
        }
    }

    /** One value every {@code step} {@code unit}s. */
    public static SeriesInfo every(long step, ChronoUnit unit, ZoneId zone) {
        return new SeriesInfo(step, unit, zone, List.of(), OptionalDouble.empty());
    }

    /** One value a local day. */
    public static SeriesInfo daily(ZoneId zone) {
        return every(1, ChronoUnit.DAYS, zone);
    }

    /** The grid of {@code series}. */
    public static SeriesInfo of(TimeSeries series) {
        return every(series.step(), series.unit(), series.zone());
    }

    /**
     * The most frequent distance of the first twelve times, the shorter one in a tie; one day if there are fewer than
     * two. Later times play no role, so a verdict cannot depend on rows to come.
     *
     * @param times ascending; may have gaps
     */
    public static SeriesInfo inferred(List<Instant> times, ZoneId zone) {
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = 1; i < Math.min(times.size(), ROWS_TO_INFER); i++) {
            counts.merge(
                    Duration.between(local(times.get(i - 1), zone), local(times.get(i), zone))
                            .toSeconds(),
                    1,
                    Integer::sum);
        }
        counts.keySet().removeIf(seconds -> seconds < 1);
        long seconds = counts.entrySet().stream()
                .max(Map.Entry.<Long, Integer>comparingByValue()
                        .thenComparing(Map.Entry.<Long, Integer>comparingByKey().reversed()))
                .map(Map.Entry::getKey)
                .orElse(ChronoUnit.DAYS.getDuration().toSeconds());
        return ofSeconds(seconds, zone);
    }

    /** Copy with season lengths in steps. */
    public SeriesInfo withSeasons(int... lengths) {
        return new SeriesInfo(step, unit, zone, Arrays.stream(lengths).boxed().toList(), threshold);
    }

    /** Copy with the sigma from which a value is an anomaly. */
    public SeriesInfo withThreshold(double sigma) {
        return new SeriesInfo(step, unit, zone, seasons, OptionalDouble.of(sigma));
    }

    private static LocalDateTime local(Instant time, ZoneId zone) {
        return LocalDateTime.ofInstant(time, zone);
    }

    /** Months have 28 to 31 days, so any whole number of months shows as a distance in that range. */
    private static SeriesInfo ofSeconds(long seconds, ZoneId zone) {
        long day = ChronoUnit.DAYS.getDuration().toSeconds();
        if (seconds % day != 0) {
            return every(seconds, ChronoUnit.SECONDS, zone);
        }
        long days = seconds / day;
        return days >= 28 && days <= 31 ? every(1, ChronoUnit.MONTHS, zone) : every(days, ChronoUnit.DAYS, zone);
    }
}

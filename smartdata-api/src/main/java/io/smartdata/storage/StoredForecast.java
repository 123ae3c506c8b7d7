package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A forecast as the store holds it.
 *
 * @param series the series it continues
 * @param model model id, with its orders
 * @param fallbackReason why a simpler model serves, or null
 * @param reliabilityScore 0 to 100, or null if unknown
 * @param grade A to D or N/A
 * @param learntAt moment its model was learnt, which tells one model of the series from another
 * @param dataFreshAsOf moment of the data it was made from
 * @param points one per step, in order
 * @since 0.1.0
 */
public record StoredForecast(
        SeriesKey series,
        String model,
        @Nullable String fallbackReason,
        @Nullable Integer reliabilityScore,
        String grade,
        Instant learntAt,
        Instant dataFreshAsOf,
        List<Point> points) {
    public StoredForecast {
        requireNonNull(series, "series");
        requireNonNull(model, "model");
        requireNonNull(grade, "grade");
        requireNonNull(learntAt, "learntAt");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
        points = List.copyOf(points);
    }

    /**
     * One step.
     *
     * @param bucket bucket it is for
     * @param mean expected value
     * @param lower80 lower end of the 80 % interval
     * @param upper80 upper end of the 80 % interval
     * @param lower95 lower end of the 95 % interval
     * @param upper95 upper end of the 95 % interval
     */
    public record Point(String bucket, double mean, double lower80, double upper80, double lower95, double upper95) {
        public Point {
            requireNonNull(bucket, "bucket");
        }
    }
}

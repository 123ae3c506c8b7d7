package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One page of anomalies, by KPI, source, dimension and bucket.
 *
 * @param kpi one KPI, or null for all
 * @param from first local day, inclusive
 * @param to last local day, exclusive
 * @param after where the page before ended, so that paging costs the same anywhere; null to start with the first
 * @param limit most to give, 1 to 10 000
 * @since 0.1.0
 */
public record AnomalyQuery(
        @Nullable String kpi,
        LocalDate from,
        LocalDate to,
        @Nullable Place after,
        int limit) {
    /** Most anomalies of one page. */
    public static final int MAX_LIMIT = 10_000;

    /** Where an anomaly stands in the order; whether one does is not asked. */
    public record Place(SeriesKey series, String bucket) {
        public Place {
            requireNonNull(series, "series");
            requireNonNull(bucket, "bucket");
        }

        /** The place of an anomaly. */
        public static Place of(StoredAnomaly anomaly) {
            return new Place(anomaly.series(), anomaly.bucket());
        }
    }

    public AnomalyQuery {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to 10 000, was " + limit);
        }
    }
}

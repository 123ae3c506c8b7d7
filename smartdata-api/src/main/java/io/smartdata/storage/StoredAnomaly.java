package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An anomaly as the store holds it.
 *
 * @param series the series it was found in
 * @param bucket bucket as in {@link io.smartdata.kpi.CellKey#bucket()}
 * @param value value of the bucket
 * @param expected what the detector expected
 * @param lower lower end of the band the detector expected
 * @param upper upper end of that band
 * @param score signed, in normal-equivalent sigma
 * @param severity name of the severity
 * @param shape name of the shape
 * @param reason in words
 * @param detector id and version of the detector
 * @param incident the incident it is an alert of; null if it is no alert, since the budget leaves it out or nobody wants to
 *     hear of it
 * @param dataFreshAsOf moment of the data it was found in
 * @since 0.1.0
 */
public record StoredAnomaly(
        SeriesKey series,
        String bucket,
        double value,
        double expected,
        double lower,
        double upper,
        double score,
        String severity,
        String shape,
        String reason,
        String detector,
        @Nullable String incident,
        Instant dataFreshAsOf) {
    public StoredAnomaly {
        requireNonNull(series, "series");
        requireNonNull(bucket, "bucket");
        requireNonNull(detector, "detector");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
    }

    /** Copy that belongs to an incident, or to none. */
    public StoredAnomaly withIncident(@Nullable String newIncident) {
        return new StoredAnomaly(
                series,
                bucket,
                value,
                expected,
                lower,
                upper,
                score,
                severity,
                shape,
                reason,
                detector,
                newIncident,
                dataFreshAsOf);
    }
}

package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What was found in one series.
 *
 * @param series the series
 * @param anomalies all of this series; may be none
 * @param dataFreshAsOf moment of the data they were looked for in
 * @since 0.1.0
 */
public record FoundAnomalies(SeriesKey series, List<StoredAnomaly> anomalies, Instant dataFreshAsOf) {
    public FoundAnomalies {
        requireNonNull(series, "series");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
        anomalies = List.copyOf(anomalies);
        if (anomalies.stream().anyMatch(anomaly -> !anomaly.series().equals(series))) {
            throw new IllegalArgumentException("All anomalies must be of series " + series);
        }
    }
}

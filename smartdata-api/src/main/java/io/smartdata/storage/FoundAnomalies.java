package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in one series.
 *
 * @param series the series
 * @param anomalies all of this series; may be none
 * @param dataFreshAsOf moment of the data they were looked for in
 * @param memory what the detector remembers, so that it need not read the history again; null to leave what is kept
 * @since 0.1.0
 */
public record FoundAnomalies(
        SeriesKey series,
        List<StoredAnomaly> anomalies,
        Instant dataFreshAsOf,
        @Nullable Memory memory) {
    public FoundAnomalies {
        requireNonNull(series, "series");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
        anomalies = List.copyOf(anomalies);
        if (anomalies.stream().anyMatch(anomaly -> !anomaly.series().equals(series))) {
            throw new IllegalArgumentException("All anomalies must be of series " + series);
        }
    }

    /** Without anything to remember. */
    public FoundAnomalies(SeriesKey series, List<StoredAnomaly> anomalies, Instant dataFreshAsOf) {
        this(series, anomalies, dataFreshAsOf, null);
    }

    /**
     * What a detector remembers of a series before a day.
     *
     * @param basis what it rests on besides the values: detector and definitions; it serves as long as that is the same
     * @param day first local day that it has not seen
     * @param state in the words of the detector; not copied
     */
    public record Memory(String basis, LocalDate day, byte[] state) {
        public Memory {
            requireNonNull(basis, "basis");
            requireNonNull(day, "day");
            requireNonNull(state, "state");
        }
    }
}

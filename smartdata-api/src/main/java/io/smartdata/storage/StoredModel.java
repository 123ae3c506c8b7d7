package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.series.TimeSeries;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model as the store holds it: learnt once in a while, run again over newer values every night.
 *
 * @param series what it was learnt from
 * @param spec how it was asked for, for example {@code auto}
 * @param basis what it rests on besides the values, such as the definition of the KPI; it serves as long as that is the same
 * @param document the model itself, in the words of who learnt it
 * @param reliabilityScore 0 to 100, or null if unknown
 * @param learntAt moment it was learnt, which tells it from others of the series
 * @param history the values it was learnt from
 * @since 0.1.0
 */
public record StoredModel(
        SeriesKey series,
        String spec,
        String basis,
        String document,
        @Nullable Integer reliabilityScore,
        Instant learntAt,
        TimeSeries history) {
    public StoredModel {
        requireNonNull(series, "series");
        requireNonNull(spec, "spec");
        requireNonNull(basis, "basis");
        requireNonNull(document, "document");
        requireNonNull(learntAt, "learntAt");
        requireNonNull(history, "history");
    }
}

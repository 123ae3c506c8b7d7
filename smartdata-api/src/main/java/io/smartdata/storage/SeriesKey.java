package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

/**
 * Names one KPI series of an org.
 *
 * @param kpi name of the KPI
 * @param source one source, or empty for all merged
 * @param dimension {@code name=value}, or empty for the total
 * @since 0.1.0
 */
public record SeriesKey(String kpi, String source, String dimension) {
    public SeriesKey {
        requireNonNull(kpi, "kpi");
        requireNonNull(source, "source");
        requireNonNull(dimension, "dimension");
    }

    /** The total of a KPI over all sources. */
    public static SeriesKey of(String kpi) {
        return new SeriesKey(kpi, "", "");
    }
}

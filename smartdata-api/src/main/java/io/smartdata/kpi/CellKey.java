package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * Address of one KPI cell within an org and generation.
 *
 * @param family the state kept here; KPIs that need the same state share a family
 * @param bucket local day {@code yyyy-MM-dd}, or local hour with offset {@code yyyy-MM-ddTHH+02:00}; text order keeps
 *     days in order
 * @param source emitter of the events; always part of the key
 * @param dimension {@code name=value}, or empty for the total
 * @since 0.1.0
 */
public record CellKey(String family, String bucket, String source, String dimension) implements Comparable<CellKey> {
    private static final Comparator<CellKey> ORDER = Comparator.comparing(CellKey::family)
            .thenComparing(CellKey::bucket)
            .thenComparing(CellKey::source)
            .thenComparing(CellKey::dimension);

    public CellKey {
        requireNonNull(family, "family");
        requireNonNull(bucket, "bucket");
        requireNonNull(source, "source");
        requireNonNull(dimension, "dimension");
    }

    @Override
    public int compareTo(CellKey other) {
        return ORDER.compare(this, other);
    }
}

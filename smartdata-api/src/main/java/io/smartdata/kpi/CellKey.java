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
    private static final Comparator<CellKey> ORDER = Comparator.comparing(CellKey::family, CellKey::compareByCodePoint)
            .thenComparing(CellKey::bucket)
            .thenComparing(CellKey::source, CellKey::compareByCodePoint)
            .thenComparing(CellKey::dimension, CellKey::compareByCodePoint);

    public CellKey {
        requireNonNull(family, "family");
        requireNonNull(bucket, "bucket");
        requireNonNull(source, "source");
        requireNonNull(dimension, "dimension");
    }

    /** The order of databases, which compare bytes of UTF-8; UTF-16 differs for characters beyond the basic plane. */
    private static int compareByCodePoint(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothOrNone = Character.isSurrogate(x) == Character.isSurrogate(y);
                return bothOrNone ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Family, bucket, source, dimension; text by code point. */
    @Override
    public int compareTo(CellKey other) {
        return ORDER.compare(this, other);
    }
}

package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.kpi.Grain;
import org.jspecify.annotations.Nullable;

/**
 * Names one point of a KPI as an answer shows it.
 *
 * @param kpi name of the KPI
 * @param grain width of the bucket, or null for the KPI's own
 * @param bucket as in {@link io.smartdata.kpi.KpiPoint#bucket()}
 * @param source only this source, or null where sources were merged
 * @param dimension property the KPI was broken down by, or null for the total
 * @param value value of the dimension, empty for events that lack it; null without a dimension. What was merged into
 *     {@code other} for lack of room is not named by that: {@code other} here is the value that is really called so
 * @since 0.1.0
 */
public record BucketPoint(
        String kpi,
        @Nullable Grain grain,
        String bucket,
        @Nullable String source,
        @Nullable String dimension,
        @Nullable String value) {
    public BucketPoint {
        requireNonNull(kpi, "kpi");
        requireNonNull(bucket, "bucket");
        if ((dimension == null) != (value == null)) {
            throw new IllegalArgumentException("Name a dimension and its value, or neither");
        }
    }

    /** A bucket of the KPI's own grain, all sources together. */
    public static BucketPoint of(String kpi, String bucket) {
        return new BucketPoint(kpi, null, bucket, null, null, null);
    }

    /** A bucket of this width. */
    public BucketPoint grain(@Nullable Grain newGrain) {
        return new BucketPoint(kpi, newGrain, bucket, source, dimension, value);
    }

    /** Only this source. */
    public BucketPoint source(@Nullable String newSource) {
        return new BucketPoint(kpi, grain, bucket, newSource, dimension, value);
    }

    /** Only one value of a dimension. */
    public BucketPoint dimension(String property, String newValue) {
        return new BucketPoint(kpi, grain, bucket, source, property, newValue);
    }
}

package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One bucket of a KPI.
 *
 * @param bucket local date of its first day {@code yyyy-MM-dd}, or local hour and offset {@code yyyy-MM-ddTHH+02:00}
 * @param start first instant of the bucket
 * @param source the source, or empty if sources are merged
 * @param dimension value of the dimension asked for, empty where events lack it; empty if none was asked for
 * @param value exact sum, count, minimum, maximum or latest; mean and ratio to 16 digits; null if there is no figure, such
 *     as a ratio by zero
 * @param events events behind the figure; of a ratio, those of its denominator
 * @param complete true if the whole bucket lies in the range asked for and in the past
 * @since 0.1.0
 */
public record KpiPoint(
        String bucket,
        Instant start,
        String source,
        String dimension,
        @Nullable BigDecimal value,
        long events,
        boolean complete) {
    public KpiPoint {
        requireNonNull(bucket, "bucket");
        requireNonNull(start, "start");
        requireNonNull(source, "source");
        requireNonNull(dimension, "dimension");
        if (events < 0) {
            throw new IllegalArgumentException("events must be at least 0, was " + events);
        }
    }

    /** The figure as a plain decimal without trailing zeros; empty if there is none. */
    public String valueText() {
        if (value == null) {
            return "";
        }
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}

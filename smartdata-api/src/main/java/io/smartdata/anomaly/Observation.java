package io.smartdata.anomaly;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One value at one time.
 *
 * @param time of the value
 * @param value in the unit of the series; NaN = missing
 * @since 0.1.0
 */
public record Observation(Instant time, double value) {
    /** @throws IllegalArgumentException if {@code value} is infinite */
    public Observation {
        requireNonNull(time, "time");
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("value must be finite or NaN, was " + value);
        }
    }
}

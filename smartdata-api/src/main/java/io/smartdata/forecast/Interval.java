package io.smartdata.forecast;

/**
 * A range that should hold the value with a stated frequency.
 *
 * @param level percent of cases the range should hold, between 0 and 100
 * @param lower finite, in the unit of the series
 * @param upper finite, at least {@code lower}
 * @since 0.1.0
 */
public record Interval(double level, double lower, double upper) {
    public Interval {
        if (!(lower <= upper) || Double.isInfinite(lower) || Double.isInfinite(upper)) {
            throw new IllegalArgumentException(
                    "bounds must be finite and ordered, were %s and %s".formatted(lower, upper));
        }
    }

    /** True if {@code value} lies within the bounds, bounds included. */
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }
}

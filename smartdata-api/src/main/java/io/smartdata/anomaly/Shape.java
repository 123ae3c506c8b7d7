package io.smartdata.anomaly;

/**
 * What an anomaly looks like.
 *
 * @since 0.1.0
 */
public enum Shape {
    /** Above the expected range. */
    SPIKE,
    /** Below the expected range. */
    DIP
}

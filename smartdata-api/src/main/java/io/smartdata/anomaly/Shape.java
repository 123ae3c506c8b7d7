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
    DIP,
    /** Zero where something was expected. */
    OUTAGE,
    /** All latest values on one side of what was expected, since a jump. */
    LEVEL_SHIFT,
    /** All latest values on one side of what was expected, without a jump. */
    DRIFT,
    /** Values off by more than usual, on either side. */
    VARIANCE,
    /** Values off by more than usual, because they no longer follow their season. */
    SEASON_BREAK,
    /** The same value again and again where it should move. */
    STUCK
}

package io.smartdata.kpi;

/**
 * Which way a KPI should go.
 *
 * @since 0.1.0
 */
public enum Direction {
    /** More is better. */
    UP_IS_GOOD,
    /** Less is better. */
    DOWN_IS_GOOD,
    /** Neither. */
    NEUTRAL
}

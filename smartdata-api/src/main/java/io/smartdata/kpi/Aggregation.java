package io.smartdata.kpi;

/**
 * How the events of a bucket become one figure.
 *
 * @since 0.1.0
 */
public enum Aggregation {
    /** Number of events. */
    COUNT,
    /** Exact sum of the values. */
    SUM,
    /** Sum divided by the number of values, 16 digits, half even. */
    AVG,
    /** Smallest value. */
    MIN,
    /** Greatest value. */
    MAX,
    /** Value of the event with the greatest (occurredAt, source, id). */
    LATEST,
    /** Number of different subjects, or of different values of a property. */
    DISTINCT,
    /** Value at a rank among all values. */
    PERCENTILE,
    /** Number of some events divided by the number of others, 16 digits, half even. */
    RATIO
}

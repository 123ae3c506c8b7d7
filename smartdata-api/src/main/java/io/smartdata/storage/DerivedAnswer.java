package io.smartdata.storage;

/**
 * What is computed from KPIs now and then, so that it may be older than they are.
 *
 * @since 0.1.0
 */
public enum DerivedAnswer {
    /** Anomalies of a KPI. */
    ANOMALIES,
    /** The forecast of a KPI and its reliability, which is measured in the same run. */
    FORECASTS
}

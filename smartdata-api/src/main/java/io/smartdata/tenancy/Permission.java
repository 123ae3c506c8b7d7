package io.smartdata.tenancy;

/**
 * What a caller may do in an org.
 *
 * @since 0.1.0
 */
public enum Permission {
    /** Read KPIs, anomalies, forecasts, insights. */
    VIEW,
    /** Read what concerns one subject. */
    VIEW_SUBJECTS,
    /** Read payloads and free text. */
    VIEW_SENSITIVE,
    /** Take data out. */
    EXPORT,
    /** Bring events in. */
    INGEST,
    /** Verify, rebuild, replay, change settings. */
    OPERATE,
    /** Act across orgs; audited. */
    CROSS_ORG
}

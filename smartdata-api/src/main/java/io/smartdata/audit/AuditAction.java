package io.smartdata.audit;

import java.util.Locale;

/**
 * What was done. The codes are part of the contract and outlive the versions that write them.
 *
 * @since 0.1.0
 */
public enum AuditAction {
    /** Data of this org was read by somebody who may read across orgs. */
    CROSS_ORG_READ,
    /** Events, KPIs, anomalies or forecasts were streamed out. */
    EXPORT,
    /** Dead letters were tried again. */
    REPLAY,
    /** Dead letters were given up. */
    DISCARD,
    /** Dead letters that were given up wait for somebody again. */
    REOPEN,
    /** Accepted events were taken back. */
    RETRACT,
    /** KPI cells were counted again from raw events. */
    REBUILD,
    /** The zone of the org's days was changed. */
    CHANGE_ZONE,
    /** KPI definitions were changed. */
    CHANGE_DEFINITIONS,
    /** Anomalies were marked as expected, muted or acknowledged, or such a mark was taken back. */
    MARK_ANOMALIES,
    /** A job of the system was begun by hand. */
    RUN_JOB,
    /** Another setting was changed. */
    CHANGE_SETTINGS;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The stable, snake_case code. */
    public String code() {
        return code;
    }

    /**
     * The reverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if there is no such code
     */
    public static AuditAction ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}

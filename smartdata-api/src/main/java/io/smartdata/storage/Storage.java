package io.smartdata.storage;

import io.smartdata.tenancy.SystemScope;
import java.util.function.Consumer;

/**
 * Everything smartdata keeps. One storage serves all orgs; every method of its stores takes an
 * {@link io.smartdata.tenancy.OrgScope} or, for jobs that serve every org, a {@link SystemScope}.
 *
 * <p>All methods of all stores throw {@link StoreUnavailableException} when the database cannot be reached or refuses for
 * now, and nothing is half written. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Storage extends AutoCloseable {
    /**
     * Makes the storage ready: migrates or checks its tables. Called once, before any other method.
     *
     * @param system receives the scope for jobs of the system, once
     * @throws io.smartdata.SmartDataException {@code schema_mismatch} if the tables are not what this version needs and
     *     may not be changed
     */
    void open(Consumer<SystemScope> system);

    /** Raw events, receipts and the transaction that appends them. */
    EventStore events();

    /** KPI cells and deltas. */
    KpiStore kpis();

    /** Events that were not accepted. */
    DeadLetterStore deadLetters();

    /** What was derived: anomalies and forecasts. */
    ResultStore results();

    /** Orgs, their settings and KPI definitions. */
    OrgStore orgs();

    /** Leases and runs of jobs. */
    JobStore jobs();

    /** Who did what. */
    AuditStore audit();

    /** Exports that run by themselves. */
    ExportStore exports();

    /**
     * Puts the storage's own tables in shape, as far as it can be done without getting in the way of others for long. Changes
     * no event and no answer; may run on any node at any time, or never.
     */
    default Upkeep upkeep(SystemScope system) {
        return Upkeep.nothing("This storage needs no upkeep.");
    }

    /** Frees what the storage itself opened; a host's own DataSource stays open. */
    @Override
    void close();
}

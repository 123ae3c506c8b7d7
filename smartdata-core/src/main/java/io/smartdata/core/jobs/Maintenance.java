package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.kpi.CompactionRun;
import io.smartdata.core.kpi.Compactor;
import io.smartdata.storage.Storage;
import io.smartdata.storage.Upkeep;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;

/**
 * Keeps the store of all orgs in shape. It acts for the system and shows nobody's data, so it needs no caller.
 *
 * @since 0.1.0
 */
public final class Maintenance {
    private final Storage storage;
    private final Compactor compactor;
    private final SystemScope system;

    public Maintenance(Storage storage, Compactor compactor, SystemScope system) {
        this.storage = requireNonNull(storage, "storage");
        this.compactor = requireNonNull(compactor, "compactor");
        this.system = requireNonNull(system, "system");
    }

    /**
     * Merges what ingests have added into KPI cells, off their path: one bounded piece of each org in turn until nothing is
     * left or time is up. Run it every few seconds on one node or on all: nodes leave each other's orgs alone. Answers are
     * exact before, during and after; they become faster.
     *
     * @param budget no piece begins later; a piece takes well under a second
     */
    public CompactionRun compact(Duration budget) {
        return compactor.compactAll(system, budget);
    }

    /**
     * Puts the store's own tables in shape: on PostgreSQL, partitions for the months that lack one. Run it once a day on one
     * node or on all. Answers stay the same; while old events move into a new partition, ingest and queries may wait.
     */
    public Upkeep storage() {
        return storage.upkeep(system);
    }
}

package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the number of uncompacted deltas bounded: an ingest that takes its org past the limit compacts a bounded piece
 * after its own commit. Queries are exact either way.
 *
 * @since 0.1.0
 */
public final class Compactor {
    private static final KpiStates MERGE = new KpiStates();

    private final Storage storage;
    private final int limit;
    private final Map<OrgId, AtomicInteger> written = new ConcurrentHashMap<>();

    /**
     * @param limit deltas an org may gather in this process
     */
    public Compactor(Storage storage, int limit) {
        this.storage = requireNonNull(storage, "storage");
        this.limit = limit;
    }

    /** Told by every ingest what it added. */
    public void wrote(OrgScope scope, int deltas) {
        AtomicInteger pending = written.computeIfAbsent(scope.org(), org -> new AtomicInteger());
        if (pending.addAndGet(deltas) > limit) {
            pending.set(0);
            storage.kpis().compact(scope, limit, MERGE);
        }
    }

    /**
     * Compacts all that is there, piece by piece.
     *
     * @return delta rows merged into cells
     */
    long compact(OrgScope scope) {
        long taken = 0;
        for (int piece = limit; piece > 0; taken += piece) {
            piece = storage.kpis().compact(scope, limit, MERGE);
        }
        return taken;
    }
}

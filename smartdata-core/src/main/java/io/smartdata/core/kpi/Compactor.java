package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.storage.Compaction;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the number of uncompacted deltas bounded, in the background and, as the emergency brake, after an ingest that
 * takes its org past the limit. Queries are exact either way.
 *
 * @since 0.1.0
 */
public final class Compactor {
    private static final KpiStates MERGE = new KpiStates();

    /** Few enough for a transaction of tens of milliseconds, enough to make its fixed cost small. */
    private static final int PIECE_ROWS = 5_000;

    /** States with sketches are large; this bounds the memory of a piece. */
    private static final long PIECE_BYTES = 8 << 20;

    /** Orgs looked up at once. */
    private static final int ORGS = 10_000;

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
            compactIfPossible(scope);
        }
    }

    /** The ingest is committed: whatever happens here must not read as if it were not. */
    private void compactIfPossible(OrgScope scope) {
        try {
            compact(scope, limit);
        } catch (RuntimeException e) {
            LogEvent.COMPACTION_BROKEN
                    .with("org", scope.org())
                    .and("code", e instanceof SmartDataException known ? known.code() : "compaction_failed")
                    .and("error", e.getClass().getName())
                    .write();
        }
    }

    /**
     * Compacts all that is there, piece by piece; nothing while somebody else does.
     *
     * @return delta rows merged into cells
     */
    long compact(OrgScope scope) {
        return compact(scope, Long.MAX_VALUE);
    }

    private long compact(OrgScope scope, long most) {
        long taken = 0;
        Compaction piece;
        do {
            piece = piece(scope, most - taken);
            taken += piece.deltas();
        } while (piece.end() == Compaction.End.FULL && taken < most);
        return taken;
    }

    /** Merges one bounded piece of an org: a transaction of tens of milliseconds. */
    public Compaction piece(OrgScope scope) {
        return piece(scope, PIECE_ROWS);
    }

    private Compaction piece(OrgScope scope, long most) {
        Compaction piece = storage.kpis().compact(scope, (int) Math.min(PIECE_ROWS, most), PIECE_BYTES, MERGE);
        if (piece.end() == Compaction.End.NOTHING_LEFT) {
            written.remove(scope.org());
        }
        return piece;
    }

    /**
     * Goes round the orgs that have deltas, one bounded piece of each in turn, so that a large org delays a small one by a
     * piece. The order is random: nodes at work at the same time seldom meet, and when time is always short no org is
     * always the last.
     *
     * @param budget no piece begins after it
     */
    public CompactionRun compactAll(SystemScope system, Duration budget) {
        long start = System.nanoTime();
        CompactionRun run = compactAll(system, start, budget);
        LogEvent.COMPACTION
                .with("orgs", run.orgs())
                .and("deltas", run.deltas())
                .and("busy", run.busy())
                .and("complete", run.complete())
                .and("millis", Duration.ofNanos(System.nanoTime() - start))
                .write();
        return run;
    }

    private CompactionRun compactAll(SystemScope system, long start, Duration budget) {
        int orgs = 0;
        int busy = 0;
        long deltas = 0;
        List<OrgId> found = storage.kpis().uncompacted(system, null, ORGS);
        while (!found.isEmpty()) {
            List<OrgId> shuffled = new ArrayList<>(found);
            Collections.shuffle(shuffled);
            Queue<OrgId> waiting = new ArrayDeque<>(shuffled);
            orgs += waiting.size();
            for (OrgId org = waiting.poll(); org != null; org = waiting.poll()) {
                if (System.nanoTime() - start >= budget.toNanos()) {
                    return new CompactionRun(orgs, deltas, busy, false);
                }
                Compaction piece = piece(system.org(org));
                deltas += piece.deltas();
                switch (piece.end()) {
                    case FULL -> waiting.add(org);
                    case BUSY -> busy++;
                    case NOTHING_LEFT -> {}
                }
            }
            found = found.size() < ORGS
                    ? List.of()
                    : storage.kpis().uncompacted(system, found.get(found.size() - 1), ORGS);
        }
        return new CompactionRun(orgs, deltas, busy, true);
    }
}

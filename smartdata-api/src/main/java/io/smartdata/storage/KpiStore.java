package io.smartdata.storage;

import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * KPI cells and the deltas not yet merged into them.
 *
 * @since 0.1.0
 */
public interface KpiStore {
    /** Reads from one snapshot: every state {@code work} sees is of the same moment. */
    <R> R snapshot(OrgScope scope, Function<KpiSnapshot, R> work);

    /**
     * Merges some deltas of the serving generation into their cells, in one transaction, under the org's guard. Pieces go
     * round: each takes keys after those of the piece before, whoever ran it, so that no key waits longer than a round and
     * a key is rewritten once a round.
     *
     * @param rows most delta rows to take, at least 1
     * @param bytes most bytes of states to take; a single larger one is taken all the same
     * @param merge pure; merges states of one cell
     */
    Compaction compact(OrgScope scope, int rows, long bytes, StateMerge merge);

    /**
     * Orgs that have deltas to compact, ordered by id. Costs the orgs it names, not their deltas.
     *
     * @param after only orgs that come later; null to begin with the first
     * @param limit most orgs to name, at least 1
     */
    List<OrgId> uncompacted(SystemScope system, @Nullable OrgId after, int limit);

    /**
     * What waits for compaction in one org; nothing if the org does not exist. Reads the org's deltas once, states left out.
     */
    Backlog backlog(OrgScope scope);

    /**
     * What waits for compaction in all orgs together: the oldest delta is that of the org with the greatest lag. Reads every
     * delta once, so ask every few seconds, not with every request.
     */
    Backlog backlog(SystemScope system);

    /**
     * Replaces cells, in one transaction, under the org's guard. Events that are stored meanwhile keep their deltas.
     *
     * @param work may run again from the start when the database asks for a retry
     */
    <R> R rebuild(OrgScope scope, Function<KpiRebuild, R> work);
}

package io.smartdata.storage;

import io.smartdata.tenancy.OrgScope;
import java.util.function.Function;

/**
 * KPI cells and the deltas not yet merged into them.
 *
 * @since 0.1.0
 */
public interface KpiStore {
    /** Reads from one snapshot: every state {@code work} sees is of the same moment. */
    <R> R snapshot(OrgScope scope, Function<KpiSnapshot, R> work);

    /**
     * Merges deltas of the serving generation into their cells, in one transaction, under the org's guard.
     *
     * @param limit most delta rows to take, at least 1
     * @param merge pure; merges states of one cell
     * @return delta rows taken; 0 if there was nothing to do
     */
    int compact(OrgScope scope, int limit, StateMerge merge);

    /**
     * Replaces cells, in one transaction, under the org's guard. Events that are stored meanwhile keep their deltas.
     *
     * @param work may run again from the start when the database asks for a retry
     */
    <R> R rebuild(OrgScope scope, Function<KpiRebuild, R> work);
}

package io.smartdata.storage;

import io.smartdata.event.StoredEvent;
import io.smartdata.tenancy.OrgScope;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Raw events and receipts.
 *
 * @since 0.1.0
 */
public interface EventStore {
    /**
     * Runs {@code work} in one transaction: what it inserts commits together or not at all.
     *
     * @param work may run again from the start when the database asks for a retry
     * @throws StoreUnavailableException if the database cannot be reached; nothing was stored
     * @throws UnknownOutcomeException if the connection was lost while committing; sending again is safe
     * @throws io.smartdata.SmartDataException {@code unknown_org} if the org was never created
     */
    <R> R append(OrgScope scope, AppendWork<R> work);

    /**
     * As {@link #append(OrgScope, AppendWork)}, inside the host's own transaction, under a savepoint: the host commits or
     * rolls back. Never retried here.
     *
     * @throws IllegalArgumentException if {@code host} was not made by this adapter
     */
    <R> R append(OrgScope scope, HostTransaction host, AppendWork<R> work);

    /**
     * Runs {@code work} in one transaction that may also change what is stored, under the org's guard: compaction, rebuild and
     * other corrections of the org wait, appends do not. An append that commits meanwhile is not seen and stays counted.
     *
     * @param work may run again from the start when the database asks for a retry
     * @throws io.smartdata.SmartDataException {@code unknown_org} if the org was never created
     */
    <R> R correct(OrgScope scope, CorrectionWork<R> work);

    /**
     * Streams events of one snapshot in constant memory: by UTC day, then by source in an order of the store's own that stays
     * the same, then by id.
     *
     * @param sink must not call this storage
     */
    void scan(OrgScope scope, EventRange range, Consumer<StoredEvent> sink);

    /**
     * A page of events of one snapshot, in the order of {@link #scan}. The place of an event never changes, so pages that are
     * read one after the other, each from where the one before ended, show every event exactly once that was stored before
     * the first was read and is not taken back meanwhile. Costs the events looked at, wherever the page lies.
     */
    EventPage page(OrgScope scope, EventPageQuery query);

    /**
     * A page of events in the order of arrival. An event is given its place when somebody reads in this order for the first
     * time after its commit, behind every place that was given before. So whoever reads on from where the last page ended is
     * shown every event exactly once, whichever of two transactions began or committed first and however long a host's
     * transaction was open. An event that is taken back is left out from then
     * on; one that is put in its place arrives anew.
     */
    ArrivalPage arrivals(OrgScope scope, ArrivalQuery query);

    /** The place behind every event that has arrived by now. */
    ArrivalPosition lastArrival(OrgScope scope);

    /** The receipt of an earlier call of this org. */
    Optional<StoredReceipt> receipt(OrgScope scope, UUID id);
}

package io.smartdata.storage;

import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.KpiDelta;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One open transaction of {@link EventStore#correct}: it may take stored events away, put others in their place and replace
 * the cells they were counted in. It sees one snapshot and what it did itself.
 *
 * @since 0.1.0
 */
public interface Correction extends AppendTransaction, KpiSnapshot {
    /** Streams the events of a selection, in no order. */
    void selected(EventSelection selection, Consumer<StoredEvent> sink);

    /**
     * Deletes the events of a selection; their ids are free again.
     *
     * @return events deleted
     */
    long delete(EventSelection selection);

    /**
     * As {@link #delete}, and nothing is left of their ids in the order of arrival: places of other events stay as they are.
     *
     * @return events deleted
     */
    long erase(EventSelection selection);

    /** Streams every dead letter of the org, settled or not, in no order. */
    void deadLetters(Consumer<StoredDeadLetter> sink);

    /**
     * Deletes dead letters, settled or not.
     *
     * @return how many there were
     */
    long deleteDeadLetters(Set<UUID> ids);

    /** The receipt of an earlier call of this org. */
    Optional<StoredReceipt> receipt(UUID id);

    /**
     * Keeps keys of deleted events from being stored again. Every append that begins later sees them.
     *
     * @param keyHashes keyed hashes, 32 bytes each
     */
    void addTombstones(List<byte[]> keyHashes);

    /** Makes the idempotency keys of these calls free again: what they answered is no longer so. */
    void freeIdempotencyKeys(Set<UUID> receiptIds);

    /**
     * Replaces cells of the serving generation and the deltas of the same keys that the transaction sees.
     *
     * @param keys cells to replace
     * @param cells what to put there, at most one for each of the keys; a key without one is empty afterwards
     */
    void replaceCells(Set<CellKey> keys, List<KpiDelta> cells);
}

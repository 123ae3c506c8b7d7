package io.smartdata.storage;

import io.smartdata.audit.AuditEntry;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Outcome;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One open transaction of {@link EventStore#append}.
 *
 * @since 0.1.0
 */
public interface AppendTransaction {
    /** The org, read in this transaction so that its generation cannot change before the commit. */
    OrgSettings org();

    /** Start of the transaction by the database's clock. */
    Instant receivedAt();

    /** True if a host decides about the commit. */
    boolean provisional();

    /**
     * Takes an idempotency key for this call, first thing in the transaction. A concurrent holder is waited for.
     *
     * @param receiptId receipt of this call
     * @param key 1 to 255 characters, unique per org
     * @param contentHash tells a retry from another request under the same key
     * @return the receipt of the first call if the key is taken with the same content; empty if it is ours now
     * @throws io.smartdata.SmartDataException {@code idempotency_key_reused} if the key is taken with other content
     */
    Optional<StoredReceipt> claim(UUID receiptId, String key, byte[] contentHash);

    /** True if the org takes events of declared sources only. */
    boolean requiresDeclaredSources();

    /** Those of the sources that were not declared. */
    Set<String> undeclared(Set<String> sources);

    /** What is to happen to conflicts of a source from which {@link #insert} was given events. */
    ConflictPolicy conflictPolicy(String source);

    /** True if some keys of the org must not be stored again. */
    boolean hasTombstones();

    /**
     * Which of these keys must not be stored again.
     *
     * @param keyHashes as {@link Correction#addTombstones} was given them
     * @return a bit for each, in order
     */
    BitSet tombstoned(List<byte[]> keyHashes);

    /**
     * Inserts events; the unique key (org, UTC day, source, id) decides.
     *
     * @return an outcome for each event, in order: accepted, duplicate (same fingerprint stored, or earlier in this list)
     *     or conflict (other fingerprint). The first of equal keys in the list wins.
     */
    List<Outcome> insert(List<EventCandidate> events);

    /**
     * Adds to KPI cells.
     *
     * @param generation whose cells
     * @param deltas at most one per key, ordered by key
     */
    void addDeltas(long generation, List<KpiDelta> deltas);

    /**
     * Dead letters of the org that are open, those of this transaction included.
     *
     * @param limit counts no further, at least 0
     */
    long openDeadLetters(long limit);

    /** Keeps events that were not accepted; a letter whose id is kept already stays as it is. */
    void addDeadLetters(List<StoredDeadLetter> letters);

    /**
     * A dead letter as it is now. Until this transaction ends nobody else changes it; somebody who is about to is waited for.
     *
     * @return empty if this org has none of this id
     */
    Optional<DeadLetter> lockDeadLetter(UUID id);

    /** Says what became of a dead letter that is locked and replayed in this transaction, and counts the attempt. */
    void settleDeadLetter(UUID id, DeadLetter.Status status);

    /**
     * Gives up on the open dead letters of a filter.
     *
     * @param note why, kept with each of them
     * @return how many were open
     */
    long discardDeadLetters(DeadLetterFilter filter, String note);

    /**
     * Opens the discarded dead letters of a filter again, as if nobody had tried them.
     *
     * @return how many were discarded
     */
    long reopenDeadLetters(DeadLetterFilter filter);

    /** Writes the receipt of this call, replacing what the call wrote before under the same id. */
    void putReceipt(StoredReceipt receipt);

    /** Writes down who did what in this transaction. */
    void audit(AuditEntry entry);
}

package io.smartdata.core.correction;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an erasure removed, or would remove. It does not name the subject.
 *
 * @param subjectHash keyed hash of the subject, by which the audit log knows it: the same subject of an org has the same one
 * @param events events deleted; none of them can be stored again
 * @param frozenEvents of these, those whose figures could not be counted again since other events of their day are gone
 * @param cells KPI cells counted again
 * @param deadLetters dead letters deleted
 * @param receipts receipts from which outcomes about the subject were taken, or whose idempotency key is free again
 * @param sources sources of the events
 * @param minOccurredAt earliest of the events, or null if there were none
 * @param maxOccurredAt latest of the events, or null if there were none
 * @param dryRun true if nothing was changed
 * @since 0.1.0
 */
public record Erasure(
        String subjectHash,
        long events,
        long frozenEvents,
        long cells,
        long deadLetters,
        long receipts,
        SortedSet<String> sources,
        @Nullable Instant minOccurredAt,
        @Nullable Instant maxOccurredAt,
        boolean dryRun) {
    public Erasure {
        requireNonNull(subjectHash, "subjectHash");
        sources = new TreeSet<>(sources);
    }
}

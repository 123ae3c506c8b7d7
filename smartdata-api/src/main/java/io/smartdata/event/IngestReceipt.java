package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one ingest call did; {@code accepted + duplicates + conflicts + rejected == received}, always.
 *
 * @param id names the call; stored events and dead letters carry it
 * @param source the source the call named
 * @param received events read
 * @param accepted events stored and counted by this call
 * @param duplicates events that were stored before
 * @param conflicts events whose identity was stored before with other content
 * @param rejected events that are not valid
 * @param replaced of the accepted events those that took the place of an earlier version, where the source corrects itself
 * @param rejectedByCode how many per code, conflicts included
 * @param warnings accepted events that break a schema of mode {@code warn}, by {@code NAME: FIELD}, sorted; at most a
 *     stated number of these, the rest together as {@code others}
 * @param outcomes per event, in order; for files only the events that were not accepted, and at most a stated number
 * @param outcomesTruncated true if {@code outcomes} is not all of them
 * @param minOccurredAt earliest time of a valid event, duplicates included; null if none
 * @param maxOccurredAt latest time of a valid event, duplicates included; null if none
 * @param names names of the valid events, at most a stated number
 * @param detected what was detected and used: format, compression, charset, delimiter, columns, zone
 * @param identity the rule that made the ids: {@code client}, {@code content} or {@code natural}
 * @param mode {@code lenient}, {@code strict} or {@code validated}
 * @param dryRun true if nothing was stored
 * @param provisional true if the host's transaction has yet to commit
 * @param receivedAt start of the call by the database's clock
 * @param duration time the call took
 * @since 0.1.0
 */
public record IngestReceipt(
        UUID id,
        String source,
        long received,
        long accepted,
        long duplicates,
        long conflicts,
        long rejected,
        long replaced,
        Map<RejectionCode, Long> rejectedByCode,
        SortedMap<String, Long> warnings,
        List<EventOutcome> outcomes,
        boolean outcomesTruncated,
        @Nullable Instant minOccurredAt,
        @Nullable Instant maxOccurredAt,
        SortedSet<String> names,
        Map<String, String> detected,
        String identity,
        String mode,
        boolean dryRun,
        boolean provisional,
        Instant receivedAt,
        Duration duration) {
    public IngestReceipt {
        requireNonNull(id, "id");
        requireNonNull(receivedAt, "receivedAt");
        outcomes = List.copyOf(outcomes);
        if (accepted + duplicates + conflicts + rejected != received) {
            throw new IllegalArgumentException(
                    "accepted %d + duplicates %d + conflicts %d + rejected %d must be received %d"
                            .formatted(accepted, duplicates, conflicts, rejected, received));
        }
    }

    /**
     * This receipt with other outcomes; its counts stay.
     *
     * @param truncated true if they are not all of them
     */
    public IngestReceipt withOutcomes(List<EventOutcome> newOutcomes, boolean truncated) {
        return new IngestReceipt(
                id,
                source,
                received,
                accepted,
                duplicates,
                conflicts,
                rejected,
                replaced,
                rejectedByCode,
                warnings,
                newOutcomes,
                truncated,
                minOccurredAt,
                maxOccurredAt,
                names,
                detected,
                identity,
                mode,
                dryRun,
                provisional,
                receivedAt,
                duration);
    }
}

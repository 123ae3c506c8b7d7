package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts of a call so far. A piece works on a copy that replaces this one when the piece has committed. */
final class Tally {
    /** Warnings that are not listed; those that are have a colon. */
    private static final String OTHERS = "others";

    private final int maxOutcomes;
    private final boolean listAccepted;
    private final long[] counts = new long[Outcome.values().length];
    private final Map<RejectionCode, Long> rejectedByCode = new EnumMap<>(RejectionCode.class);
    private final TreeMap<String, Long> warnings = new TreeMap<>();
    private final List<EventOutcome> outcomes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long replaced;
    private boolean outcomesTruncated;
    private @Nullable Instant minOccurredAt;
    private @Nullable Instant maxOccurredAt;

    /**
     * @param maxOutcomes most outcomes to list
     * @param listAccepted true to list every event, false to list only those not accepted
     */
    Tally(int maxOutcomes, boolean listAccepted) {
        this.maxOutcomes = maxOutcomes;
        this.listAccepted = listAccepted;
    }

    Tally copy() {
        Tally copy = new Tally(maxOutcomes, listAccepted);
        System.arraycopy(counts, 0, copy.counts, 0, counts.length);
        copy.rejectedByCode.putAll(rejectedByCode);
        copy.warnings.putAll(warnings);
        copy.outcomes.addAll(outcomes);
        copy.names.addAll(names);
        copy.replaced = replaced;
        copy.outcomesTruncated = outcomesTruncated;
        copy.minOccurredAt = minOccurredAt;
        copy.maxOccurredAt = maxOccurredAt;
        return copy;
    }

    void valid(ReadEvent.Valid read, Outcome outcome, @Nullable Rejection rejection, @Nullable UUID deadLetterId) {
        Event event = read.candidate().event();
        Instant time = event.occurredAt();
        if (minOccurredAt == null || time.isBefore(minOccurredAt)) {
            minOccurredAt = time;
        }
        if (maxOccurredAt == null || time.isAfter(maxOccurredAt)) {
            maxOccurredAt = time;
        }
        if (names.size() < IngestSettings.MAX_NAMES) {
            names.add(event.name());
        }
        count(outcome, rejection);
        if (read.warning() != null && outcome == Outcome.ACCEPTED) {
            warn(read.warning());
        }
        if (isListed(outcome)) {
            outcomes.add(new EventOutcome(read.row(), event.id().text(), outcome, rejection, deadLetterId));
        }
    }

    private void warn(String warning) {
        boolean listed = warnings.containsKey(warning) || warnings.size() < IngestSettings.MAX_WARNINGS;
        warnings.merge(listed ? warning : OTHERS, 1L, Long::sum);
    }

    void invalid(ReadEvent.Invalid event, @Nullable UUID deadLetterId) {
        count(Outcome.REJECTED, event.rejection());
        if (isListed(Outcome.REJECTED)) {
            outcomes.add(new EventOutcome(event.row(), event.id(), Outcome.REJECTED, event.rejection(), deadLetterId));
        }
    }

    private void count(Outcome outcome, @Nullable Rejection rejection) {
        counts[outcome.ordinal()]++;
        if (rejection != null) {
            rejectedByCode.merge(rejection.code(), 1L, Long::sum);
        }
    }

    /** Asked before an outcome is made: most are not listed. */
    private boolean isListed(Outcome outcome) {
        boolean listed = listAccepted || outcome == Outcome.REJECTED || outcome == Outcome.CONFLICT;
        outcomesTruncated |= listed && outcomes.size() == maxOutcomes;
        return listed && outcomes.size() < maxOutcomes;
    }

    /** Of the accepted events so many took the place of others. */
    void replaced(long events) {
        replaced += events;
    }

    long count(Outcome outcome) {
        return counts[outcome.ordinal()];
    }

    long received() {
        return count(Outcome.ACCEPTED) + count(Outcome.DUPLICATE) + bad();
    }

    /** Rows that a strict call does not allow. */
    long bad() {
        return count(Outcome.CONFLICT) + count(Outcome.REJECTED);
    }

    List<EventOutcome> badRows() {
        return outcomes.stream().filter(outcome -> outcome.rejection() != null).toList();
    }

    /** The receipt as it stands. */
    IngestReceipt receipt(
            UUID id,
            String source,
            EventSource events,
            Mode mode,
            boolean dryRun,
            boolean provisional,
            Instant receivedAt,
            Duration duration) {
        return new IngestReceipt(
                id,
                source,
                received(),
                count(Outcome.ACCEPTED),
                count(Outcome.DUPLICATE),
                count(Outcome.CONFLICT),
                count(Outcome.REJECTED),
                replaced,
                Map.copyOf(rejectedByCode),
                new TreeMap<>(warnings),
                outcomes,
                outcomesTruncated,
                minOccurredAt,
                maxOccurredAt,
                new TreeSet<>(names),
                events.detected(),
                events.identity().code(),
                mode.code(),
                dryRun,
                provisional,
                receivedAt,
                duration);
    }
}

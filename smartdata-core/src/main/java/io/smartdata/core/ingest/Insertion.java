package io.smartdata.core.ingest;

import io.smartdata.core.kpi.Generations;
import io.smartdata.core.kpi.TouchedCells;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.Correction;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventSelection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one transaction into the store under the org's rules: sources that are not declared are refused, erased
 * events stay away, and a source that corrects itself has its conflicts replaced.
 */
final class Insertion {
    private static final Rejection UNDECLARED = new Rejection(
            RejectionCode.UNKNOWN_SOURCE,
            "source",
            "This org takes events of declared sources only, and this one is not. Declare it, or correct its name.");

    private final AppendTransaction transaction;
    private final Generations generations;
    private @Nullable TouchedCells touched;
    private long replaced;

    Insertion(AppendTransaction transaction, Generations generations) {
        this.transaction = transaction;
        this.generations = generations;
    }

    /** The same events, those of undeclared sources refused. */
    List<ReadEvent> declared(List<ReadEvent> piece, EventSource events) {
        if (!transaction.requiresDeclaredSources()) {
            return piece;
        }
        Set<String> undeclared = transaction.undeclared(piece.stream()
                .filter(ReadEvent.Valid.class::isInstance)
                .map(event -> ((ReadEvent.Valid) event).candidate().event().source())
                .collect(Collectors.toSet()));
        return undeclared.isEmpty()
                ? piece
                : piece.stream()
                        .map(event -> event instanceof ReadEvent.Valid valid
                                        && undeclared.contains(
                                                valid.candidate().event().source())
                                ? valid.refused(UNDECLARED, events)
                                : event)
                        .toList();
    }

    /**
     * Stores events.
     *
     * @return what became of each, in order
     * @throws CorrectionNeeded if some are to be replaced, which this transaction cannot do
     */
    List<Outcome> insert(List<EventCandidate> candidates) {
        BitSet erased = erased(candidates);
        List<EventCandidate> open = candidates;
        if (!erased.isEmpty()) {
            open = new ArrayList<>(candidates);
            for (int i = erased.length() - 1; i >= 0; i = erased.previousSetBit(i - 1)) {
                open.remove(i);
            }
        }
        List<Outcome> outcomes = insertOpen(open);
        if (erased.isEmpty()) {
            return outcomes;
        }
        List<Outcome> all = new ArrayList<>(outcomes);
        erased.stream().forEach(i -> all.add(i, Outcome.DUPLICATE));
        return all;
    }

    /** Events that were erased: to the sender they are stored already, and so they stay away. */
    private BitSet erased(List<EventCandidate> candidates) {
        if (!transaction.hasTombstones()) {
            return new BitSet();
        }
        TombstoneHash hash = new TombstoneHash(transaction.org());
        return transaction.tombstoned(
                candidates.stream().map(candidate -> hash.of(candidate.event())).toList());
    }

    private List<Outcome> insertOpen(List<EventCandidate> events) {
        List<Outcome> outcomes = transaction.insert(events);
        if (transaction.provisional() || !outcomes.contains(Outcome.CONFLICT)) {
            return outcomes;
        }
        Map<Identity, Integer> last = replaceable(events, outcomes);
        if (last.isEmpty()) {
            return outcomes;
        }
        if (transaction instanceof Correction correction) {
            return replace(correction, events, new ArrayList<>(outcomes), last);
        }
        throw new CorrectionNeeded();
    }

    /** What the store takes for one event: the day only where ids are taken for a day. */
    private record Identity(
            String source, EventId id, @Nullable LocalDate day) {}

    private Identity identity(Event event) {
        boolean daily = transaction.org().identityScope() == IdentityScope.DAY;
        LocalDate day = daily ? event.occurredAt().atOffset(ZoneOffset.UTC).toLocalDate() : null;
        return new Identity(event.source(), event.id(), day);
    }

    /** The identities in conflict at sources that correct themselves, each with the position of its last event. */
    private Map<Identity, Integer> replaceable(List<EventCandidate> events, List<Outcome> outcomes) {
        Map<Identity, Integer> last = new HashMap<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Event event = events.get(i).event();
            if (outcomes.get(i) == Outcome.CONFLICT
                    && transaction.conflictPolicy(event.source()) == ConflictPolicy.LAST_WINS) {
                last.put(identity(event), i);
            }
        }
        for (int i = 0; i < outcomes.size() && !last.isEmpty(); i++) {
            int position = i;
            last.computeIfPresent(identity(events.get(i).event()), (same, before) -> Math.max(before, position));
        }
        return last;
    }

    /** Of each identity the last event is stored; to earlier ones it is as if they had come before and were replaced then. */
    private List<Outcome> replace(
            Correction correction, List<EventCandidate> events, List<Outcome> outcomes, Map<Identity, Integer> last) {
        Set<Integer> winners = new LinkedHashSet<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Integer winner = last.get(identity(events.get(i).event()));
            if (winner != null && winner == i && outcomes.get(i) == Outcome.CONFLICT) {
                winners.add(i);
            } else if (winner != null && winner != i) {
                outcomes.set(i, Outcome.DUPLICATE);
            }
        }
        List<EventCandidate> stored = winners.stream().map(events::get).toList();
        takeAway(correction, stored);
        correction.insert(stored);
        winners.forEach(i -> outcomes.set(i, Outcome.ACCEPTED));
        replaced += winners.size();
        return outcomes;
    }

    private record SourceDay(String source, @Nullable LocalDate day) {}

    private void takeAway(Correction correction, List<EventCandidate> replacements) {
        TouchedCells cells = touched(correction);
        Map<SourceDay, Set<EventId>> byDay = new HashMap<>();
        for (EventCandidate replacement : replacements) {
            Identity identity = identity(replacement.event());
            cells.add(replacement.event());
            byDay.computeIfAbsent(new SourceDay(identity.source(), identity.day()), group -> new LinkedHashSet<>())
                    .add(identity.id());
        }
        byDay.forEach((group, ids) -> {
            EventSelection selection = EventSelection.ofIds(group.source(), ids);
            if (group.day() != null) {
                Instant start = group.day().atStartOfDay(ZoneOffset.UTC).toInstant();
                selection = selection.between(
                        start,
                        group.day().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            correction.selected(selection, old -> cells.add(old.event()));
            correction.delete(selection);
        });
    }

    private TouchedCells touched(Correction correction) {
        if (touched == null) {
            touched = TouchedCells.of(generations, correction);
        }
        return touched;
    }

    /** Events that took the place of others. */
    long replaced() {
        return replaced;
    }

    /** After the deltas of the transaction are written. */
    void finish() {
        if (touched != null) {
            touched.recount();
        }
    }
}

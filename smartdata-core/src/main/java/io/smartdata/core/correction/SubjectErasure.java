package io.smartdata.core.correction;

import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.ingest.LetterSubjects;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.core.ingest.TombstoneHash;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.kpi.TouchedCells;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.Correction;
import io.smartdata.storage.EventSelection;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.storage.StoredReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One erasure in its transaction. Memory goes with the events and letters of the subject. */
final class SubjectErasure {
    private final Correction correction;
    private final EraseRequest request;
    private final TombstoneHash hash;
    private final TouchedCells touched;
    private final LetterSubjects letterSubjects;
    private final List<byte[]> tombstones = new ArrayList<>();
    private final Map<UUID, Set<EventId>> eventsByReceipt = new HashMap<>();
    private final Set<UUID> letters = new HashSet<>();
    private final TreeSet<String> sources = new TreeSet<>();
    private long frozen;
    private @Nullable Instant first;
    private @Nullable Instant last;

    SubjectErasure(Generations generations, Correction correction, EraseRequest request) {
        this.correction = correction;
        this.request = request;
        this.hash = new TombstoneHash(correction.org());
        this.touched = TouchedCells.of(generations, correction);
        this.letterSubjects = new LetterSubjects(correction.org(), correction.receivedAt());
    }

    Erasure run() {
        EventSelection selection = EventSelection.ofSubject(request.subject());
        correction.selected(selection, this::take);
        correction.deadLetters(this::take);
        correction.addTombstones(tombstones);
        long events = correction.erase(selection);
        long cells = touched.recount();
        long deleted = correction.deleteDeadLetters(letters);
        correction.freeIdempotencyKeys(eventsByReceipt.keySet());
        eventsByReceipt.forEach(this::clean);
        Erasure done = new Erasure(
                hash.ofSubject(request.subject()),
                events,
                frozen,
                cells,
                deleted,
                eventsByReceipt.size(),
                sources,
                first,
                last,
                request.dryRun());
        correction.audit(entry(done));
        return done;
    }

    private void take(StoredEvent stored) {
        Event event = stored.event();
        if (touched.countable(event)) {
            touched.add(event);
        } else {
            frozen++;
        }
        tombstones.add(hash.of(event));
        eventsByReceipt
                .computeIfAbsent(stored.receiptId(), absent -> new HashSet<>())
                .add(event.id());
        sources.add(event.source());
        first = first == null || event.occurredAt().isBefore(first) ? event.occurredAt() : first;
        last = last == null || event.occurredAt().isAfter(last) ? event.occurredAt() : last;
    }

    private void take(StoredDeadLetter letter) {
        if (letterSubjects.concerns(letter, request.subject())) {
            letters.add(letter.letter().id());
            eventsByReceipt.computeIfAbsent(letter.letter().receiptId(), absent -> new HashSet<>());
        }
    }

    /** What a receipt counts stays; what it says of single events of the subject goes. */
    private void clean(UUID receiptId, Set<EventId> erased) {
        correction.receipt(receiptId).filter(StoredReceipt::complete).ifPresent(stored -> {
            IngestReceipt receipt = ReceiptJson.read(stored.json());
            List<EventOutcome> left = receipt.outcomes().stream()
                    .filter(outcome -> !letters.contains(outcome.deadLetterId()) && !names(outcome, erased))
                    .toList();
            if (left.size() < receipt.outcomes().size()) {
                correction.putReceipt(new StoredReceipt(
                        stored.id(),
                        stored.source(),
                        stored.received(),
                        stored.accepted(),
                        stored.duplicates(),
                        stored.conflicts(),
                        stored.rejected(),
                        true,
                        ReceiptJson.write(receipt.withOutcomes(left, true))));
            }
        });
    }

    private static boolean names(EventOutcome outcome, Set<EventId> erased) {
        return outcome.id() != null
                && !outcome.id().isEmpty()
                && outcome.id().length() <= EventId.MAX_LENGTH
                && erased.contains(EventId.of(outcome.id()));
    }

    private AuditEntry entry(Erasure done) {
        Map<String, @Nullable Object> detail = new TreeMap<>();
        detail.put("events", done.events());
        detail.put("frozenEvents", done.frozenEvents());
        detail.put("cells", done.cells());
        detail.put("deadLetters", done.deadLetters());
        detail.put("receipts", done.receipts());
        detail.put("note", request.note());
        return AuditEntry.done(AuditAction.ERASE, "subject " + done.subjectHash(), detail);
    }
}

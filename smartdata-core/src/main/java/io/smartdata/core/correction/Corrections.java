package io.smartdata.core.correction;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.event.FilterText;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.core.ingest.TombstoneHash;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.kpi.TouchedCells;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.Correction;
import io.smartdata.storage.EventSelection;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what should not have been stored.
 *
 * @since 0.1.0
 */
public final class Corrections {
    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;

    /**
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with {@link Permission#OPERATE}
     */
    public Corrections(Storage storage, Generations generations, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.OPERATE);
    }

    /**
     * Deletes the events of a selection and counts the KPI cells they were counted in again from the events that are left, in
     * one transaction. Idempotency keys of their calls are free again; dead letters of these calls stay. Events that others
     * store meanwhile are not waited for and stay.
     *
     * @throws SmartDataException {@code unknown_org}; {@code unknown_receipt} if the org has no such receipt;
     *     {@code raw_gone} if an event lies on a day whose raw events are no longer all kept; then nothing was changed
     */
    public Retraction retract(RetractRequest request) {
        generations.existing(scope);
        EventSelection selection = narrowed(request.selection());
        try {
            return storage.events().correct(scope, correction -> {
                Retraction done = new Work(correction, request.tombstones()).run(selection, request.dryRun());
                if (request.dryRun()) {
                    throw new DryRun(done);
                }
                return done;
            });
        } catch (DryRun dryRun) {
            return dryRun.retraction;
        }
    }

    /**
     * Erases what a subject has left: its events, the dead letters about it, what receipts say of either, and the ids of both.
     * KPI cells its events were counted in are counted again from those of others. All in one transaction, which also keeps
     * the events from ever being stored again, be it by a retry, a replay or a file that is read once more. Under the same
     * name the subject may send new events.
     *
     * <p>Not reached: events that others store meanwhile (run it again until it finds none), what events of others say about
     * the subject, exports that were made before (they are removed within 24 hours), and figures derived before, until their
     * next run. On a day whose raw events are no longer all kept, the events go and figures stay as they are.
     *
     * @throws SmartDataException {@code unknown_org}; {@code invalid_request} if no event can have such a subject, or if the
     *     note names it
     */
    public Erasure erase(EraseRequest request) {
        generations.existing(scope);
        FilterText.require("subject", request.subject());
        if (request.note().toLowerCase(Locale.ROOT).contains(request.subject().toLowerCase(Locale.ROOT))) {
            throw new SmartDataException(
                    "invalid_request",
                    "The note names the subject, and notes are kept. Nothing was changed. Name a ticket instead.");
        }
        try {
            return storage.events().correct(scope, correction -> {
                Erasure done = new SubjectErasure(generations, correction, request).run();
                if (request.dryRun()) {
                    throw new ErasedDryRun(done);
                }
                return done;
            });
        } catch (ErasedDryRun dryRun) {
            return dryRun.erasure;
        }
    }

    /** Rolls a dry run back and carries its result out. */
    private static final class ErasedDryRun extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Erasure erasure;

        ErasedDryRun(Erasure erasure) {
            super(null, null, false, false);
            this.erasure = erasure;
        }
    }

    /** A receipt says when its events occurred: the store need not look elsewhere. */
    private EventSelection narrowed(EventSelection selection) {
        UUID receiptId = selection.receiptId();
        if (receiptId == null) {
            return selection;
        }
        StoredReceipt stored = storage.events()
                .receipt(scope, receiptId)
                .orElseThrow(() -> new SmartDataException(
                        "unknown_receipt",
                        "This org has no receipt %s. Nothing was changed. Ingest prints the id of each receipt."
                                .formatted(receiptId)));
        IngestReceipt receipt = ReceiptJson.read(stored.json());
        Instant from = receipt.minOccurredAt();
        Instant last = receipt.maxOccurredAt();
        return from == null || last == null
                ? selection
                : selection.between(later(from, selection.from()), earlier(last.plusNanos(1_000), selection.to()));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Rolls a dry run back and carries its result out. */
    private static final class DryRun extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Retraction retraction;

        DryRun(Retraction retraction) {
            super(null, null, false, false);
            this.retraction = retraction;
        }
    }

    /** One retraction in its transaction. */
    private final class Work {
        private final Correction correction;
        private final TouchedCells touched;
        private final @Nullable TombstoneHash tombstone;
        private final List<byte[]> hashes = new ArrayList<>();
        private final Set<UUID> receipts = new HashSet<>();
        private final TreeSet<String> sources = new TreeSet<>();
        private final TreeSet<String> names = new TreeSet<>();
        private @Nullable Instant first;
        private @Nullable Instant last;

        Work(Correction correction, boolean tombstones) {
            this.correction = correction;
            this.touched = TouchedCells.of(generations, correction);
            this.tombstone = tombstones ? new TombstoneHash(correction.org()) : null;
        }

        Retraction run(EventSelection selection, boolean dryRun) {
            correction.selected(selection, this::take);
            correction.addTombstones(hashes);
            long events = correction.delete(selection);
            correction.freeIdempotencyKeys(receipts);
            long cells = touched.recount();
            Retraction done = new Retraction(
                    events, receipts.size(), cells, sources, names, first, last, tombstone != null, dryRun);
            correction.audit(entry(selection, done));
            return done;
        }

        private static AuditEntry entry(EventSelection selection, Retraction done) {
            Map<String, @Nullable Object> detail = new TreeMap<>();
            detail.put("events", done.events());
            detail.put("cells", done.cells());
            detail.put("receipts", done.receipts());
            detail.put("source", selection.source());
            detail.put("name", selection.name());
            detail.put("oneSubject", selection.subject() != null);
            detail.put("ids", selection.ids().size());
            detail.put("from", selection.from().toString());
            detail.put("to", selection.to().toString());
            detail.put("tombstones", done.tombstones());
            UUID receipt = selection.receiptId();
            return AuditEntry.done(AuditAction.RETRACT, receipt == null ? "selection" : "receipt " + receipt, detail);
        }

        private void take(StoredEvent stored) {
            Event event = stored.event();
            touched.add(event);
            receipts.add(stored.receiptId());
            sources.add(event.source());
            names.add(event.name());
            if (names.size() > Retraction.MAX_NAMES) {
                names.pollLast();
            }
            first = first == null ? event.occurredAt() : earlier(first, event.occurredAt());
            last = last == null ? event.occurredAt() : later(last, event.occurredAt());
            if (tombstone != null) {
                hashes.add(tombstone.of(event));
            }
        }
    }
}

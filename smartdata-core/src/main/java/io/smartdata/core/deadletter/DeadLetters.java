package io.smartdata.core.deadletter;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.core.kpi.Generations;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.DeadLetterCount;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Events that were not accepted: why, and another try. Their original bytes are shown to those who may see payloads only.
 *
 * <p>A replay may be repeated, interrupted, and run by several nodes at once: each letter is settled in the transaction of
 * its event, and an event is stored once whoever sends it. Whatever fails or is held back stays open for the next one.
 *
 * @since 0.1.0
 */
public final class DeadLetters {
    private static final int MAX_NOTE_LENGTH = 500;

    /** Letters named one by one in the audit log. */
    private static final int MAX_NAMED_IDS = 20;

    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;
    private final Supplier<Ingest> ingest;

    /**
     * @param ingest used by replays only
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with {@link Permission#OPERATE}
     */
    public DeadLetters(Storage storage, Generations generations, OrgScope scope, Supplier<Ingest> ingest) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
        this.ingest = requireNonNull(ingest, "ingest");
        scope.require(Permission.OPERATE);
    }

    /**
     * Dead letters, oldest first.
     *
     * @throws SmartDataException {@code unknown_org}
     */
    public List<DeadLetter> list(DeadLetterQuery query) {
        generations.existing(scope);
        return storage.deadLetters().list(scope, query);
    }

    /**
     * How many there are of each reason, source and fate, ordered so: where to look first.
     *
     * @throws SmartDataException {@code unknown_org}
     */
    public List<DeadLetterCount> counts(DeadLetterFilter filter) {
        generations.existing(scope);
        return storage.deadLetters().counts(scope, filter);
    }

    /**
     * One dead letter.
     *
     * @throws SmartDataException {@code unknown_dead_letter} if this org has none of this id
     */
    public DeadLetter get(UUID id) {
        return stored(id).letter();
    }

    /**
     * The bytes of a dead letter as they came.
     *
     * @throws SmartDataException {@code unknown_dead_letter}; {@code not_permitted} if the scope was not requested with
     *     {@link Permission#VIEW_SENSITIVE}
     */
    public byte[] payload(UUID id) {
        scope.require(Permission.VIEW_SENSITIVE);
        return stored(id).payload();
    }

    /**
     * Tries the open letters of a filter again, oldest first, each in a transaction of its own. While a letter stays open,
     * later ones of its subject are held back. Needs {@link Permission#INGEST}.
     *
     * @return what was done, also if the run was stopped on the way; the same request goes on from there
     * @throws SmartDataException {@code unknown_org}, {@code not_permitted}
     * @throws io.smartdata.RetryLaterException if not one letter could be tried
     */
    public ReplayReport replay(ReplayRequest request) {
        generations.existing(scope);
        return run(request, null).all();
    }

    /**
     * Tries one letter again as it is, however often it was tried; one that is not open any more is left alone.
     *
     * @throws SmartDataException {@code unknown_dead_letter}, {@code not_permitted}
     */
    public ReplayReport replay(UUID id) {
        return replay(stored(id), null, false);
    }

    /**
     * As {@link #replay(UUID)} with corrected bytes in the format of the letter. The original bytes are kept.
     *
     * @param payload read instead of the original bytes, once
     * @throws SmartDataException {@code unknown_dead_letter}, {@code not_permitted}
     */
    public ReplayReport replay(UUID id, byte[] payload) {
        return replay(id, payload, false);
    }

    /**
     * As {@link #replay(UUID, byte[])}.
     *
     * @param dryRun true to find out what would happen
     * @throws SmartDataException {@code unknown_dead_letter}, {@code not_permitted}
     */
    public ReplayReport replay(UUID id, byte[] payload, boolean dryRun) {
        return replay(stored(id), payload, dryRun);
    }

    private ReplayReport replay(StoredDeadLetter letter, byte @Nullable [] edited, boolean dryRun) {
        DeadLetterFilter filter =
                DeadLetterFilter.open().withIds(Set.of(letter.letter().id()));
        ReplayRequest request = ReplayRequest.of(filter).withDryRun(dryRun).withMaxAttempts(Integer.MAX_VALUE);
        return run(request, edited).only(letter);
    }

    /**
     * Gives up on the open letters of a filter. They stay, with their bytes, and can be opened again.
     *
     * @param note why, 1 to 500 characters
     * @return how many were open
     * @throws SmartDataException {@code unknown_org}
     */
    public long discard(DeadLetterFilter filter, String note) {
        if (note.isBlank() || note.length() > MAX_NOTE_LENGTH) {
            throw new IllegalArgumentException("note must have 1 to 500 characters, had " + note.length());
        }
        return change(AuditAction.DISCARD, filter, note, transaction -> transaction.discardDeadLetters(filter, note));
    }

    /**
     * Opens the discarded letters of a filter again; their attempts start from 0.
     *
     * @return how many were discarded
     * @throws SmartDataException {@code unknown_org}
     */
    public long reopen(DeadLetterFilter filter) {
        return change(AuditAction.REOPEN, filter, null, transaction -> transaction.reopenDeadLetters(filter));
    }

    private long change(
            AuditAction action,
            DeadLetterFilter filter,
            @Nullable String note,
            ToLongFunction<AppendTransaction> change) {
        generations.existing(scope);
        return storage.events().append(scope, transaction -> {
            long letters = change.applyAsLong(transaction);
            Map<String, @Nullable Object> detail = detail(filter);
            detail.put("letters", letters);
            detail.put("note", note);
            transaction.audit(AuditEntry.done(action, "dead letters", detail));
            return letters;
        });
    }

    private ReplayRun run(ReplayRequest request, byte @Nullable [] edited) {
        return new ReplayRun(storage.deadLetters(), scope, ingest.get(), request, edited);
    }

    private static Map<String, @Nullable Object> detail(DeadLetterFilter filter) {
        Map<String, @Nullable Object> detail = new TreeMap<>();
        detail.put(
                "ids",
                filter.ids().stream()
                        .map(UUID::toString)
                        .sorted()
                        .limit(MAX_NAMED_IDS)
                        .toList());
        detail.put("idCount", filter.ids().size());
        detail.put(
                "codes",
                filter.codes().stream().map(RejectionCode::code).sorted().toList());
        detail.put("source", filter.source());
        detail.put(
                "receipt",
                filter.receiptId() == null ? null : filter.receiptId().toString());
        detail.put("from", filter.from() == null ? null : filter.from().toString());
        detail.put("to", filter.to() == null ? null : filter.to().toString());
        return detail;
    }

    private StoredDeadLetter stored(UUID id) {
        return storage.deadLetters()
                .find(scope, id)
                .orElseThrow(() -> new SmartDataException(
                        "unknown_dead_letter",
                        "This org has no dead letter %s. List them to see their ids.".formatted(id)));
    }
}

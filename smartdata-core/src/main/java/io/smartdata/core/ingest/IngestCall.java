package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import io.smartdata.core.kpi.GenerationMovedException;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.kpi.KpiFold;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.AppendWork;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One ingest call: reads pieces of its input and appends each in one transaction. */
final class IngestCall {
    /** Opens the input from its start; a call may read it more than once. */
    @FunctionalInterface
    interface Opener {
        EventSource open(OrgSettings org, Instant now, UUID receiptId);
    }

    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;
    private final @Nullable HostTransaction host;
    private final IngestSettings settings;
    private final Clock clock;
    private final Opener opener;
    private final String source;
    private final IngestOptions options;
    private final long maxOpenDeadLetters;
    private final boolean listAccepted;
    private final @Nullable LetterReplay replay;

    private final UUID receiptId = UUID.randomUUID();
    private final Instant startedAt;
    private int deltasWritten;
    private boolean repeated;
    private @Nullable IngestReceipt lastCommitted;

    IngestCall(
            Storage storage,
            Generations generations,
            OrgScope scope,
            @Nullable HostTransaction host,
            IngestSettings settings,
            Clock clock,
            Opener opener,
            String source,
            IngestOptions options,
            long maxOpenDeadLetters,
            boolean listAccepted,
            @Nullable LetterReplay replay) {
        this.storage = storage;
        this.generations = generations;
        this.scope = scope;
        this.host = host;
        this.settings = settings;
        this.clock = clock;
        this.opener = opener;
        this.source = source;
        this.options = options;
        this.maxOpenDeadLetters = maxOpenDeadLetters;
        this.listAccepted = listAccepted;
        this.replay = replay;
        this.startedAt = clock.instant();
    }

    /**
     * @param org the org as it is now
     * @param contentHash of the whole input; only with an idempotency key
     */
    IngestReceipt run(OrgSettings org, byte @Nullable [] contentHash) {
        if (options.dryRun()) {
            return dryRun(org);
        }
        return switch (options.mode()) {
            case LENIENT -> pieces(org, contentHash);
            case STRICT -> whole(org, contentHash);
            case VALIDATED -> {
                check(org);
                yield pieces(org, contentHash);
            }
        };
    }

    /** Deltas this call added to the org. */
    int deltasWritten() {
        return deltasWritten;
    }

    /** True if the receipt is that of an earlier call with the same idempotency key: this one stored nothing. */
    boolean repeated() {
        return repeated;
    }

    /** Commits piece by piece; what committed stays, whatever comes after. */
    private IngestReceipt pieces(OrgSettings org, byte @Nullable [] contentHash) {
        try {
            return eachPiece(org, contentHash);
        } catch (SmartDataException e) {
            if (lastCommitted == null) {
                throw e;
            }
            throw new PartlyStoredException(e, lastCommitted);
        }
    }

    private IngestReceipt eachPiece(OrgSettings org, byte @Nullable [] contentHash) {
        try (Pieces events = open(org)) {
            Tally tally = newTally();
            long rows = 0;
            boolean first = true;
            while (true) {
                List<ReadEvent> piece = events.nextPiece();
                boolean last = !events.hasMore();
                Committed committed = appendPiece(events, piece, tally, first, last, contentHash);
                if (committed.earlier() != null) {
                    repeated = true;
                    return ReceiptJson.read(committed.earlier().json());
                }
                tally = committed.tally();
                lastCommitted = committed.receipt();
                deltasWritten += committed.deltas();
                rows += piece.size();
                options.progress().accept(new Progress("storing", rows, events.bytesRead()));
                if (last) {
                    return committed.receipt();
                }
                first = false;
            }
        }
    }

    /** What one transaction left behind; {@code earlier} only if the idempotency key was taken. */
    private record Committed(
            Tally tally,
            IngestReceipt receipt,
            int deltas,
            @Nullable StoredReceipt earlier) {}

    private Committed appendPiece(
            EventSource events,
            List<ReadEvent> piece,
            Tally before,
            boolean first,
            boolean last,
            byte @Nullable [] contentHash) {
        return append(transaction -> {
            Optional<StoredReceipt> earlier = first ? claim(transaction, contentHash) : Optional.empty();
            if (earlier.isPresent()) {
                return new Committed(before, receipt(before, events, transaction), 0, earlier.get());
            }
            Tally tally = before.copy();
            KpiFold fold = generations.fold(scope, transaction.org());
            Insertion insertion = new Insertion(transaction, generations);
            appendEvents(transaction, insertion, events, piece, tally, fold);
            int deltas = addDeltas(transaction, fold);
            insertion.finish();
            tally.replaced(insertion.replaced());
            IngestReceipt receipt = receipt(tally, events, transaction);
            put(transaction, receipt, last);
            return new Committed(tally, receipt, deltas, null);
        });
    }

    /** One transaction over the whole input; any bad row rolls it back. */
    private IngestReceipt whole(OrgSettings org, byte @Nullable [] contentHash) {
        return append(transaction -> {
            Optional<StoredReceipt> earlier = claim(transaction, contentHash);
            if (earlier.isPresent()) {
                repeated = true;
                return ReceiptJson.read(earlier.get().json());
            }
            return inOneTransaction(transaction, org, true);
        });
    }

    private IngestReceipt inOneTransaction(AppendTransaction transaction, OrgSettings org, boolean refuseBadRows) {
        try (Pieces events = open(org)) {
            Tally tally = newTally();
            KpiFold fold = generations.fold(scope, transaction.org());
            Insertion insertion = new Insertion(transaction, generations);
            List<ReadEvent> piece = events.nextPiece();
            while (!piece.isEmpty()) {
                if (refuseBadRows && (tally.bad() > 0 || hasInvalid(piece))) {
                    piece.forEach(event -> checkOnly(event, tally));
                } else {
                    appendEvents(transaction, insertion, events, piece, tally, fold);
                }
                requireStrictSize(tally.received());
                options.progress().accept(new Progress("storing", tally.received(), events.bytesRead()));
                piece = events.nextPiece();
            }
            if (refuseBadRows) {
                refuseIfBad(tally);
            }
            deltasWritten = addDeltas(transaction, fold);
            insertion.finish();
            tally.replaced(insertion.replaced());
            IngestReceipt receipt = receipt(tally, events, transaction);
            put(transaction, receipt, true);
            return receipt;
        }
    }

    /** Finds out whether the call would be refused before it stores anything; throws if so. */
    void probe(OrgSettings imagined) {
        if (options.mode() != Mode.LENIENT) {
            check(imagined);
            return;
        }
        try (Pieces events = open(imagined)) {
            events.nextPiece();
            events.hasMore();
        }
    }

    /** A dry run for an org that does not exist: every valid event would be accepted. */
    IngestReceipt imagine(OrgSettings imagined) {
        try (Pieces events = open(imagined)) {
            Tally tally = newTally();
            for (ReadEvent event = events.next(); event != null; event = events.next()) {
                checkOnly(event, tally);
            }
            if (options.mode() != Mode.LENIENT) {
                refuseIfBad(tally);
            }
            Duration duration = Duration.between(startedAt, clock.instant());
            return tally.receipt(receiptId, source, events, options.mode(), true, false, startedAt, duration);
        }
    }

    /** Reads everything and stores nothing: the first pass of {@link Mode#VALIDATED}. */
    private void check(OrgSettings org) {
        try (Pieces events = open(org)) {
            Tally tally = newTally();
            long rows = 0;
            for (ReadEvent event = events.next(); event != null; event = events.next()) {
                checkOnly(event, tally);
                if (++rows % settings.chunkEvents() == 0) {
                    options.progress().accept(new Progress("checking", rows, events.bytesRead()));
                }
            }
            refuseIfBad(tally);
        }
    }

    /** Stores everything and rolls back, so that duplicates and conflicts are counted as they would be. */
    private IngestReceipt dryRun(OrgSettings org) {
        try {
            append(transaction -> {
                IngestReceipt receipt = inOneTransaction(transaction, org, options.mode() != Mode.LENIENT);
                throw new DryRun(receipt);
            });
            throw new IllegalStateException("A dry run rolls back");
        } catch (DryRun done) {
            deltasWritten = 0;
            return done.receipt;
        }
    }

    /** Rolls a dry run back and carries its receipt out. */
    private static final class DryRun extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient IngestReceipt receipt;

        DryRun(IngestReceipt receipt) {
            super(null, null, false, false);
            this.receipt = receipt;
        }
    }

    private void appendEvents(
            AppendTransaction transaction,
            Insertion insertion,
            EventSource events,
            List<ReadEvent> read,
            Tally tally,
            KpiFold fold) {
        List<ReadEvent> piece = insertion.declared(read, events);
        if (replay != null && !replay.take(transaction, piece)) {
            return;
        }
        List<EventCandidate> candidates = new ArrayList<>(piece.size());
        for (ReadEvent event : piece) {
            if (event instanceof ReadEvent.Valid valid) {
                candidates.add(valid.candidate());
            }
        }
        List<Outcome> outcomes = insertion.insert(candidates);
        List<StoredDeadLetter> letters = new ArrayList<>();
        int next = 0;
        for (ReadEvent event : piece) {
            if (event instanceof ReadEvent.Valid valid) {
                settle(transaction, valid, outcomes.get(next++), events, tally, fold, letters);
            } else if (event instanceof ReadEvent.Invalid invalid) {
                tally.invalid(
                        invalid, letter(transaction, events, letters, invalid, invalid.rejection(), invalid.context()));
            }
        }
        if (replay == null) {
            requireRoomFor(letters.size(), transaction);
            transaction.addDeadLetters(letters);
        } else {
            replay.settle(transaction, tally.bad() == 0);
        }
    }

    /** Keeping a letter is what makes a rejection no loss, so without room for it the whole call is refused. */
    private void requireRoomFor(int letters, AppendTransaction transaction) {
        if (letters > 0
                && maxOpenDeadLetters < Long.MAX_VALUE
                && letters > maxOpenDeadLetters - transaction.openDeadLetters(maxOpenDeadLetters)) {
            throw new SmartDataException(
                    "quota_exceeded",
                    ("The call has events to reject, and the org already has as many open dead letters as its quota of %d leaves room"
                                    + " for.%s Replay or discard dead letters, correct the events, or raise OrgQuotas.openDeadLetters.")
                            .formatted(maxOpenDeadLetters, lastCommitted == null ? " Nothing was stored." : ""));
        }
    }

    private void settle(
            AppendTransaction transaction,
            ReadEvent.Valid valid,
            Outcome outcome,
            EventSource events,
            Tally tally,
            KpiFold fold,
            List<StoredDeadLetter> letters) {
        if (outcome == Outcome.ACCEPTED) {
            fold.add(valid.candidate().event());
        }
        if (outcome == Outcome.CONFLICT) {
            Rejection conflict = conflict(transaction.org().identityScope());
            tally.valid(
                    valid,
                    outcome,
                    conflict,
                    letter(transaction, events, letters, valid, conflict, events.context(valid.occurrence())));
        } else {
            tally.valid(valid, outcome, null, null);
        }
    }

    private static Rejection conflict(IdentityScope identityScope) {
        String same = identityScope == IdentityScope.DAY ? "this id, source and day" : "this id and source";
        return new Rejection(
                RejectionCode.ID_CONFLICT,
                "id",
                "An event with %s is stored with other content and stays. Give this one an id of its own."
                        .formatted(same));
    }

    /** The id of the dead letter; a replay keeps the letter it has, and a row read again is the letter it was. */
    private UUID letter(
            AppendTransaction transaction,
            EventSource events,
            List<StoredDeadLetter> letters,
            ReadEvent event,
            Rejection rejection,
            String context) {
        if (replay != null) {
            return replay.id();
        }
        byte[] payload = event.original().bytes();
        boolean invalid = event instanceof ReadEvent.Invalid;
        UUID id = LetterId.of(transaction.org().hashKey(), source, events.format(), invalid ? context : "", payload);
        DeadLetter letter = new DeadLetter(
                id, receiptId, source, event.row(), rejection, events.format(), null, DeadLetter.Status.OPEN, 0, null);
        letters.add(new StoredDeadLetter(letter, context, payload));
        return id;
    }

    private static void checkOnly(ReadEvent event, Tally tally) {
        if (event instanceof ReadEvent.Invalid invalid) {
            tally.invalid(invalid, null);
        } else if (event instanceof ReadEvent.Valid valid) {
            tally.valid(valid, Outcome.ACCEPTED, null, null);
        }
    }

    private static boolean hasInvalid(List<ReadEvent> piece) {
        return piece.stream().anyMatch(ReadEvent.Invalid.class::isInstance);
    }

    private void requireStrictSize(long rows) {
        if (rows > settings.maxStrictRows()) {
            throw new SmartDataException(
                    options.dryRun() ? "dry_run_too_large" : "strict_too_large",
                    ("The input has more than %d rows, the most that one transaction takes. Nothing was stored. "
                                    + "Use validated mode: it checks the whole input first and then commits in pieces.")
                            .formatted(settings.maxStrictRows()));
        }
    }

    private static void refuseIfBad(Tally tally) {
        if (tally.bad() > 0) {
            throw new IngestRefusedException(tally.badRows(), tally.bad());
        }
    }

    private Optional<StoredReceipt> claim(AppendTransaction transaction, byte @Nullable [] contentHash) {
        String key = options.idempotencyKey();
        return key == null || contentHash == null ? Optional.empty() : transaction.claim(receiptId, key, contentHash);
    }

    private static int addDeltas(AppendTransaction transaction, KpiFold fold) {
        var deltas = fold.deltas();
        if (!deltas.isEmpty()) {
            transaction.addDeltas(transaction.org().generation(), deltas);
        }
        return deltas.size();
    }

    private Pieces open(OrgSettings org) {
        EventSource events = opener.open(org, clock.instant(), receiptId);
        return new Pieces(events, settings, listAccepted, () -> lastCommitted != null);
    }

    private Tally newTally() {
        return new Tally(listAccepted ? Integer.MAX_VALUE : settings.maxFileOutcomes(), listAccepted);
    }

    /** Runs again when the org's definitions moved under it, or when it is to replace events: nothing was stored then. */
    private <R> R append(AppendWork<R> work) {
        boolean correcting = false;
        while (true) {
            try {
                if (correcting) {
                    return storage.events().correct(scope, work::run);
                }
                return host == null
                        ? storage.events().append(scope, work)
                        : storage.events().append(scope, host, work);
            } catch (GenerationMovedException moved) {
                generations.load(scope, moved.generation());
            } catch (CorrectionNeeded conflict) {
                correcting = true;
            }
        }
    }

    private IngestReceipt receipt(Tally tally, EventSource events, AppendTransaction transaction) {
        return tally.receipt(
                receiptId,
                source,
                events,
                options.mode(),
                options.dryRun(),
                transaction.provisional(),
                transaction.receivedAt(),
                Duration.between(startedAt, clock.instant()));
    }

    /** A replay that found nothing to try leaves no receipt. */
    private void put(AppendTransaction transaction, IngestReceipt receipt, boolean complete) {
        if (replay == null || replay.taken()) {
            transaction.putReceipt(stored(receipt, complete));
        }
    }

    /** Only a call with an idempotency key is ever answered from the store, so only its receipt lists what went well. */
    private StoredReceipt stored(IngestReceipt receipt, boolean complete) {
        return new StoredReceipt(
                receipt.id(),
                receipt.source(),
                receipt.received(),
                receipt.accepted(),
                receipt.duplicates(),
                receipt.conflicts(),
                receipt.rejected(),
                complete,
                options.idempotencyKey() == null ? ReceiptJson.writeProblems(receipt) : ReceiptJson.write(receipt));
    }
}

package io.smartdata.core.ingest;

import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.ingest.ReplayedLetter.Fate;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.AppendTransaction;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of a dead letter in the transaction of its event. What the letter is now is read there, under a lock: of several
 * nodes that replay it one tries at a time, and whoever comes after it has been settled leaves it alone.
 */
final class LetterReplay {
    private final DeadLetter letter;
    private final ReplayOptions options;
    private final Predicate<String> heldBack;
    private Fate fate = Fate.SETTLED_BEFORE;
    private @Nullable String subject;

    LetterReplay(DeadLetter letter, ReplayOptions options, Predicate<String> heldBack) {
        this.letter = letter;
        this.options = options;
        this.heldBack = heldBack;
    }

    UUID id() {
        return letter.id();
    }

    /** Locks the letter; true if it is to be tried. */
    boolean take(AppendTransaction transaction, List<ReadEvent> piece) {
        subject = piece.get(0).subject();
        fate = transaction.lockDeadLetter(letter.id()).map(this::fate).orElse(Fate.SETTLED_BEFORE);
        return taken();
    }

    private Fate fate(DeadLetter now) {
        if (now.status() != DeadLetter.Status.OPEN) {
            return Fate.SETTLED_BEFORE;
        }
        if (now.attempts() >= options.maxAttempts()) {
            return Fate.AT_CAP;
        }
        return subject != null && heldBack.test(subject) ? Fate.HELD_BACK : Fate.TRIED;
    }

    boolean taken() {
        return fate == Fate.TRIED;
    }

    /**
     * @param stored true if the event is in the store now, be it from this replay or from before
     */
    void settle(AppendTransaction transaction, boolean stored) {
        transaction.settleDeadLetter(letter.id(), stored ? DeadLetter.Status.REPLAYED : DeadLetter.Status.OPEN);
        if (stored) {
            transaction.audit(AuditEntry.done(
                    AuditAction.REPLAY, "dead letter " + letter.id(), Map.of("changes", options.outline())));
        }
    }

    /**
     * @param receipt of the call, which is over
     */
    ReplayedLetter result(IngestReceipt receipt) {
        if (!taken()) {
            return new ReplayedLetter(fate, subject, null);
        }
        EventOutcome outcome = receipt.outcomes().get(0);
        return new ReplayedLetter(
                fate,
                subject,
                new EventOutcome(letter.row(), outcome.id(), outcome.outcome(), outcome.rejection(), letter.id()));
    }
}

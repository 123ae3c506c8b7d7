package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.EventOutcome;
import io.smartdata.event.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What became of a dead letter in one replay.
 *
 * @param fate whether it was tried, and why not
 * @param subject whom its event is about as far as that could be read, or null
 * @param outcome what became of its event; null unless it was tried
 * @since 0.1.0
 */
public record ReplayedLetter(
        Fate fate, @Nullable String subject, @Nullable EventOutcome outcome) {
    /** Whether a letter was tried. */
    public enum Fate {
        /** Tried; the outcome tells more. */
        TRIED,
        /** Not open any more: replayed by another node, or discarded. */
        SETTLED_BEFORE,
        /** Tried as often as allowed before this replay. */
        AT_CAP,
        /** An earlier letter of its subject is still open. */
        HELD_BACK
    }

    public ReplayedLetter {
        requireNonNull(fate, "fate");
        if ((fate == Fate.TRIED) != (outcome != null)) {
            throw new IllegalArgumentException("A letter has an outcome if it was tried, and only then");
        }
    }

    /** True if the letter is open still, so that later ones of its subject have to wait. */
    public boolean open() {
        return switch (fate) {
            case SETTLED_BEFORE -> false;
            case AT_CAP, HELD_BACK -> true;
            case TRIED ->
                requireNonNull(outcome).outcome() == Outcome.REJECTED || outcome.outcome() == Outcome.CONFLICT;
        };
    }
}

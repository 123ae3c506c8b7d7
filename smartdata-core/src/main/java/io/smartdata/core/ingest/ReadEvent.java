package io.smartdata.core.ingest;

import io.smartdata.event.Rejection;
import io.smartdata.storage.EventCandidate;
import org.jspecify.annotations.Nullable;

/**
 * One row of an input, valid or not.
 *
 * @since 0.1.0
 */
public sealed interface ReadEvent {
    /** Position, as {@link io.smartdata.event.EventOutcome#row()}. */
    long row();

    /**
     * The bytes this row was read from: physical lines of CSV, one line of NDJSON, the exact text of a JSON element. At
     * most 1 MiB; the rejection of a longer one says that it was cut.
     */
    Original original();

    /** The same event at another position. */
    ReadEvent at(long newRow);

    /** Whom it is about, as far as it could be read, or null. */
    @Nullable
    String subject();

    /**
     * A row that may be stored.
     *
     * @param candidate the event with its fingerprint, privacy rules not yet applied
     * @param row position
     * @param original what it was read from
     * @param occurrence number among equal rows of its input, from 1; 1 if ids do not depend on it
     * @param warning the rule it breaks all the same, as {@code NAME: FIELD}, or null
     */
    record Valid(
            EventCandidate candidate,
            long row,
            Original original,
            long occurrence,
            @Nullable String warning) implements ReadEvent {
        Valid(EventCandidate candidate, long row, Original original, long occurrence) {
            this(candidate, row, original, occurrence, null);
        }

        @Override
        public Valid at(long newRow) {
            return new Valid(candidate, newRow, original, occurrence, warning);
        }

        Valid withWarning(String newWarning) {
            return new Valid(candidate, row, original, occurrence, newWarning);
        }

        /** The same row when a rule forbids to store it. */
        Invalid refused(Rejection rejection, EventSource events) {
            String id = events.identity() == Identity.CLIENT
                    ? candidate.event().id().text()
                    : null;
            return new Invalid(row, id, subject(), rejection, original, events.context(occurrence));
        }

        @Override
        public @Nullable String subject() {
            return candidate.event().subject();
        }
    }

    /**
     * A row that may not.
     *
     * @param row position
     * @param id the sender's id as far as it could be read, or null
     * @param subject whom it is about as far as that could be read, or null
     * @param rejection why, and what to do
     * @param original what it was read from
     * @param context what is needed to read these bytes again, as canonical JSON
     */
    record Invalid(
            long row,
            @Nullable String id,
            @Nullable String subject,
            Rejection rejection,
            Original original,
            String context)
            implements ReadEvent {
        @Override
        public Invalid at(long newRow) {
            return new Invalid(newRow, id, subject, rejection, original, context);
        }
    }
}

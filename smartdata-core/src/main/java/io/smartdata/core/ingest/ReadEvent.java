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

    /**
     * A row that may be stored.
     *
     * @param candidate the event with its fingerprint, privacy rules not yet applied
     * @param row position
     * @param original what it was read from
     * @param warning the rule it breaks all the same, as {@code NAME: FIELD}, or null
     */
    record Valid(
            EventCandidate candidate,
            long row,
            Original original,
            @Nullable String warning) implements ReadEvent {
        Valid(EventCandidate candidate, long row, Original original) {
            this(candidate, row, original, null);
        }

        Valid withWarning(String newWarning) {
            return new Valid(candidate, row, original, newWarning);
        }
    }

    /**
     * A row that may not.
     *
     * @param row position
     * @param id the sender's id as far as it could be read, or null
     * @param rejection why, and what to do
     * @param original what it was read from
     * @param context what is needed to read these bytes again, as canonical JSON
     */
    record Invalid(long row, @Nullable String id, Rejection rejection, Original original, String context)
            implements ReadEvent {}
}

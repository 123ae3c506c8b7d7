package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of the event at one position of a call.
 *
 * @param row position: for CSV the physical line of the file, starting at 1 with the header; for NDJSON the line; for a
 *     JSON array or a batch the place in it, starting at 1
 * @param id the sender's id as far as it could be read, or null
 * @param outcome what became of it
 * @param rejection why, for {@link Outcome#REJECTED} and {@link Outcome#CONFLICT}; else null
 * @param deadLetterId where its original bytes are kept, or null
 * @since 0.1.0
 */
public record EventOutcome(
        long row,
        @Nullable String id,
        Outcome outcome,
        @Nullable Rejection rejection,
        @Nullable UUID deadLetterId) {
    public EventOutcome {
        requireNonNull(outcome, "outcome");
    }
}

package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that was not accepted, without its original bytes: those stay in the store until somebody who may see them asks.
 *
 * @param id random
 * @param receiptId the call it came with
 * @param source the source the call named
 * @param row position in the call, as {@link EventOutcome#row()}
 * @param rejection why it was not accepted
 * @param format of the original bytes: {@code csv}, {@code json} or {@code ndjson}
 * @param receivedAt by the database's clock; null until stored
 * @param status what became of it
 * @param attempts replays tried since it was kept or opened again
 * @param note why it was given up; null unless {@code status} is {@link Status#DISCARDED}
 * @since 0.1.0
 */
public record DeadLetter(
        UUID id,
        UUID receiptId,
        String source,
        long row,
        Rejection rejection,
        String format,
        @Nullable Instant receivedAt,
        Status status,
        int attempts,
        @Nullable String note) {
    public DeadLetter {
        requireNonNull(id, "id");
        requireNonNull(receiptId, "receiptId");
        requireNonNull(source, "source");
        requireNonNull(rejection, "rejection");
        requireNonNull(format, "format");
        requireNonNull(status, "status");
    }

    /** What became of a dead letter. */
    public enum Status {
        /** Waits for somebody. */
        OPEN,
        /** A replay was accepted, or found to be a duplicate. */
        REPLAYED,
        /** Given up on purpose. */
        DISCARDED
    }
}

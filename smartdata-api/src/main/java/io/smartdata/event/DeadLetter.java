package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that was not accepted, with its original bytes, ready to be fixed and replayed.
 *
 * @param id random
 * @param receiptId the call it came with
 * @param source the source the call named
 * @param row position in the call, as {@link EventOutcome#row()}
 * @param rejection why it was not accepted
 * @param format of the payload: {@code csv}, {@code json} or {@code ndjson}
 * @param context what is needed to read the payload again, as canonical JSON: delimiter, header, options of the call
 * @param payload the original bytes; not copied
 * @param receivedAt by the database's clock; null until stored
 * @param status what became of it
 * @param attempts replays tried
 * @since 0.1.0
 */
public record DeadLetter(
        UUID id,
        UUID receiptId,
        String source,
        long row,
        Rejection rejection,
        String format,
        String context,
        byte[] payload,
        @Nullable Instant receivedAt,
        Status status,
        int attempts) {
    public DeadLetter {
        requireNonNull(id, "id");
        requireNonNull(receiptId, "receiptId");
        requireNonNull(source, "source");
        requireNonNull(rejection, "rejection");
        requireNonNull(format, "format");
        requireNonNull(context, "context");
        requireNonNull(payload, "payload");
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

package io.smartdata.storage;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.RejectionCode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters; null means any.
 *
 * @param status what became of them
 * @param code why they were not accepted
 * @param source the source their call named
 * @param receiptId the call they came with
 * @param limit most to give, 1 to 100 000
 * @since 0.1.0
 */
public record DeadLetterQuery(
        DeadLetter.@Nullable Status status,
        @Nullable RejectionCode code,
        @Nullable String source,
        @Nullable UUID receiptId,
        int limit) {
    public DeadLetterQuery {
        if (limit < 1 || limit > 100_000) {
            throw new IllegalArgumentException("limit must be 1 to 100 000, was " + limit);
        }
    }

    /** The oldest that wait for somebody. */
    public static DeadLetterQuery open(int limit) {
        return new DeadLetterQuery(DeadLetter.Status.OPEN, null, null, null, limit);
    }

    /** The oldest, whatever became of them. */
    public static DeadLetterQuery any(int limit) {
        return new DeadLetterQuery(null, null, null, null, limit);
    }

    /** Only those refused for this reason. */
    public DeadLetterQuery withCode(@Nullable RejectionCode newCode) {
        return new DeadLetterQuery(status, newCode, source, receiptId, limit);
    }

    /** Only those of calls that named this source. */
    public DeadLetterQuery withSource(@Nullable String newSource) {
        return new DeadLetterQuery(status, code, newSource, receiptId, limit);
    }

    /** Only those of this call. */
    public DeadLetterQuery withReceipt(@Nullable UUID newReceiptId) {
        return new DeadLetterQuery(status, code, source, newReceiptId, limit);
    }
}

package io.smartdata.storage;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.RejectionCode;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters of an org: those that meet every condition. Null and an empty set set no condition.
 *
 * @param ids these letters, at most {@value #MAX_IDS}
 * @param status what became of them
 * @param codes one of these reasons
 * @param source the source their call named
 * @param receiptId the call they came with
 * @param from received at or after
 * @param to received before
 * @since 0.1.0
 */
public record DeadLetterFilter(
        Set<UUID> ids,
        DeadLetter.@Nullable Status status,
        Set<RejectionCode> codes,
        @Nullable String source,
        @Nullable UUID receiptId,
        @Nullable Instant from,
        @Nullable Instant to) {
    /** Most letters that can be named one by one. */
    public static final int MAX_IDS = 1000;

    private static final DeadLetterFilter ANY = new DeadLetterFilter(Set.of(), null, Set.of(), null, null, null, null);

    public DeadLetterFilter {
        ids = Set.copyOf(ids);
        codes = Set.copyOf(codes);
        if (ids.size() > MAX_IDS) {
            throw new IllegalArgumentException("ids must be at most %d, were %d".formatted(MAX_IDS, ids.size()));
        }
    }

    /** All letters, whatever became of them. */
    public static DeadLetterFilter any() {
        return ANY;
    }

    /** Those that wait for somebody. */
    public static DeadLetterFilter open() {
        return ANY.withStatus(DeadLetter.Status.OPEN);
    }

    /** Only these. */
    public DeadLetterFilter withIds(Set<UUID> newIds) {
        return new DeadLetterFilter(newIds, status, codes, source, receiptId, from, to);
    }

    /** Only those of which this became. */
    public DeadLetterFilter withStatus(DeadLetter.@Nullable Status newStatus) {
        return new DeadLetterFilter(ids, newStatus, codes, source, receiptId, from, to);
    }

    /** Only those refused for one of these reasons. */
    public DeadLetterFilter withCodes(Set<RejectionCode> newCodes) {
        return new DeadLetterFilter(ids, status, newCodes, source, receiptId, from, to);
    }

    /** Only those of calls that named this source. */
    public DeadLetterFilter withSource(@Nullable String newSource) {
        return new DeadLetterFilter(ids, status, codes, newSource, receiptId, from, to);
    }

    /** Only those of this call. */
    public DeadLetterFilter withReceipt(@Nullable UUID newReceiptId) {
        return new DeadLetterFilter(ids, status, codes, source, newReceiptId, from, to);
    }

    /** Only those received at or after {@code newFrom} and before {@code newTo}. */
    public DeadLetterFilter withReceived(@Nullable Instant newFrom, @Nullable Instant newTo) {
        return new DeadLetterFilter(ids, status, codes, source, receiptId, newFrom, newTo);
    }
}

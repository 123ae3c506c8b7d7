package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * One page of dead letters, oldest first.
 *
 * @param filter which letters
 * @param after the last letter of the page before, so that paging costs the same anywhere; null to start with the oldest
 * @param limit most to give, 1 to 100 000
 * @since 0.1.0
 */
public record DeadLetterQuery(
        DeadLetterFilter filter, @Nullable DeadLetter after, int limit) {
    /** Most letters of one page. */
    public static final int MAX_LIMIT = 100_000;

    public DeadLetterQuery {
        requireNonNull(filter, "filter");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to 100 000, was " + limit);
        }
        if (after != null && after.receivedAt() == null) {
            throw new IllegalArgumentException("after must be a letter that the store gave");
        }
    }

    /** The oldest of the filter. */
    public static DeadLetterQuery of(DeadLetterFilter filter, int limit) {
        return new DeadLetterQuery(filter, null, limit);
    }

    /** The oldest that wait for somebody. */
    public static DeadLetterQuery open(int limit) {
        return of(DeadLetterFilter.open(), limit);
    }

    /** The oldest, whatever became of them. */
    public static DeadLetterQuery any(int limit) {
        return of(DeadLetterFilter.any(), limit);
    }

    /** The page that follows {@code last}. */
    public DeadLetterQuery after(@Nullable DeadLetter last) {
        return new DeadLetterQuery(filter, last, limit);
    }
}

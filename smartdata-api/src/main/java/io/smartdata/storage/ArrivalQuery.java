package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

/**
 * One page of events in the order of arrival.
 *
 * @param filter which events
 * @param after the place behind which the page begins
 * @param limit most events of the page, at least 1
 * @param looked most events to look at for it, at least {@code limit}: a page ends about there though it is not full
 * @since 0.1.0
 */
public record ArrivalQuery(StoredEventFilter filter, ArrivalPosition after, int limit, int looked) {
    public ArrivalQuery {
        requireNonNull(filter, "filter");
        requireNonNull(after, "after");
        if (limit < 1 || looked < limit) {
            throw new IllegalArgumentException(
                    "A page has at least 1 event and looks at no fewer, was %d and %d".formatted(limit, looked));
        }
    }
}

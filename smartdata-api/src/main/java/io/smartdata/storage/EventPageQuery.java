package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One page of events in the order of {@link EventStore#scan}.
 *
 * @param filter which events
 * @param after the place behind which the page begins, or null to begin with the first event
 * @param limit most events of the page, at least 1
 * @param looked most events to look at for it, at least {@code limit}: a page ends there though it is not full
 * @since 0.1.0
 */
public record EventPageQuery(
        StoredEventFilter filter, @Nullable EventPosition after, int limit, int looked) {
    public EventPageQuery {
        requireNonNull(filter, "filter");
        if (limit < 1 || looked < limit) {
            throw new IllegalArgumentException(
                    "A page has at least 1 event and looks at no fewer, was %d and %d".formatted(limit, looked));
        }
    }
}

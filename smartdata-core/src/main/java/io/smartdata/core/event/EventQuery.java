package io.smartdata.core.event;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.StoredEventFilter;
import org.jspecify.annotations.Nullable;

/**
 * A page of stored events.
 *
 * @param filter which events
 * @param limit most events of the page, 1 to {@value Events#MAX_PAGE}
 * @param cursor where an earlier page of the same filter ended, or null to begin
 * @since 0.1.0
 */
public record EventQuery(
        StoredEventFilter filter, int limit, @Nullable String cursor) {
    public EventQuery {
        requireNonNull(filter, "filter");
    }

    /** The first events of a filter. */
    public static EventQuery of(StoredEventFilter filter, int limit) {
        return new EventQuery(filter, limit, null);
    }

    /** The page behind an earlier one. */
    public EventQuery after(@Nullable String newCursor) {
        return new EventQuery(filter, limit, newCursor);
    }
}

package io.smartdata.storage;

import io.smartdata.event.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events, and where to go on.
 *
 * @param events in order; may be empty though more follow, where few of the events looked at were wanted
 * @param next the place behind which the next page begins, or null if no event follows
 * @since 0.1.0
 */
public record EventPage(List<StoredEvent> events, @Nullable EventPosition next) {
    public EventPage {
        events = List.copyOf(events);
    }
}

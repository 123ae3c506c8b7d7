package io.smartdata.core.event;

import io.smartdata.event.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some stored events.
 *
 * @param events in order; may be fewer than asked for, or none, though more follow: few of those looked at were wanted
 * @param next cursor of the next page; null if no event follows. In the order of arrival there always is one, since more can
 *     still arrive
 * @param more true if there is more to look at already
 * @since 0.1.0
 */
public record EventsPage(List<StoredEvent> events, @Nullable String next, boolean more) {
    public EventsPage {
        events = List.copyOf(events);
    }
}

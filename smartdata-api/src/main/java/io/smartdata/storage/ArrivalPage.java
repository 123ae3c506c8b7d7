package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.StoredEvent;
import java.util.List;

/**
 * Some events in the order of arrival, and where to go on, now or when more have come.
 *
 * @param events in order; may be empty though more follow, where few of the events looked at were wanted
 * @param next the place behind which the next page begins; what arrives later lies behind it
 * @param more true if there is more to look at already
 * @since 0.1.0
 */
public record ArrivalPage(List<StoredEvent> events, ArrivalPosition next, boolean more) {
    public ArrivalPage {
        events = List.copyOf(events);
        requireNonNull(next, "next");
    }
}

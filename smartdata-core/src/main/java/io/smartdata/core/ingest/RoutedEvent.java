package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.tenancy.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * An event and the org it says it belongs to.
 *
 * @param org null if it does not say
 * @param event the event
 * @since 0.1.0
 */
public record RoutedEvent(@Nullable OrgId org, Event event) {
    public RoutedEvent {
        requireNonNull(event, "event");
    }
}

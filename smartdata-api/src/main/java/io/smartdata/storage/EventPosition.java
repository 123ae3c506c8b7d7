package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The place of an event in the order of {@link EventStore#scan}. It stays the same while the event is stored.
 *
 * @param day UTC day on which it occurred
 * @param source its source
 * @param id its id
 * @since 0.1.0
 */
public record EventPosition(LocalDate day, String source, EventId id) {
    public EventPosition {
        requireNonNull(day, "day");
        requireNonNull(source, "source");
        requireNonNull(id, "id");
    }

    /** Where an event stands. */
    public static EventPosition of(Event event) {
        return new EventPosition(event.occurredAt().atOffset(ZoneOffset.UTC).toLocalDate(), event.source(), event.id());
    }
}

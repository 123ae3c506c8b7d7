package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as the store holds it.
 *
 * @param event the event
 * @param receivedAt when it was stored, by the database's clock
 * @param receiptId the call it came with
 * @since 0.1.0
 */
public record StoredEvent(Event event, Instant receivedAt, UUID receiptId) {
    public StoredEvent {
        requireNonNull(event, "event");
        requireNonNull(receivedAt, "receivedAt");
        requireNonNull(receiptId, "receiptId");
    }
}

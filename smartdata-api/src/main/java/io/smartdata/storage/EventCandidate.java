package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import java.util.UUID;

/**
 * A valid event on its way into the store.
 *
 * @param event the event, privacy rules applied
 * @param fingerprint 16 bytes that tell a duplicate from a conflict; of the event before privacy rules; not copied
 * @param receiptId the call it came with
 * @since 0.1.0
 */
public record EventCandidate(Event event, byte[] fingerprint, UUID receiptId) {
    /** Bytes of a fingerprint. */
    public static final int FINGERPRINT_BYTES = 16;

    public EventCandidate {
        requireNonNull(event, "event");
        requireNonNull(receiptId, "receiptId");
        if (fingerprint.length != FINGERPRINT_BYTES) {
            throw new IllegalArgumentException(
                    "A fingerprint has %d bytes, this one has %d".formatted(FINGERPRINT_BYTES, fingerprint.length));
        }
    }
}

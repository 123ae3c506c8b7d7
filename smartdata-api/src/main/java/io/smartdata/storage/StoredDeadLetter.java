package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.DeadLetter;

/**
 * A dead letter as the store holds it: with everything that is needed to read it again.
 *
 * @param letter what everybody may know who operates the org
 * @param context how to read the payload, as canonical JSON: delimiter, header, options of the call
 * @param payload the original bytes; not copied
 * @since 0.1.0
 */
public record StoredDeadLetter(DeadLetter letter, String context, byte[] payload) {
    public StoredDeadLetter {
        requireNonNull(letter, "letter");
        requireNonNull(context, "context");
        requireNonNull(payload, "payload");
    }
}

package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why one event was not accepted, and what to do about it.
 *
 * @param code stable reason
 * @param field the field at fault as the sender named it, but at most 60 characters and {@code ?} for those of control; null
 *     if it is the whole event
 * @param message one sentence with the remedy; never longer input than a few characters
 * @since 0.1.0
 */
public record Rejection(RejectionCode code, @Nullable String field, String message) {
    public Rejection {
        requireNonNull(code, "code");
        requireNonNull(message, "message");
    }
}

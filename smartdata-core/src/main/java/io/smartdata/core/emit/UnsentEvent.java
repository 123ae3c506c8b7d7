package io.smartdata.core.emit;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that the emitter gave up: the server will never take it, or it could not be sent before the end.
 *
 * @param json the event as it was sent, one JSON object
 * @param code why, snake_case: of the server, or {@code not_sent} if the emitter was closed before
 * @param message why, for people
 * @param at when it was given up
 * @param deadLetterId of the server's own dead letter; null if there is none
 * @since 0.1.0
 */
public record UnsentEvent(
        String json,
        String code,
        String message,
        Instant at,
        @Nullable String deadLetterId) {
    /** {@link #code()} of events that were in memory only when the emitter was closed. */
    public static final String NOT_SENT = "not_sent";

    public UnsentEvent {
        requireNonNull(json, "json");
        requireNonNull(code, "code");
        requireNonNull(message, "message");
        requireNonNull(at, "at");
    }

    static UnsentEvent of(byte[] json, String code, String message, Instant at, @Nullable String deadLetterId) {
        return new UnsentEvent(new String(json, StandardCharsets.UTF_8), code, message, at, deadLetterId);
    }

    /** Without the payload. */
    @Override
    public String toString() {
        return "UnsentEvent[%s, %s]".formatted(code, at);
    }
}

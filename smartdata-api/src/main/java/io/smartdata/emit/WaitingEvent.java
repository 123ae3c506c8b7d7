package io.smartdata.emit;

import static java.util.Objects.requireNonNull;

/**
 * An event that waits.
 *
 * @param ticket tells it from every other event of the spool; of no meaning to anybody else
 * @param json one JSON object in UTF-8; shared, not to be changed
 * @since 0.1.0
 */
public record WaitingEvent(String ticket, byte[] json) {
    public WaitingEvent {
        requireNonNull(ticket, "ticket");
        requireNonNull(json, "json");
    }

    /** The ticket and the length; never the payload. */
    @Override
    public String toString() {
        return "WaitingEvent[%s, %d bytes]".formatted(ticket, json.length);
    }
}

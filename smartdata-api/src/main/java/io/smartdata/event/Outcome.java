package io.smartdata.event;

import java.util.Locale;

/**
 * What became of one event that was sent.
 *
 * @since 0.1.0
 */
public enum Outcome {
    /** Stored and counted now. */
    ACCEPTED,
    /** The same event was stored before; nothing changed. */
    DUPLICATE,
    /** An event with the same identity but other content was stored before; that one stays, this one is dead-lettered. */
    CONFLICT,
    /** Not a valid event; dead-lettered. */
    REJECTED;

    /** The name in JSON and on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

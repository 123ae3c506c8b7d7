package io.smartdata.core.emit;

/**
 * What became of an event that was handed to an {@link EventEmitter}.
 *
 * @since 0.1.0
 */
public enum Emission {
    /** It waits in memory and will be sent; the end of the process loses it. */
    ACCEPTED,
    /** It is in the spool and will be sent, by another process if this one ends. */
    DURABLE,
    /** Lost: as much waits as may. */
    DROPPED_FULL,
    /** Lost: longer than one event may be. */
    DROPPED_TOO_LARGE,
    /** Lost: the emitter is closed. */
    DROPPED_CLOSED,
    /** Lost: the spool failed; the log says why. */
    DROPPED_SPOOL_FAILED;

    /** Whether the emitter has taken the event on. */
    public boolean accepted() {
        return this == ACCEPTED || this == DURABLE;
    }
}

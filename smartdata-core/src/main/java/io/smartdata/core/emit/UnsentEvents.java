package io.smartdata.core.emit;

/**
 * Takes the events that an emitter gives up: its dead letters. Called by one thread at a time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface UnsentEvents {
    /** Takes one. If this throws, the event stays where it is and is sent again. */
    void accept(UnsentEvent event);

    /** Forgets them; the emitter counts them and logs why. */
    static UnsentEvents forgotten() {
        return event -> {};
    }
}

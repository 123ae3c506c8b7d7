package io.smartdata.core.emit;

import java.util.List;

/**
 * Carries batches to a server. Called by one thread at a time; what it throws is taken for a failure that passes.
 *
 * @since 0.1.0
 */
public interface EventTransport extends AutoCloseable {
    /**
     * Sends one batch and waits for the answer, for a bounded time.
     *
     * @param events each one JSON object in UTF-8, at least one; not to be changed
     * @throws InterruptedException if the emitter is closed meanwhile; the events are sent again
     */
    Delivery send(List<byte[]> events) throws InterruptedException;

    @Override
    default void close() {
        // most hold nothing
    }
}

package io.smartdata.core.emit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EventEmitter} has done since it was built, and what waits. In events.
 *
 * @param emitted taken on
 * @param sent stored by the server because of this emitter
 * @param duplicates found stored by the server already
 * @param retried given back to be sent again, once for each time
 * @param dropped not taken on
 * @param givenUp given up
 * @param waiting not sent yet, those of earlier processes in a spool included
 * @param waitingBytes of their JSON
 * @param lastErrorCode of the last attempt that did not succeed; null if there was none
 * @param lastAnsweredAt when the server last took a batch; null if it never did
 * @since 0.1.0
 */
public record EmitterStatistics(
        long emitted,
        long sent,
        long duplicates,
        long retried,
        long dropped,
        long givenUp,
        long waiting,
        long waitingBytes,
        @Nullable String lastErrorCode,
        @Nullable Instant lastAnsweredAt) {}

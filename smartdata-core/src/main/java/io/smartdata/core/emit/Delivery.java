package io.smartdata.core.emit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt to send a batch ended.
 *
 * @since 0.1.0
 */
public sealed interface Delivery {
    /**
     * The server took the batch. Its figures add up to the size of the batch, or the answer is not believed.
     *
     * @param accepted events stored by this request
     * @param duplicates events that were stored before
     * @param failed the others
     */
    record Answered(long accepted, long duplicates, List<FailedEvent> failed) implements Delivery {
        public Answered {
            failed = List.copyOf(failed);
        }
    }

    /**
     * The batch is too large as a whole: it is sent in smaller ones.
     *
     * @param code stable, snake_case
     * @param message for people
     */
    record TooLarge(String code, String message) implements Delivery {
        public TooLarge {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
        }
    }

    /**
     * The server will never take this batch: its events become dead letters.
     *
     * @param code stable, snake_case
     * @param message for people
     */
    record Refused(String code, String message) implements Delivery {
        public Refused {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
        }
    }

    /**
     * Nobody knows what became of the batch, or the server cannot take it now: it is sent again.
     *
     * @param code stable, snake_case
     * @param message for people
     * @param retryAfter what the server asks for; null if it asks for nothing
     */
    record Deferred(String code, String message, @Nullable Duration retryAfter) implements Delivery {
        public Deferred {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
        }
    }

    /**
     * An event of a batch that the server did not take.
     *
     * @param index its place in the batch, from 0
     * @param code stable, snake_case
     * @param message for people
     * @param retryable whether the same event may be taken later
     * @param deadLetterId of the server's dead letter; null if there is none
     */
    record FailedEvent(
            int index,
            String code,
            String message,
            boolean retryable,
            @Nullable String deadLetterId) {
        public FailedEvent {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
        }
    }
}

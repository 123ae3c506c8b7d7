package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.RejectionCode;
import java.time.Instant;

/**
 * How many dead letters have one reason, one source and one fate in common.
 *
 * @param code why they were not accepted
 * @param source the source their call named
 * @param status what became of them
 * @param letters at least 1
 * @param first when the oldest was received
 * @param last when the youngest was received
 * @since 0.1.0
 */
public record DeadLetterCount(
        RejectionCode code, String source, DeadLetter.Status status, long letters, Instant first, Instant last) {
    public DeadLetterCount {
        requireNonNull(code, "code");
        requireNonNull(source, "source");
        requireNonNull(status, "status");
        requireNonNull(first, "first");
        requireNonNull(last, "last");
        if (letters < 1) {
            throw new IllegalArgumentException("letters must be at least 1, was " + letters);
        }
    }
}

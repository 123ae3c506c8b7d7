package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What ingests have added and compaction has not merged yet, at one moment. Answers are exact all the same: a backlog makes
 * them slower, never wrong.
 *
 * @param batches transactions of which at least one delta waits, at least 0
 * @param oldestAddedAt when the delta that waits longest was added, by the database's clock; null exactly if none waits
 * @param asOf the moment of the answer, by the same clock
 * @since 0.1.0
 */
public record Backlog(long batches, @Nullable Instant oldestAddedAt, Instant asOf) {
    public Backlog {
        requireNonNull(asOf, "asOf");
        if (batches < 0 || batches == 0 != (oldestAddedAt == null)) {
            throw new IllegalArgumentException(
                    "batches must be 0 exactly if there is no oldest, was " + batches + " with " + oldestAddedAt);
        }
    }

    /** Nothing waits. */
    public static Backlog none(Instant asOf) {
        return new Backlog(0, null, asOf);
    }

    /**
     * The age of the oldest delta that waits; zero if none does, however long ago the last event came, and never negative.
     */
    public Duration lag() {
        return oldestAddedAt == null || oldestAddedAt.isAfter(asOf)
                ? Duration.ZERO
                : Duration.between(oldestAddedAt, asOf);
    }
}

package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events in a range of time.
 *
 * @param source one source, or null for all
 * @param from earliest {@code occurredAt}, inclusive
 * @param to latest {@code occurredAt}, exclusive
 * @since 0.1.0
 */
public record EventRange(@Nullable String source, Instant from, Instant to) {
    public EventRange {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
    }

    /** Every event. */
    public static EventRange all() {
        return new EventRange(null, Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));
    }

    /** Every event in a range of time. */
    public static EventRange between(Instant from, Instant to) {
        return new EventRange(null, from, to);
    }
}

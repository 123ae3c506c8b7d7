package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.ConflictPolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A source of an org.
 *
 * @param name names it in the org
 * @param declared true if it was declared, false if its first accepted event made it known
 * @param conflictPolicy what happens to its conflicts
 * @param firstReceivedAt when its first event was accepted, by the database's clock; null if none was yet
 * @param lastReceivedAt when its newest event was accepted, by the database's clock; null if none was yet
 * @since 0.1.0
 */
public record StoredSource(
        String name,
        boolean declared,
        ConflictPolicy conflictPolicy,
        @Nullable Instant firstReceivedAt,
        @Nullable Instant lastReceivedAt) {
    public StoredSource {
        requireNonNull(name, "name");
        requireNonNull(conflictPolicy, "conflictPolicy");
    }
}

package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A source of an org.
 *
 * @param name names it in the org
 * @param firstReceivedAt when its first event was accepted, by the database's clock
 * @param lastReceivedAt when its newest event was accepted, by the database's clock
 * @since 0.1.0
 */
public record StoredSource(String name, Instant firstReceivedAt, Instant lastReceivedAt) {
    public StoredSource {
        requireNonNull(name, "name");
        requireNonNull(firstReceivedAt, "firstReceivedAt");
        requireNonNull(lastReceivedAt, "lastReceivedAt");
    }
}

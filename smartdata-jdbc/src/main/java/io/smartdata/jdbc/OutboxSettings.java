package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.jdbc.JdbcStorage.SchemaMode;
import java.time.Duration;

/**
 * How a {@link JdbcEventSpool} uses its table.
 *
 * @param queue what it is for, 1 to 200 characters; emitters on the same queue share its events, so they send to the same place
 * @param schema what opening does about the tables
 * @param lease how long a node may take to send what it took, before others may take it too
 * @param maxEvents most events of the queue, about; those of a host's transaction are kept beyond it
 * @since 0.1.0
 */
public record OutboxSettings(String queue, SchemaMode schema, Duration lease, long maxEvents) {
    private static final int MOST_CHARACTERS = 200;

    public OutboxSettings {
        requireNonNull(queue, "queue");
        requireNonNull(schema, "schema");
        requireNonNull(lease, "lease");
        if (queue.isBlank() || queue.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("queue has 1 to %d characters and is not blank, was %d characters long"
                    .formatted(MOST_CHARACTERS, queue.length()));
        }
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease must be positive, was " + lease);
        }
        if (maxEvents < 1) {
            throw new IllegalArgumentException("maxEvents must be at least 1, was " + maxEvents);
        }
    }

    /** This queue, with tables that are migrated, two minutes to send a batch, and a million events. */
    public static OutboxSettings of(String queue) {
        return new OutboxSettings(queue, SchemaMode.MIGRATE, Duration.ofMinutes(2), 1_000_000);
    }

    /** These settings with another rule for the tables. */
    public OutboxSettings withSchema(SchemaMode mode) {
        return new OutboxSettings(queue, mode, lease, maxEvents);
    }

    /** These settings with another time to send a batch; longer than a request may take with all that belongs to it. */
    public OutboxSettings withLease(Duration length) {
        return new OutboxSettings(queue, schema, length, maxEvents);
    }

    /** These settings with another bound. */
    public OutboxSettings withMaxEvents(long events) {
        return new OutboxSettings(queue, schema, lease, events);
    }
}

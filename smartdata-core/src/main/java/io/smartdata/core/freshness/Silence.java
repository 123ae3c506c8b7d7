package io.smartdata.core.freshness;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a source has been silent. Something to look into, never an outage: nights are quiet.
 *
 * @param source names it in the org
 * @param lastReceivedAt when its newest event was accepted, by the database's clock
 * @param age time since then
 * @since 0.1.0
 */
public record Silence(String source, Instant lastReceivedAt, Duration age) {
    public Silence {
        requireNonNull(source, "source");
        requireNonNull(lastReceivedAt, "lastReceivedAt");
        requireNonNull(age, "age");
    }
}

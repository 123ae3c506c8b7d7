package io.smartdata.core.emit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds and pace of an {@link EventEmitter}.
 *
 * @param maxWaiting most events in memory
 * @param maxWaitingBytes most bytes of their JSON
 * @param maxEventBytes longest event, in bytes of its JSON
 * @param batchEvents most events of a request
 * @param batchBytes most bytes of a request, before compression
 * @param linger longest time that an event waits for others to be sent with
 * @param firstBackoff longest wait before the first repetition; doubles with each further one
 * @param longestBackoff longest wait before any repetition
 * @since 0.1.0
 */
public record EmitterSettings(
        int maxWaiting,
        long maxWaitingBytes,
        int maxEventBytes,
        int batchEvents,
        int batchBytes,
        Duration linger,
        Duration firstBackoff,
        Duration longestBackoff) {
    private static final EmitterSettings DEFAULTS = new EmitterSettings(
            100_000,
            64L << 20,
            64 << 10,
            500,
            1 << 20,
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofMinutes(1));

    public EmitterSettings {
        requirePositive(maxWaiting, "maxWaiting");
        requirePositive(maxWaitingBytes, "maxWaitingBytes");
        requirePositive(maxEventBytes, "maxEventBytes");
        requirePositive(batchEvents, "batchEvents");
        requirePositive(batchBytes, "batchBytes");
        requirePositive(linger, "linger");
        requirePositive(firstBackoff, "firstBackoff");
        requirePositive(longestBackoff, "longestBackoff");
        if (firstBackoff.compareTo(longestBackoff) > 0) {
            throw new IllegalArgumentException("firstBackoff must not be longer than longestBackoff, was %s and %s"
                    .formatted(firstBackoff, longestBackoff));
        }
    }

    private static void requirePositive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, was %d".formatted(name, value));
        }
    }

    private static void requirePositive(Duration value, String name) {
        requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("%s must be positive, was %s".formatted(name, value));
        }
    }

    /** 100 000 events and 64 MiB waiting, 64 KiB an event, batches of 500 events or 1 MiB, sent after a second, backoff 0.5 to 60 s. */
    public static EmitterSettings defaults() {
        return DEFAULTS;
    }

    /** These settings with another bound of what waits in memory. */
    public EmitterSettings withMaxWaiting(int events, long bytes) {
        return new EmitterSettings(
                events, bytes, maxEventBytes, batchEvents, batchBytes, linger, firstBackoff, longestBackoff);
    }

    /** These settings with another bound of one event, in bytes. */
    public EmitterSettings withMaxEventBytes(int bytes) {
        return new EmitterSettings(
                maxWaiting, maxWaitingBytes, bytes, batchEvents, batchBytes, linger, firstBackoff, longestBackoff);
    }

    /** These settings with other batches. */
    public EmitterSettings withBatch(int events, int bytes) {
        return new EmitterSettings(
                maxWaiting, maxWaitingBytes, maxEventBytes, events, bytes, linger, firstBackoff, longestBackoff);
    }

    /** These settings with another wait for a batch to fill. */
    public EmitterSettings withLinger(Duration longest) {
        return new EmitterSettings(
                maxWaiting,
                maxWaitingBytes,
                maxEventBytes,
                batchEvents,
                batchBytes,
                longest,
                firstBackoff,
                longestBackoff);
    }

    /** These settings with other waits between repetitions. */
    public EmitterSettings withBackoff(Duration first, Duration longest) {
        return new EmitterSettings(
                maxWaiting, maxWaitingBytes, maxEventBytes, batchEvents, batchBytes, linger, first, longest);
    }
}

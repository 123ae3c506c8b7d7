package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds of one event and of a compressed stream.
 *
 * @param maxEventBytes longest event, in bytes of its text, less than 1 MiB; larger is
 *     {@code event_too_large}
 * @param maxDepth deepest nesting of objects and arrays, the event itself being level 1; deeper is {@code too_deep}
 * @param maxProperties most properties; more is {@code too_many_properties}
 * @param maxRatio most inflated bytes per compressed byte
 * @param futureSkew how far ahead of the clock a time may be
 * @since 0.1.0
 */
public record Limits(int maxEventBytes, int maxDepth, int maxProperties, int maxRatio, Duration futureSkew) {
    private static final Limits DEFAULTS = new Limits(64 * 1024, 16, 200, 100, Duration.ofMinutes(5));

    public Limits {
        requireNonNull(futureSkew, "futureSkew");
        requirePositive(maxEventBytes, "maxEventBytes");
        requirePositive(maxDepth, "maxDepth");
        requirePositive(maxProperties, "maxProperties");
        requirePositive(maxRatio, "maxRatio");
        if (maxEventBytes >= CharSource.MAX_KEPT) {
            throw new IllegalArgumentException(
                    "maxEventBytes must be less than %d, was %d".formatted(CharSource.MAX_KEPT, maxEventBytes));
        }
        if (futureSkew.isNegative()) {
            throw new IllegalArgumentException("futureSkew must not be negative, was " + futureSkew);
        }
    }

    private static void requirePositive(int limit, String name) {
        if (limit < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + limit);
        }
    }

    /** 64 KiB per event, depth 16, 200 properties, ratio 100, 5 minutes ahead. */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /** These limits with another event size, in bytes. */
    public Limits withMaxEventBytes(int bytes) {
        return new Limits(bytes, maxDepth, maxProperties, maxRatio, futureSkew);
    }

    /** These limits with another depth. */
    public Limits withMaxDepth(int depth) {
        return new Limits(maxEventBytes, depth, maxProperties, maxRatio, futureSkew);
    }

    /** These limits with another number of properties. */
    public Limits withMaxProperties(int properties) {
        return new Limits(maxEventBytes, maxDepth, properties, maxRatio, futureSkew);
    }

    /** These limits with another compression ratio. */
    public Limits withMaxRatio(int ratio) {
        return new Limits(maxEventBytes, maxDepth, maxProperties, ratio, futureSkew);
    }

    /** These limits with another tolerance for clocks that run ahead. */
    public Limits withFutureSkew(Duration skew) {
        return new Limits(maxEventBytes, maxDepth, maxProperties, maxRatio, skew);
    }
}

package io.smartdata.emit;

/**
 * What waits in a spool.
 *
 * @param events at least 0
 * @param bytes of their JSON, at least 0
 * @since 0.1.0
 */
public record SpoolSize(long events, long bytes) {
    public SpoolSize {
        if (events < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "A size is not negative, was %d events, %d bytes".formatted(events, bytes));
        }
    }

    /** Both together. */
    public SpoolSize plus(SpoolSize other) {
        return new SpoolSize(events + other.events, bytes + other.bytes);
    }
}

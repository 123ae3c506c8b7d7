package io.smartdata.core.ingest;

/**
 * Unit of times written as a bare number; only used when declared, never guessed from the size of the number.
 *
 * @since 0.1.0
 */
public enum EpochUnit {
    /** Seconds since 1970-01-01T00:00:00Z, decimals allowed. */
    SECONDS,
    /** Milliseconds since 1970-01-01T00:00:00Z, decimals allowed. */
    MILLIS
}

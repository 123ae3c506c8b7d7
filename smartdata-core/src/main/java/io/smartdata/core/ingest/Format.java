package io.smartdata.core.ingest;

import java.util.Locale;

/**
 * How events are written down.
 *
 * @since 0.1.0
 */
public enum Format {
    /** Told from the first bytes; the receipt says what was found. */
    AUTO,
    /** RFC 4180 with a header; tab separated values are CSV with a tab. */
    CSV,
    /** One object, an array of objects, or an object whose {@code events} member is such an array. */
    JSON,
    /** One JSON object per line. */
    NDJSON;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Lower-case word used in receipts and dead letters. */
    public String code() {
        return code;
    }
}

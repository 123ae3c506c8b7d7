package io.smartdata.core.export;

import java.util.Locale;

/**
 * How events are written.
 *
 * @since 0.1.0
 */
public enum EventFormat {
    /** A header and one row per event; cells that would run as a formula are neutralised. */
    CSV,
    /** One JSON object per line, with everything as it came: what ingest reads back without loss. */
    NDJSON;

    /**
     * The reverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if there is no such format
     */
    public static EventFormat ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** The name on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.smartdata.core.export;

import java.util.Locale;

/**
 * How rows are written.
 *
 * @since 0.1.0
 */
public enum ExportFormat {
    /** A header and a line per row; cells that would run as a formula are neutralised. */
    CSV,
    /** A JSON object per line. Events have everything as it came: what ingest reads back without loss. */
    NDJSON;

    /**
     * The reverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if there is no such format
     */
    public static ExportFormat ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** The name on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

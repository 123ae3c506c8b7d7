package io.smartdata.core.ingest;

import java.util.Locale;

/**
 * What makes two events the same one.
 *
 * @since 0.1.0
 */
public enum Identity {
    /** {@link #CLIENT} if the file has an id column or the first JSON event an id member, else {@link #CONTENT}. */
    AUTO,
    /** The sender's id. */
    CLIENT,
    /** The row's own content and its number among equal rows of the file. */
    CONTENT,
    /** Source, time and name: at most one event of a name per source and microsecond. */
    NATURAL;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Lower-case word used in receipts and dead letters. */
    public String code() {
        return code;
    }
}

package io.smartdata.event;

import java.util.Locale;

/**
 * Why an event was not accepted. The codes are part of the contract.
 *
 * @since 0.1.0
 */
public enum RejectionCode {
    /** No id, where the identity rule needs the sender's. */
    MISSING_ID,
    /** No name and no default name. */
    MISSING_NAME,
    /** No time. */
    MISSING_TIME,
    /** An id that is empty, too long or not text. */
    INVALID_ID,
    /** A name, source, subject, entity or session that is blank, too long or has control characters. */
    INVALID_NAME,
    /** A time outside the grammar or the range. */
    INVALID_TIME,
    /** A value that is not a finite decimal within the limits. */
    INVALID_VALUE,
    /** Not a JSON object. */
    INVALID_JSON,
    /** A CSV row that does not fit its header. */
    INVALID_CSV,
    /** Bytes that are not valid in the declared character set, or an unpaired surrogate. */
    INVALID_ENCODING,
    /** Before the org's retained history. */
    TOO_OLD,
    /** Further ahead of the clock than allowed. */
    IN_FUTURE,
    /** More bytes than one event may have. */
    EVENT_TOO_LARGE,
    /** Nested deeper than allowed. */
    TOO_DEEP,
    /** More properties than allowed. */
    TOO_MANY_PROPERTIES,
    /** The same member or column twice. */
    DUPLICATE_FIELD,
    /** A source that is not declared. */
    UNKNOWN_SOURCE,
    /** No org could be told. */
    ORG_MISSING,
    /** The event names another org than the caller's scope. */
    ORG_MISMATCH,
    /** The caller may not do this. */
    NOT_PERMITTED,
    /** The same identity with other content is stored already. */
    ID_CONFLICT,
    /** Breaks the declared schema of its name. */
    SCHEMA_VIOLATION,
    /** Over the rate agreed for the org. */
    THROTTLED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The stable, snake_case code. */
    public String code() {
        return code;
    }

    /**
     * The reverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if there is no such code
     */
    public static RejectionCode ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}

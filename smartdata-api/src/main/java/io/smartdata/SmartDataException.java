package io.smartdata;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one root of everything smartdata throws: a stable code for programs, a sentence for people.
 *
 * <p>The sentence says what happened, what it means for the data and what to do. It never holds payloads, SQL or keys.
 *
 * @since 0.1.0
 */
public class SmartDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code stable, snake_case
     * @param message what happened, what it means for the data, what to do
     */
    public SmartDataException(String code, String message) {
        this(code, message, null);
    }

    /**
     * @param code stable, snake_case
     * @param message what happened, what it means for the data, what to do
     * @param cause passed on for the log, never shown to callers
     */
    public SmartDataException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Stable, snake_case; part of the contract, unlike the message. */
    public final String code() {
        return code;
    }
}

package io.smartdata;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is wrong with the call, only the moment: nothing was stored by it, and the same call may succeed later.
 *
 * @since 0.1.0
 */
public abstract class RetryLaterException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * @param code stable, snake_case
     * @param message what happened, that nothing was stored, when to try again
     * @param retryAfter when to try again, counted from now
     */
    protected RetryLaterException(String code, String message, Duration retryAfter, @Nullable Throwable cause) {
        super(code, message, cause);
        this.retryAfter = requireNonNull(retryAfter, "retryAfter");
    }

    /** When to try again, counted from when this was thrown. */
    public final Duration retryAfter() {
        return retryAfter;
    }
}

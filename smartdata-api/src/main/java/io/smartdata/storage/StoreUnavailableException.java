package io.smartdata.storage;

import io.smartdata.RetryLaterException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The database cannot be reached, is out of space or refuses for now. Nothing was stored by this call; try again later.
 *
 * @since 0.1.0
 */
public final class StoreUnavailableException extends RetryLaterException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what cannot be reached and what to do, without secrets
     * @param retryAfter when to try again
     */
    public StoreUnavailableException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super("store_unavailable", message, retryAfter, cause);
    }
}

package io.smartdata.storage;

import io.smartdata.SmartDataException;
import org.jspecify.annotations.Nullable;

/**
 * The connection was lost while committing: the call may or may not be stored. Send it again; what was stored is then
 * answered as duplicate.
 *
 * @since 0.1.0
 */
public final class UnknownOutcomeException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    public UnknownOutcomeException(@Nullable Throwable cause) {
        super(
                "unknown_outcome",
                "The connection was lost while committing: this call may or may not be stored. Send it again, it is safe.",
                cause);
    }
}

package io.smartdata.core.ingest;

import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import org.jspecify.annotations.Nullable;

/** A payload to which a {@link Transformation} cannot be applied; an outcome of its dead letter, never seen by callers. */
final class UntransformableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    UntransformableException(RejectionCode code, @Nullable String field, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.rejection = new Rejection(code, field, message);
    }

    Rejection rejection() {
        return rejection;
    }
}

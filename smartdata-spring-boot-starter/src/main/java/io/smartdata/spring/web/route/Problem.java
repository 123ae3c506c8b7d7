package io.smartdata.spring.web.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure as RFC 9457 writes it. What goes wrong on our side is answered in fixed words: no text of an exception, class
 * name, SQL or path leaves the server.
 *
 * @param status of the answer
 * @param code stable, snake_case; also the end of {@code type}
 * @param detail what happened, what it means for the data, what to do
 * @param retryAfter when to try again; null if that does not help
 * @param more what it says beside; null if nothing
 */
record Problem(
        int status,
        String code,
        String detail,
        @Nullable Duration retryAfter,
        @Nullable Record more) {
    private static final String TYPE = "urn:smartdata:problem:";

    static Problem of(ErrorCode code) {
        return of(code, code.meaning());
    }

    static Problem of(ErrorCode code, String detail) {
        return new Problem(code.status(), code.code(), detail, null, null);
    }

    static Problem of(SmartDataException failure) {
        ErrorCode code = code(failure);
        return new Problem(
                code.status(),
                code.code(),
                code.status() < 500 ? String.valueOf(failure.getMessage()) : code.meaning(),
                later(failure).map(RetryLaterException::retryAfter).orElse(null),
                failure instanceof DetailedException detailed ? detailed.members() : null);
    }

    /** Clients meet the codes of the API only; what else there is, the log has. */
    private static ErrorCode code(SmartDataException failure) {
        return ErrorCode.find(failure.code())
                .orElseGet(() -> later(failure).isPresent() ? ErrorCode.STORE_UNAVAILABLE : ErrorCode.INTERNAL_ERROR);
    }

    /** What says when to try again, also if another failure tells of it. */
    private static Optional<RetryLaterException> later(SmartDataException failure) {
        Throwable cause = failure;
        while (cause instanceof SmartDataException && !(cause instanceof RetryLaterException)) {
            cause = cause.getCause();
        }
        return cause instanceof RetryLaterException later ? Optional.of(later) : Optional.empty();
    }

    /** Whatever nobody thought of; the log has the rest, under the request's id. */
    static Problem unexpected() {
        return of(ErrorCode.INTERNAL_ERROR);
    }

    /** As {@code Retry-After} has it; null if trying again does not help. */
    @Nullable
    Long retryAfterSeconds() {
        return retryAfter == null
                ? null
                : Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }

    ObjectNode json(String requestId) {
        ObjectNode node = Json.object();
        node.put("type", TYPE + code);
        node.put("title", code.replace('_', ' '));
        node.put("status", status);
        node.put("detail", detail);
        node.put("code", code);
        node.put("requestId", requestId);
        if (more != null) {
            Json.tree(more).properties().stream()
                    .filter(member -> !member.getValue().isNull())
                    .forEach(member -> node.set(member.getKey(), member.getValue()));
        }
        return node;
    }
}

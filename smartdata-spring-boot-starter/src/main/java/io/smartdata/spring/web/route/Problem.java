package io.smartdata.spring.web.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.InvalidInputException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure as RFC 9457 writes it. What goes wrong on our side is answered in fixed words: no text of an exception, class
 * name, SQL or path leaves the server.
 *
 * @param status of the answer
 * @param code stable, snake_case; also the end of {@code type}
 * @param detail what happened, what it means for the data, what to do
 * @param retryAfter when to try again; null if that does not help
 */
record Problem(
        int status, String code, String detail, @Nullable Duration retryAfter) {
    private static final String TYPE = "urn:smartdata:problem:";

    static Problem of(ErrorCode code) {
        return of(code, code.meaning());
    }

    static Problem of(ErrorCode code, String detail) {
        return new Problem(code.status(), code.code(), detail, null);
    }

    static Problem of(SmartDataException failure) {
        int status = status(failure);
        Duration retryAfter = failure instanceof RetryLaterException later ? later.retryAfter() : null;
        return new Problem(
                status, failure.code(), status < 500 ? String.valueOf(failure.getMessage()) : ours(status), retryAfter);
    }

    private static String ours(int status) {
        return status == 503
                ? "The data store cannot answer now. Try again later; sending the same events again is safe."
                : unexpected().detail();
    }

    /** Whatever nobody thought of; the log has the rest, under the request's id. */
    static Problem unexpected() {
        return of(
                ErrorCode.INTERNAL_ERROR, "Something went wrong on the server. Report the requestId to its operator.");
    }

    private static int status(SmartDataException failure) {
        return ErrorCode.find(failure.code())
                .map(ErrorCode::status)
                .orElseGet(() -> failure instanceof RetryLaterException
                        ? 503
                        : failure instanceof InvalidInputException ? 400 : 500);
    }

    ObjectNode json(String requestId) {
        ObjectNode node = Json.object();
        node.put("type", TYPE + code);
        node.put("title", code.replace('_', ' '));
        node.put("status", status);
        node.put("detail", detail);
        node.put("code", code);
        node.put("requestId", requestId);
        return node;
    }
}

package io.smartdata.core.emit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an answer over HTTP means. Anything may have given it: a proxy, a portal, a server of another version. */
final class HttpAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> TRY_LATER = Set.of(408, 425, 429);
    private static final Set<Integer> SAME_METHOD = Set.of(307, 308);
    private static final int PAYLOAD_TOO_LARGE = 413;
    private static final int MOST_MESSAGE = 1_000;
    private static final int MOST_SECONDS_DIGITS = 9;

    private HttpAnswer() {}

    /** Where a request is to be sent again as it is; null if nowhere. */
    static @Nullable URI redirect(HttpResponse<?> response) {
        if (!SAME_METHOD.contains(response.statusCode())) {
            return null;
        }
        try {
            return response.headers()
                    .firstValue("Location")
                    .map(location -> response.uri().resolve(location))
                    .orElse(null);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    /** Reads answers, at a time. */
    static final class Reader {
        private final Clock clock;

        Reader(Clock clock) {
            this.clock = clock;
        }

        Delivery read(HttpResponse<byte[]> response) {
            int status = response.statusCode();
            JsonNode body = json(response.body());
            if (status / 100 == 2) {
                return taken(body);
            }
            String code = code(body.path("code"), "http_" + status);
            String message = message(body.path("detail"));
            if (status == PAYLOAD_TOO_LARGE) {
                return new Delivery.TooLarge(code, message);
            }
            if (status / 100 == 4 && !TRY_LATER.contains(status)) {
                return new Delivery.Refused(code, message);
            }
            if (status / 100 == 3) {
                return new Delivery.Deferred(
                        "redirected", "The server redirects to another place. Send to that place instead.", null);
            }
            return new Delivery.Deferred(code, message, retryAfter(response));
        }

        /** A date is compared with the server's own, if it tells that. */
        private @Nullable Duration retryAfter(HttpResponse<?> response) {
            String text =
                    response.headers().firstValue("Retry-After").orElse("").strip();
            if (text.matches("\\d{1,%d}".formatted(MOST_SECONDS_DIGITS))) {
                return Duration.ofSeconds(Long.parseLong(text));
            }
            Instant until = date(text);
            if (until == null) {
                return null;
            }
            Instant now = response.headers()
                    .firstValue("Date")
                    .flatMap(date -> Optional.ofNullable(date(date)))
                    .orElseGet(clock::instant);
            return Duration.between(now, until);
        }
    }

    private static @Nullable Instant date(String text) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static Delivery taken(JsonNode body) {
        JsonNode accepted = body.path("accepted");
        JsonNode duplicates = body.path("duplicates");
        if (!accepted.isIntegralNumber()
                || !duplicates.isIntegralNumber()
                || !body.path("failed").isArray()) {
            return new Delivery.Deferred(
                    "unreadable_answer",
                    "The answer is not one of a smartdata server. Check the address and what lies in between.",
                    null);
        }
        List<Delivery.FailedEvent> failed = new ArrayList<>();
        body.path("failed").forEach(node -> failed.add(failed(node)));
        return new Delivery.Answered(accepted.asLong(), duplicates.asLong(), failed);
    }

    private static Delivery.FailedEvent failed(JsonNode node) {
        return new Delivery.FailedEvent(
                node.path("index").asInt(-1),
                code(node.path("reason"), "unknown"),
                message(node.path("message")),
                node.path("retryable").asBoolean(),
                node.path("deadLetterId").textValue());
    }

    /** A code goes into logs and is compared, so nothing but a code will do. */
    private static String code(JsonNode node, String otherwise) {
        return node.isTextual() && node.textValue().matches("[a-z][a-z0-9_]{0,59}") ? node.textValue() : otherwise;
    }

    private static String message(JsonNode node) {
        String text = node.asText("");
        return text.length() > MOST_MESSAGE ? text.substring(0, MOST_MESSAGE) : text;
    }
}

package io.smartdata.spring.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** An answer under construction: bytes of our own writing, with the headers that every answer has. */
final class Reply {
    private static final String REQUEST_ID = "X-Request-Id";
    private static final String ID_ATTRIBUTE = Reply.class.getName() + ".id";

    /** Fit for a log and a header as it is. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final ServerRequest request;
    private String headerName = "";
    private String headerValue = "";

    private Reply(ServerRequest request) {
        this.request = request;
    }

    static Reply to(ServerRequest request) {
        return new Reply(request);
    }

    /** The client's id of the request if it is harmless, else one of our own; the same for the whole request. */
    static String requestId(ServerRequest request) {
        Object known = request.attributes().get(ID_ATTRIBUTE);
        if (known instanceof String id) {
            return id;
        }
        String sent = request.headers().firstHeader(REQUEST_ID);
        String id = sent != null && HARMLESS.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
        request.attributes().put(ID_ATTRIBUTE, id);
        return id;
    }

    /** One more header. */
    Reply header(String name, String value) {
        headerName = name;
        headerValue = value;
        return this;
    }

    ServerResponse json(ObjectNode node) {
        return written(start(200, "no-store"), "application/json", node);
    }

    ServerResponse problem(Problem problem) {
        ServerResponse.BodyBuilder answer = start(problem.status(), "no-store");
        if (problem.retryAfter() != null) {
            answer.header(
                    "Retry-After",
                    String.valueOf(Math.max(1, problem.retryAfter().toSeconds())));
        }
        return written(answer, "application/problem+json", problem.json(requestId(request)));
    }

    /**
     * With a tag of what {@code node} says, by which a client that has it already is told so.
     *
     * @param untagged adds what may differ between two answers that are the same
     */
    ServerResponse tagged(ObjectNode node, Consumer<ObjectNode> untagged) {
        String tag = "W/\"%s\"".formatted(hash(Json.bytes(node)));
        List<String> known = request.headers().header("If-None-Match");
        if (known.stream().anyMatch(tags -> tags.contains(tag) || tags.equals("*"))) {
            return start(304, "private, no-cache").header("ETag", tag).build();
        }
        untagged.accept(node);
        return written(start(200, "private, no-cache").header("ETag", tag), "application/json", node);
    }

    private ServerResponse.BodyBuilder start(int status, String caching) {
        ServerResponse.BodyBuilder answer = ServerResponse.status(status)
                .header(REQUEST_ID, requestId(request))
                .header("Cache-Control", caching)
                .header("X-Content-Type-Options", "nosniff");
        return headerName.isEmpty() ? answer : answer.header(headerName, headerValue);
    }

    /** Past the host's message converters, which may be set to anything. */
    private static ServerResponse written(ServerResponse.BodyBuilder answer, String type, ObjectNode node) {
        byte[] bytes = Json.bytes(node);
        return answer.header("Content-Type", type)
                .header("Content-Length", String.valueOf(bytes.length))
                .build((in, out) -> {
                    out.getOutputStream().write(bytes);
                    return null;
                });
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}

package io.smartdata.spring.web.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** An answer under construction: bytes of our own writing, with the headers that every answer has. */
final class Reply {
    private static final String REQUEST_ID = "X-Request-Id";
    private static final String ID_ATTRIBUTE = Reply.class.getName() + ".id";

    /** Fit for a log and a header as it is. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** So much of an answer is kept until it is sent, so that what fails early is a problem with its own status. */
    private static final int HELD_BACK = 1 << 14;

    private static final Pattern GZIP = Pattern.compile("(x-)?gzip(;q=(1(\\.0*)?|0?\\.\\d*[1-9]\\d*))?");

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

    ServerResponse json(Object answer) {
        return json(200, answer);
    }

    ServerResponse json(int status, Object answer) {
        return written(start(status, "no-store"), "application/json", answer);
    }

    /** With a tag of its own. */
    ServerResponse text(String mediaType, byte[] bytes) {
        String tag = "\"%s\"".formatted(hash(bytes));
        if (knows(tag)) {
            return start(304, "private, no-cache").header("ETag", tag).build();
        }
        return body(start(200, "private, no-cache").header("ETag", tag).header("Content-Type", mediaType), bytes);
    }

    ServerResponse nothing() {
        return start(204, "no-store").build();
    }

    ServerResponse problem(Problem problem) {
        byte[] bytes = Json.bytes(problem.json(requestId(request)));
        ServerResponse.BodyBuilder answer = ServerResponse.status(problem.status());
        headers(problem).forEach(answer::header);
        if (!headerName.isEmpty()) {
            answer.header(headerName, headerValue);
        }
        return answer.header("Content-Length", String.valueOf(bytes.length)).build((in, out) -> {
            out.getOutputStream().write(bytes);
            out.flushBuffer(); // the container may wait for the rest of a body that nobody wants
            return null;
        });
    }

    /** With a tag of what it says, by which a client that has it already is told so; when that was read does not count. */
    ServerResponse tagged(Object answer) {
        ObjectNode figures = Json.tree(answer);
        figures.remove("dataFreshAsOf");
        String tag = "W/\"%s\"".formatted(hash(Json.bytes(figures)));
        if (knows(tag)) {
            return start(304, "private, no-cache").header("ETag", tag).build();
        }
        return written(start(200, "private, no-cache").header("ETag", tag), "application/json", answer);
    }

    private boolean knows(String tag) {
        return request.headers().header("If-None-Match").stream()
                .anyMatch(tags -> tags.contains(tag) || tags.equals("*"));
    }

    /** Written as it is computed; a failure before the first byte is a problem, a later one cuts the answer off. */
    ServerResponse download(Route.Download download) {
        return start(200, "no-store").build((in, out) -> {
            stream(download, out);
            return null;
        });
    }

    private void stream(Route.Download download, HttpServletResponse response) throws IOException {
        boolean zipped = !download.mediaType().equals("application/gzip") && acceptsGzip();
        FirstByte first = new FirstByte(response, download, zipped);
        try {
            OutputStream out = new BufferedOutputStream(first, HELD_BACK);
            OutputStream encoded = zipped ? new GZIPOutputStream(out) : out;
            download.content().writeTo(encoded);
            if (encoded instanceof GZIPOutputStream whole) {
                whole.finish();
            }
            out.flush();
            first.begin();
        } catch (IOException | RuntimeException e) {
            if (first.begun) {
                throw broken(e);
            }
            refuse(Router.problem(requestId(request), e), response);
        }
    }

    /** A failure of ours is in the log, under the request's id; that a client has gone is its own affair. */
    private BrokenAnswerException broken(Exception failure) {
        if (!(failure instanceof IOException || failure instanceof UncheckedIOException)) {
            Router.problem(requestId(request), failure);
        }
        return new BrokenAnswerException(failure);
    }

    private void refuse(Problem problem, HttpServletResponse response) throws IOException {
        response.setStatus(problem.status());
        headers(problem).forEach(response::setHeader);
        response.getOutputStream().write(Json.bytes(problem.json(requestId(request))));
    }

    /** Whether the client takes the transfer compressed; {@code *} is no wish. */
    private boolean acceptsGzip() {
        return request.headers().header("Accept-Encoding").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
                .anyMatch(coding -> GZIP.matcher(coding).matches());
    }

    /** Says what the answer is only when there is one. */
    private static final class FirstByte extends OutputStream {
        private final HttpServletResponse response;
        private final Route.Download download;
        private final boolean zipped;
        private boolean begun;

        FirstByte(HttpServletResponse response, Route.Download download, boolean zipped) {
            this.response = response;
            this.download = download;
            this.zipped = zipped;
        }

        void begin() {
            if (!begun) {
                begun = true;
                response.setHeader("Content-Type", download.mediaType());
                response.setHeader("Content-Disposition", "attachment; filename=\"%s\"".formatted(download.fileName()));
                response.addHeader("Vary", "Accept-Encoding");
                if (zipped) {
                    response.setHeader("Content-Encoding", "gzip");
                }
            }
        }

        @Override
        public void write(int one) throws IOException {
            begin();
            response.getOutputStream().write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            begin();
            response.getOutputStream().write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (begun) {
                response.flushBuffer();
            }
        }
    }

    private Map<String, String> headers(Problem problem) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/problem+json");
        headers.put(REQUEST_ID, requestId(request));
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        if (problem.retryAfterSeconds() != null) {
            headers.put("Retry-After", String.valueOf(problem.retryAfterSeconds()));
        }
        return headers;
    }

    private ServerResponse.BodyBuilder start(int status, String caching) {
        ServerResponse.BodyBuilder answer = ServerResponse.status(status)
                .header(REQUEST_ID, requestId(request))
                .header("Cache-Control", caching)
                .header("X-Content-Type-Options", "nosniff");
        return headerName.isEmpty() ? answer : answer.header(headerName, headerValue);
    }

    private static ServerResponse written(ServerResponse.BodyBuilder answer, String type, Object body) {
        return body(answer.header("Content-Type", type), Json.bytes(body));
    }

    /** Past the host's message converters, which may be set to anything. */
    private static ServerResponse body(ServerResponse.BodyBuilder answer, byte[] bytes) {
        return answer.header("Content-Length", String.valueOf(bytes.length)).build((in, out) -> {
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

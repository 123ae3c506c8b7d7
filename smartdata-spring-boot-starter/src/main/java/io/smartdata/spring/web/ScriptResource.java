package io.smartdata.spring.web;

import io.smartdata.SmartDataException;
import io.smartdata.spring.web.route.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The emitter for pages, {@code smartdata.js}, for callers who are logged in. A browser keeps it, but asks each time whether it
 * is still the same, so that a page never runs the script of an older release.
 */
final class ScriptResource {
    private final String basePath;
    private final RequestIdentity identity;
    private final byte[] script;
    private final String tag;

    /**
     * @throws IllegalStateException if the jar has lost the script
     */
    ScriptResource(String basePath, RequestIdentity identity) {
        this.basePath = basePath;
        this.identity = identity;
        this.script = read();
        this.tag = '"' + hash(script) + '"';
    }

    private static byte[] read() {
        try (InputStream in = ScriptResource.class.getResourceAsStream("smartdata.js")) {
            if (in == null) {
                throw new IllegalStateException("smartdata.js is missing from the jar of the starter");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    RouterFunction<ServerResponse> route() {
        return RouterFunctions.route()
                .GET(basePath + "/smartdata.js", this::serve)
                .build();
    }

    private ServerResponse serve(ServerRequest request) {
        if (identity.caller(request.servletRequest()).isEmpty()) {
            return anonymous();
        }
        ServerResponse.BodyBuilder answer = ServerResponse.status(knows(request) ? 304 : 200)
                .header("ETag", tag)
                .header("Cache-Control", "private, no-cache")
                .header("X-Content-Type-Options", "nosniff");
        if (knows(request)) {
            return answer.build();
        }
        return answer.header("Content-Type", "text/javascript; charset=utf-8")
                .header("Content-Length", String.valueOf(script.length))
                .build((in, out) -> {
                    out.getOutputStream().write(script);
                    return null;
                });
    }

    /** In the words of every other route. */
    private static ServerResponse anonymous() {
        return ServerResponse.status(401).build((request, response) -> {
            Router.refuse(request, response, new SmartDataException("unauthenticated", "Log in first."));
            return null;
        });
    }

    /** A proxy may have made the tag weak. */
    private boolean knows(ServerRequest request) {
        List<String> known = request.headers().header("If-None-Match");
        return known.stream()
                .anyMatch(tags -> tags.contains(tag) || tags.strip().equals("*"));
    }
}

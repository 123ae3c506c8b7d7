package io.smartdata.spring.web.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdata.SmartDataException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.function.ServerRequest;

/**
 * The address of a request, as the client wrote it. Containers differ in what they make of a parameter that cannot be read:
 * some leave it out, which would store what was meant as a dry run.
 */
final class Address {
    private static final int MAX_PARAMETERS = 100;

    private Address() {}

    /**
     * @throws SmartDataException {@code invalid_request} if a part of it would be left out or read as something else
     */
    static void requireReadable(ServerRequest request) {
        String query = request.servletRequest().getQueryString();
        if (query != null && !readable(query)) {
            throw new SmartDataException(
                    "invalid_request",
                    "The parameters must be at most %d pairs of name=value, percent-encoded UTF-8. Nothing was stored or changed."
                            .formatted(MAX_PARAMETERS));
        }
        if (hasMatrixParameters(request)) {
            throw new SmartDataException(
                    "invalid_request",
                    "The path must not have parameters of its own, after a semicolon. Nothing was stored or changed.");
        }
    }

    private static boolean readable(String query) {
        String[] pairs = query.split("&", -1);
        return pairs.length <= MAX_PARAMETERS
                && Arrays.stream(pairs).allMatch(pair -> !pair.startsWith("=") && isUtf8(pair));
    }

    /** Each character of a query is one byte, written as it is or percent-encoded. */
    private static boolean isUtf8(String encoded) {
        try {
            byte[] bytes = URLDecoder.decode(encoded, ISO_8859_1).getBytes(ISO_8859_1);
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (IllegalArgumentException | CharacterCodingException notReadable) {
            return false;
        }
    }

    private static boolean hasMatrixParameters(ServerRequest request) {
        return request.requestPath().elements().stream()
                .anyMatch(element -> element instanceof PathContainer.PathSegment segment
                        && segment.value().contains(";"));
    }
}

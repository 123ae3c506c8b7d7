package io.smartdata.spring.web.route;

import io.smartdata.SmartDataException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that containers take apart, within the limits of the host, and some of them not before they are asked for a parameter:
 * so parts are asked for first.
 *
 * @since 0.1.0
 */
public final class Multipart {
    private static final String TYPE = "multipart/";

    private Multipart() {}

    /**
     * Has the container take the body apart, if there is anything to take apart.
     *
     * @throws SmartDataException {@code unsupported_media_type} if the route takes no such body, and as {@link #parts} does
     */
    static void require(Route route, HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null || !type.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
            return;
        }
        Route.Body body = route.body();
        if (body == null || body.mediaTypes().stream().noneMatch(taken -> taken.startsWith(TYPE))) {
            throw notHere(null);
        }
        if (type.regionMatches(true, 0, "multipart/form-data", 0, "multipart/form-data".length())) {
            parts(request);
        }
    }

    /**
     * The parts of a body.
     *
     * @throws SmartDataException {@code unsupported_media_type} if the host takes none, {@code upload_too_large} if they are
     *     larger than it takes, {@code invalid_request} if the body is not whole
     */
    public static Collection<Part> parts(HttpServletRequest request) {
        try {
            return request.getParts();
        } catch (IllegalStateException e) {
            throw e.getCause() == null ? switchedOff(e) : tooLarge(e);
        } catch (IOException | ServletException e) {
            throw notWhole(e);
        }
    }

    private static SmartDataException switchedOff(Exception cause) {
        return new SmartDataException(
                "unsupported_media_type",
                "This application takes no multipart bodies: spring.servlet.multipart says so. Nothing was stored. Send the file itself as the body.",
                cause);
    }

    /** Of an address that takes no files. */
    public static SmartDataException notHere(@Nullable Exception cause) {
        return new SmartDataException(
                "unsupported_media_type", "Multipart bodies are for uploads. Nothing was stored or changed.", cause);
    }

    /** Beyond the limits of the host. */
    public static SmartDataException tooLarge(Exception cause) {
        return new SmartDataException(
                "upload_too_large",
                "The multipart body is larger than this application takes: spring.servlet.multipart.max-file-size and max-request-size say how large. Nothing was stored. Send the file itself as the body, or raise them.",
                cause);
    }

    /** Cut off, or of more parts or longer headers than the container takes. */
    public static SmartDataException notWhole(Exception cause) {
        return new SmartDataException(
                "invalid_request",
                "The multipart body is not whole, or not within the limits of spring.servlet.multipart. Nothing was stored. Send the file itself as the body.",
                cause);
    }
}

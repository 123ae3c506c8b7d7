package io.smartdata.spring.web.route;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies into a bounded memory: each takes as much as it declares, or as much as any may have, before its first byte is
 * read, and never waits for it.
 *
 * @since 0.1.0
 */
public final class BodyReader {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int mostOfOne;
    private final long mostOfAll;
    private final AtomicLong taken;

    BodyReader(int mostOfOne, long mostOfAll) {
        this(mostOfOne, Math.max(mostOfOne, mostOfAll), new AtomicLong());
    }

    private BodyReader(int mostOfOne, long mostOfAll, AtomicLong taken) {
        this.mostOfOne = mostOfOne;
        this.mostOfAll = mostOfAll;
        this.taken = taken;
    }

    /** For smaller bodies, in the same memory. */
    BodyReader upTo(int most) {
        return new BodyReader(Math.min(most, mostOfOne), mostOfAll, taken);
    }

    /** Works with a body that is in memory. */
    @FunctionalInterface
    public interface Use<R> {
        R of(byte[] body);
    }

    /** No room for one more body. */
    static final class NoRoomException extends RetryLaterException {
        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super(
                    "throttled",
                    "This node is reading too many requests. Nothing was stored. Send it again in a second.",
                    RETRY_AFTER,
                    null);
        }
    }

    /**
     * @throws SmartDataException {@code batch_too_large}, {@code throttled}, {@code unreadable_input}
     */
    <R> R read(HttpServletRequest request, Use<R> use) {
        long declared = request.getContentLengthLong();
        if (declared > mostOfOne) {
            throw tooLarge();
        }
        long held = declared < 0 ? mostOfOne : declared;
        if (taken.addAndGet(held) > mostOfAll) {
            taken.addAndGet(-held);
            throw new NoRoomException();
        }
        try {
            return use.of(bytes(request));
        } finally {
            taken.addAndGet(-held);
        }
    }

    private byte[] bytes(HttpServletRequest request) {
        byte[] body;
        try {
            body = request.getInputStream().readNBytes(mostOfOne + 1);
        } catch (IOException e) {
            throw new SmartDataException(
                    "invalid_request", "The body ended early. Nothing was stored. Send it again.", e);
        }
        if (body.length > mostOfOne) {
            throw tooLarge();
        }
        return body;
    }

    private SmartDataException tooLarge() {
        return new SmartDataException(
                "batch_too_large",
                "The body has more than %d bytes. Nothing was stored. Split the batch.".formatted(mostOfOne));
    }
}

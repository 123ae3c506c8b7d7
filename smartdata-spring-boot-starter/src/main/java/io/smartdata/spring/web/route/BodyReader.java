package io.smartdata.spring.web.route;

import static java.util.Objects.requireNonNull;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies into a bounded memory: each takes as much as it declares, or as much as any may have, before its first byte is
 * read, and never waits for it. Whoever sends slowly holds it for a bounded time.
 *
 * @since 0.1.0
 */
public final class BodyReader {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int BUFFER = 16 * 1024;

    private final BodyMemory memory;
    private final Object holder;
    private final Duration timeout;
    private final int most;

    /**
     * @param holder who the memory is taken for
     * @param timeout a body may take to be received
     * @param most bytes of one body
     */
    BodyReader(BodyMemory memory, Object holder, Duration timeout, int most) {
        this.memory = requireNonNull(memory, "memory");
        this.holder = requireNonNull(holder, "holder");
        this.timeout = requireNonNull(timeout, "timeout");
        this.most = most;
    }

    /** For smaller bodies, in the same memory. */
    BodyReader upTo(int less) {
        return new BodyReader(memory, holder, timeout, Math.min(less, most));
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
                    "This node is reading too many requests, in all or of yours. Nothing was stored. Send it again in a second.",
                    RETRY_AFTER,
                    null);
        }
    }

    /**
     * @throws SmartDataException {@code batch_too_large}, {@code throttled}, {@code body_timed_out}, {@code invalid_request}
     */
    <R> R read(HttpServletRequest request, Use<R> use) {
        long declared = request.getContentLengthLong();
        if (declared > most) {
            throw tooLarge();
        }
        long held = declared < 0 ? most : declared;
        if (!memory.take(holder, held)) {
            throw new NoRoomException();
        }
        try {
            return use.of(bytes(request, (int) declared));
        } finally {
            memory.give(holder, held);
        }
    }

    /** @param declared bytes; negative if the client does not say */
    private byte[] bytes(HttpServletRequest request, int declared) {
        long end = System.nanoTime() + timeout.toNanos();
        byte[] body = new byte[declared < 0 ? BUFFER : declared];
        int size = 0;
        try {
            InputStream in = request.getInputStream();
            for (int n = 0; n >= 0 && size != declared; n = in.read(body, size, body.length - size)) {
                size += n;
                if (size > most) {
                    throw tooLarge();
                }
                if (System.nanoTime() - end > 0) {
                    throw timedOut();
                }
                if (size == body.length && declared < 0) {
                    body = Arrays.copyOf(body, 2 * size);
                }
            }
        } catch (IOException e) {
            throw endedEarly(e);
        }
        if (size < declared) {
            throw endedEarly(null);
        }
        return size == body.length ? body : Arrays.copyOf(body, size);
    }

    private static SmartDataException endedEarly(@Nullable IOException cause) {
        return new SmartDataException(
                "invalid_request", "The body ended early. Nothing was stored. Send it again.", cause);
    }

    private SmartDataException timedOut() {
        return new SmartDataException(
                "body_timed_out",
                "The body was not there within %s (smartdata.web.body-timeout). Nothing was stored. Send it in smaller parts."
                        .formatted(timeout));
    }

    private SmartDataException tooLarge() {
        return new SmartDataException(
                "batch_too_large",
                "The body has more than %d bytes. Nothing was stored. Split the batch.".formatted(most));
    }
}

package io.smartdata.core.ingest;

import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes that can be read again from the start, as two-pass modes need.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Input {
    /** A new stream at the first byte; the reader closes it. */
    InputStream open() throws IOException;

    /**
     * A stream that there is once, like standard input or the body of a request. Mode lenient reads it once; the others, and a
     * call under an idempotency key, read it twice, which is possible as long as it is no longer than what is remembered.
     *
     * @param stream is not closed
     * @param remembered bytes of its start that are kept in memory: more than a piece has ({@link
     *     IngestSettings#chunkBytes()}); reading a longer stream again is refused with {@code unrepeatable_input}
     */
    static Input once(InputStream stream, int remembered) {
        return new OneTimeInput(stream, remembered);
    }
}

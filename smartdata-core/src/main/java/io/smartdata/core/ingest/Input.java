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
}

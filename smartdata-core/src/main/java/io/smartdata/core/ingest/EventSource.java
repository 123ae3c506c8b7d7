package io.smartdata.core.ingest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of one call in order, wherever they come from. */
interface EventSource extends AutoCloseable {
    /** The next event, valid or not; null at the end. */
    @Nullable
    ReadEvent next();

    /** What was detected and used. */
    Map<String, String> detected();

    /** The rule that makes the ids. */
    Identity identity();

    /** Format of dead letters. */
    String format();

    /**
     * What is needed to read a row again, as canonical JSON.
     *
     * @param occurrence number of the row among equal rows of its input, from 1
     */
    String context(long occurrence);

    /** Bytes read so far, as they came. */
    long bytesRead();

    @Override
    void close();
}

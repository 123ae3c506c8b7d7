package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that there is once. Its start is remembered, so that it can be read again as long as no more of it has been read
 * than that. Not thread-safe.
 */
final class OneTimeInput implements Input {
    private final InputStream stream;
    private final int most;
    private final ByteArrayOutputStream start = new ByteArrayOutputStream();
    private boolean forgotten;
    private @Nullable Reading latest;

    OneTimeInput(InputStream stream, int most) {
        this.stream = requireNonNull(stream, "stream");
        this.most = most;
        if (most < 0) {
            throw new IllegalArgumentException("most must be at least 0, was " + most);
        }
    }

    @Override
    public InputStream open() {
        if (forgotten) {
            throw new SmartDataException(
                    "unrepeatable_input",
                    ("The input has to be read twice, but it is a stream of which only the first %d bytes are kept, and more were"
                                    + " read. This call stored nothing. Take the mode lenient, which reads once, or give a file.")
                            .formatted(most));
        }
        latest = new Reading(start.toByteArray());
        return latest;
    }

    private void remember(byte[] bytes, int from, int length) {
        if (forgotten) {
            return;
        }
        if (start.size() + length > most) {
            forgotten = true;
            start.reset();
        } else {
            start.write(bytes, from, length);
        }
    }

    /** What is remembered, then the rest. Does not close the stream, which belongs to the caller. */
    private final class Reading extends InputStream {
        private byte[] again;
        private int position;

        Reading(byte[] again) {
            this.again = again;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (latest != this) {
                throw new IOException("The stream is being read from its start by somebody else");
            }
            if (position < again.length) {
                int n = Math.min(length, again.length - position);
                System.arraycopy(again, position, bytes, from, n);
                position += n;
                return n;
            }
            again = new byte[0];
            position = 0;
            int n = stream.read(bytes, from, length);
            if (n > 0) {
                remember(bytes, from, n);
            }
            return n;
        }
    }
}

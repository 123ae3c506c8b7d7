package io.smartdata.core.ingest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an input, inflated if they start like gzip (RFC 1952). All members are read, each checked against its
 * CRC and length; anything behind the last one is refused. {@code GZIPInputStream} cannot be used: it takes what
 * follows a member for garbage when no byte happens to be available, and then stops in silence.
 */
final class ByteSource implements Closeable {
    /** So much may inflate whatever the ratio; small files of equal rows compress better than any limit. */
    static final long RATIO_GRACE_BYTES = 1 << 20;

    /** Enough to see the first event when the format is told. */
    private static final int PREFIX_BYTES = 128 * 1024;

    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int RESERVED_FLAGS = 0xe0;

    private final InputStream in;
    private final int maxRatio;
    private final byte[] raw = new byte[16 * 1024];
    private final @Nullable Inflater inflater;
    private final CRC32 crc = new CRC32();
    private final byte[] prefix;
    private final int prefixLength;
    private int prefixUsed;
    private int rawPosition;
    private int rawEnd;
    private long compressed;
    private long inflated;
    private boolean memberOpen;
    private boolean ended;

    private ByteSource(InputStream in, boolean gzip, int maxRatio) throws IOException {
        this.in = in;
        this.maxRatio = maxRatio;
        this.inflater = gzip ? new Inflater(true) : null;
        byte[] first = new byte[8 * 1024];
        int length = 0;
        try {
            while (length < PREFIX_BYTES) {
                first = length < first.length ? first : Arrays.copyOf(first, length * 2);
                int n = readMore(first, length, first.length - length);
                if (n < 0) {
                    break;
                }
                length += n;
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        this.prefix = first;
        this.prefixLength = length;
    }

    static ByteSource open(Input input, int maxRatio) throws IOException {
        InputStream in = new BufferedInputStream(input.open(), 16 * 1024);
        boolean gzip;
        try {
            in.mark(2);
            gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
        } catch (IOException e) {
            in.close();
            throw e;
        }
        return new ByteSource(in, gzip, maxRatio);
    }

    /** Without looking for gzip. */
    static ByteSource plain(Input input) throws IOException {
        return new ByteSource(input.open(), false, 1);
    }

    static boolean startsAsGzip(byte[] bytes) {
        return bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    }

    boolean gzip() {
        return inflater != null;
    }

    /** Bytes taken from the input so far, before inflating. */
    long bytesRead() {
        return compressed;
    }

    /** The first {@link #prefixLength()} bytes; not to be modified. */
    byte[] prefix() {
        return prefix;
    }

    int prefixLength() {
        return prefixLength;
    }

    /** Leaves out the next {@code count} bytes of the prefix, such as a byte order mark. */
    void skip(int count) {
        prefixUsed += count;
    }

    /** At least one byte, or -1 at the end. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (prefixUsed < prefixLength) {
            int n = Math.min(length, prefixLength - prefixUsed);
            System.arraycopy(prefix, prefixUsed, target, offset, n);
            prefixUsed += n;
            return n;
        }
        return readMore(target, offset, length);
    }

    /** Everything that is left, for inputs known to be small. */
    byte[] readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[8 * 1024];
        int n;
        while ((n = read(chunk, 0, chunk.length)) >= 0) {
            all.write(chunk, 0, n);
        }
        return all.toByteArray();
    }

    private int readMore(byte[] target, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        int n = inflater == null ? readPlain(target, offset, length) : inflate(inflater, target, offset, length);
        ended = n < 0;
        return n;
    }

    private int readPlain(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, length);
        compressed += Math.max(n, 0);
        return n;
    }

    private int inflate(Inflater stream, byte[] target, int offset, int length) throws IOException {
        try {
            while (true) {
                if (!memberOpen) {
                    if (!startMember(stream)) {
                        return -1;
                    }
                    memberOpen = true;
                }
                int n = stream.inflate(target, offset, length);
                if (n > 0) {
                    crc.update(target, offset, n);
                    inflated += n;
                    checkRatio();
                    return n;
                }
                if (stream.finished()) {
                    endMember(stream);
                    memberOpen = false;
                } else if (stream.needsDictionary()) {
                    throw broken("asks for a preset dictionary", null);
                } else {
                    feed(stream);
                }
            }
        } catch (DataFormatException | EOFException e) {
            throw broken(e instanceof EOFException ? "ends in the middle" : "is damaged", e);
        }
    }

    private void feed(Inflater stream) throws IOException {
        if (rawPosition == rawEnd && !fillRaw()) {
            throw new EOFException();
        }
        stream.setInput(raw, rawPosition, rawEnd - rawPosition);
        rawPosition = rawEnd;
    }

    private boolean startMember(Inflater stream) throws IOException {
        if (rawPosition == rawEnd && !fillRaw()) {
            return false;
        }
        if (rawByte() != 0x1f || rawByte() != 0x8b || rawByte() != 8) {
            throw broken("has bytes behind its end that are not gzip", null);
        }
        int flags = rawByte();
        if ((flags & RESERVED_FLAGS) != 0) {
            throw broken("has a header with reserved flags", null);
        }
        skipRaw(6);
        if ((flags & FEXTRA) != 0) {
            skipRaw(rawByte() | rawByte() << 8);
        }
        if ((flags & FNAME) != 0) {
            skipText();
        }
        if ((flags & FCOMMENT) != 0) {
            skipText();
        }
        if ((flags & FHCRC) != 0) {
            skipRaw(2);
        }
        stream.reset();
        crc.reset();
        return true;
    }

    private void endMember(Inflater stream) throws IOException {
        rawPosition = rawEnd - stream.getRemaining();
        if (rawInt() != crc.getValue()) {
            throw broken("does not match its checksum", null);
        }
        if (rawInt() != (stream.getBytesWritten() & 0xffffffffL)) {
            throw broken("does not match its length", null);
        }
    }

    private long rawInt() throws IOException {
        return rawByte() | rawByte() << 8 | rawByte() << 16 | (long) rawByte() << 24;
    }

    private void skipText() throws IOException {
        while (rawByte() != 0) {
            checkRatio();
        }
    }

    private void skipRaw(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            rawByte();
        }
    }

    private int rawByte() throws IOException {
        if (rawPosition == rawEnd && !fillRaw()) {
            throw new EOFException();
        }
        return raw[rawPosition++] & 0xff;
    }

    private boolean fillRaw() throws IOException {
        int n = in.read(raw, 0, raw.length);
        rawPosition = 0;
        rawEnd = Math.max(n, 0);
        compressed += rawEnd;
        return n > 0;
    }

    private void checkRatio() {
        if (inflated > RATIO_GRACE_BYTES && inflated > compressed * maxRatio) {
            throw new InvalidInputException(
                    "ratio",
                    0,
                    null,
                    "The gzip stream inflates to more than %d times its size, which is how bombs look. Reading stopped. "
                                    .formatted(maxRatio)
                            + "Send it uncompressed; an embedding application may raise Limits.maxRatio.",
                    null);
        }
    }

    private static InvalidInputException broken(String how, @Nullable Exception cause) {
        return new InvalidInputException(
                "invalid_gzip",
                0,
                null,
                "The gzip stream " + how + ". It cannot be trusted as a whole. Compress the file again and resend it.",
                cause);
    }

    @Override
    public void close() throws IOException {
        if (inflater != null) {
            inflater.end();
        }
        in.close();
    }
}

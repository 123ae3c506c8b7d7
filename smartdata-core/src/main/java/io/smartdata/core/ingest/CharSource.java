package io.smartdata.core.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Strictly decoded characters in a sliding window. A scanner marks the first character it still needs; everything from
 * there to the position stays in {@link #chars}, up to {@link #MAX_KEPT}, so that a record can be given back as it was.
 */
final class CharSource {
    /** Most characters kept of one record; of a longer one the beginning is kept. */
    static final int MAX_KEPT = 1 << 20;

    private final ByteSource bytes;
    private final Charset charset;
    private final float maxBytesPerChar;
    private final CharsetDecoder decoder;
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024).limit(0);
    private boolean bytesEnded;
    private boolean flushed;
    private long consumedBytes;
    private @Nullable String kept;
    private long base;

    /** The window; replaced when it grows. */
    char[] chars = new char[16 * 1024];
    /** Index of the first character of the record. */
    int start;
    /** Index of the next character. */
    int position;
    /** Index behind the last character decoded. */
    int end;
    /** Physical line of the position, from 1; moved on by the scanner. */
    long line = 1;

    CharSource(ByteSource bytes, Charset charset) {
        this.bytes = bytes;
        this.charset = charset;
        this.maxBytesPerChar = charset.newEncoder().maxBytesPerChar();
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Starts a record at the position. */
    void mark() {
        start = position;
        kept = null;
    }

    /** Characters of the input before the position. */
    long offset() {
        return base + position;
    }

    /** The next character without taking it, or -1 at the end. */
    int peek() throws IOException {
        return position < end || fill() ? chars[position] : -1;
    }

    /** True if the record since the mark was longer than {@link #MAX_KEPT}. */
    boolean cut() {
        return kept != null;
    }

    /** The record from the mark to {@code length} characters on, or as much of it as was kept. */
    String text(int length) {
        return kept != null ? kept : new String(chars, start, length);
    }

    /** The text as it stood in the input, before decoding; at most {@link #MAX_KEPT} bytes. */
    Original original(String text) {
        return new Encoded(text, charset);
    }

    /** True if the text stood in the input with more than {@code bytes} bytes; most are too short to be counted. */
    boolean takesMore(String text, int bytes) {
        return text.length() > bytes / maxBytesPerChar && text.getBytes(charset).length > bytes;
    }

    private record Encoded(String text, Charset charset) implements Original {
        @Override
        public byte[] bytes() {
            byte[] encoded = text.getBytes(charset);
            return encoded.length > MAX_KEPT ? Arrays.copyOf(encoded, MAX_KEPT) : encoded;
        }

        @Override
        public int size() {
            return text.length();
        }
    }

    /** Decodes more; false at the end of the input. Moves the window: indexes change, distances from the start do not. */
    boolean fill() throws IOException {
        if (flushed) {
            return false;
        }
        makeRoom();
        CharBuffer out = CharBuffer.wrap(chars, end, chars.length - end);
        int before = out.position();
        while (out.position() == before && !flushed) {
            step(out);
        }
        end = out.position();
        return end > before;
    }

    private void step(CharBuffer out) throws IOException {
        int from = in.position();
        CoderResult result = decoder.decode(in, out, bytesEnded);
        consumedBytes += in.position() - from;
        if (result.isError() && out.position() == end) {
            throw new InvalidInputException(
                    "invalid_encoding",
                    line,
                    null,
                    "Byte %d, on line %d or soon after, is not valid %s. Nothing behind it was read. Save the input as UTF-8 or declare its character set."
                            .formatted(consumedBytes + 1, line, charset.name()),
                    null);
        }
        if (result.isUnderflow()) {
            if (bytesEnded) {
                decoder.flush(out);
                flushed = true;
            } else {
                readBytes();
            }
        }
    }

    private void readBytes() throws IOException {
        in.compact();
        int n = bytes.read(in.array(), in.position(), in.remaining());
        bytesEnded = n < 0;
        in.position(in.position() + Math.max(n, 0)).flip();
    }

    private void makeRoom() {
        if (position - start > MAX_KEPT) {
            if (kept == null) {
                kept = new String(chars, start, MAX_KEPT);
            }
            start = position;
        }
        if (chars.length - end >= 2) { // room for a surrogate pair
            return;
        }
        char[] target = start > chars.length / 2 ? chars : new char[chars.length * 2];
        System.arraycopy(chars, start, target, 0, end - start);
        base += start;
        position -= start;
        end -= start;
        start = 0;
        chars = target;
    }
}

package io.smartdata.core.ingest;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Splits bytes at LF, keeping at most {@link CharSource#MAX_KEPT} bytes of a line; a CR before the LF is left out. */
final class LineScanner {
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long LINE_FEEDS = ONES * '\n';

    private final ByteSource source;
    private byte[] bytes = new byte[32 * 1024];
    private int start;
    private int position;
    private int end;
    private int length;
    private long row;
    private boolean cut;
    private boolean ended;

    LineScanner(ByteSource source) {
        this.source = source;
    }

    /** Moves to the next line that is not blank; false at the end. */
    boolean next() throws IOException {
        while (line()) {
            if (cut || !blank()) {
                return true;
            }
        }
        return false;
    }

    /** Physical line, from 1. */
    long row() {
        return row;
    }

    boolean cut() {
        return cut;
    }

    /** The line, or as much of it as was kept; a new array. */
    byte[] line(int atMost) {
        return Arrays.copyOfRange(bytes, start, start + Math.min(length, atMost));
    }

    private boolean line() throws IOException {
        start = position;
        length = 0;
        cut = false;
        row++;
        while (true) {
            position = lineFeed(position);
            if (position < end) {
                finish(position++);
                return true;
            }
            if (!fill()) {
                finish(position);
                return length > 0 || cut;
            }
        }
    }

    /**
     * Place of the next LF, or the end. Eight bytes at a time: x - 1 borrows into the highest bit of a byte that is zero.
     * Source: Warren, "Hacker's Delight", 2002, section 6-1.
     */
    private int lineFeed(int from) {
        int i = from;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long x = (long) LITTLE_ENDIAN.get(bytes, i) ^ LINE_FEEDS;
            long zeros = (x - ONES) & ~x & HIGH_BITS;
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    private void finish(int to) {
        if (!cut) {
            length = to - start;
        }
        if (!cut && length > 0 && bytes[start + length - 1] == '\r') {
            length--;
        }
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (position - start > CharSource.MAX_KEPT) {
            cut = true;
            length = CharSource.MAX_KEPT;
        }
        if (cut) {
            position = start + length;
            end = position;
        } else if (end == bytes.length) {
            byte[] target = start > bytes.length / 2 ? bytes : new byte[bytes.length * 2];
            System.arraycopy(bytes, start, target, 0, end - start);
            position -= start;
            end -= start;
            start = 0;
            bytes = target;
        }
        if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int n = source.read(bytes, end, bytes.length - end);
        ended = n < 0;
        end += Math.max(n, 0);
        return n > 0;
    }

    private boolean blank() {
        for (int i = start; i < start + length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}

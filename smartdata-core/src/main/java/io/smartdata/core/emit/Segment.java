package io.smartdata.core.emit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a spool and what is known about it. The file {@code NUMBER.events} is a header and records: length, CRC-32C, JSON.
 * Beside it {@code NUMBER.done} has the index of every record that was removed, and its complement; it is never synced, for what
 * is missing from it is only sent again. Not thread-safe but for {@link #sync()}.
 */
final class Segment {
    static final String EVENTS = ".events";

    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
    private static final byte[] HEADER = "sdspool1".getBytes(US_ASCII);
    private static final int PREFIX = 2 * Integer.BYTES;
    private static final int MARK = 2 * Integer.BYTES;

    /** No event is longer, so a length beyond it is damage. */
    private static final int LONGEST = 1 << 28;

    private final long number;
    private final Path events;
    private final Path done;
    private final FileChannel channel;
    private @Nullable FileChannel marks;
    private final BitSet gone = new BitSet();
    private long size;
    private int records;
    private int waiting;
    private long waitingBytes;
    private volatile boolean deleted;

    private Segment(Path folder, long number, boolean fresh) throws IOException {
        this.number = number;
        this.events = folder.resolve("%016d%s".formatted(number, EVENTS));
        this.done = folder.resolve("%016d.done".formatted(number));
        this.channel =
                fresh ? FileChannel.open(events, CREATE_NEW, READ, WRITE) : FileChannel.open(events, READ, WRITE);
    }

    /** An empty one. */
    static Segment create(Path folder, long number) throws IOException {
        Files.deleteIfExists(folder.resolve("%016d.done".formatted(number)));
        Segment segment = new Segment(folder, number, true);
        segment.write(ByteBuffer.wrap(HEADER));
        return segment;
    }

    /**
     * One that an earlier process left.
     *
     * @param newest whether its end may be torn: it was written to when that process ended
     */
    static Segment reopen(Path folder, long number, boolean newest) throws IOException {
        Segment segment = new Segment(folder, number, false);
        segment.readMarks();
        segment.scan(newest);
        return segment;
    }

    private void readMarks() throws IOException {
        if (!Files.exists(done)) {
            return;
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(done));
        while (all.remaining() >= MARK) {
            int index = all.getInt();
            if (all.getInt() == ~index && index >= 0) {
                gone.set(index);
            }
        }
    }

    private void scan(boolean newest) throws IOException {
        long end = channel.size();
        if (end >= HEADER.length && read(0, HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
            size = HEADER.length;
            byte[] json = recordAt(size, end);
            while (json != null) {
                count(json.length);
                size += PREFIX + json.length;
                json = recordAt(size, end);
            }
        }
        if (size < end) {
            cutOff(newest && torn(end), end);
        }
    }

    private void count(int length) {
        if (!gone.get(records)) {
            waiting++;
            waitingBytes += length;
        }
        records++;
    }

    /** Null if there is none whole. */
    private byte @Nullable [] recordAt(long offset, long end) throws IOException {
        if (end - offset < PREFIX) {
            return null;
        }
        ByteBuffer prefix = read(offset, PREFIX);
        int length = prefix.getInt();
        int crc = prefix.getInt();
        if (length <= 0 || length > LONGEST || length > end - offset - PREFIX) {
            return null;
        }
        byte[] json = read(offset + PREFIX, length).array();
        return crc == crc(json) ? json : null;
    }

    /** The last record was being written: it goes on beyond the end, or was never more than room. */
    private boolean torn(long end) throws IOException {
        if (end - size < PREFIX || size == 0) {
            return true;
        }
        int length = read(size, PREFIX).getInt();
        return length == 0 || length > end - size - PREFIX;
    }

    private void cutOff(boolean torn, long end) throws IOException {
        if (!torn) {
            Path kept = events.resolveSibling("%016d.damaged".formatted(number));
            Files.copy(events, kept, StandardCopyOption.REPLACE_EXISTING);
            LOG.error("The spool file {} is damaged after {} of {} bytes; a copy is in {}.", events, size, end, kept);
        }
        channel.truncate(size);
    }

    /** Adds records, all or none. */
    void append(List<byte[]> jsons) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(
                jsons.stream().mapToInt(json -> PREFIX + json.length).sum());
        for (byte[] json : jsons) {
            buffer.putInt(json.length).putInt(crc(json)).put(json);
        }
        write(buffer.flip());
        jsons.forEach(json -> count(json.length));
    }

    private void write(ByteBuffer buffer) throws IOException {
        long position = size;
        try {
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
        } catch (IOException e) {
            channel.truncate(size);
            throw e;
        }
        size = position;
    }

    /** Bytes that a record of this JSON takes. */
    static long length(byte[] json) {
        return PREFIX + (long) json.length;
    }

    /** Nothing to do if it was deleted meanwhile, for then all of it was removed. */
    void sync() throws IOException {
        try {
            channel.force(false);
        } catch (ClosedChannelException e) {
            if (!deleted) {
                throw e;
            }
        }
    }

    /** The record at this offset, in what was written. */
    byte[] recordAt(long offset) throws IOException {
        byte[] json = recordAt(offset, size);
        if (json == null) {
            throw new IOException("The spool file %s is damaged at byte %d".formatted(events, offset));
        }
        return json;
    }

    private ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("The spool file %s has become shorter".formatted(events));
            }
        }
        return buffer.flip();
    }

    private static int crc(byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(json);
        return (int) crc.getValue();
    }

    /** Notes that a record is not needed any more. */
    void remove(int index, int length) throws IOException {
        if (gone.get(index)) {
            return;
        }
        gone.set(index);
        waiting--;
        waitingBytes -= length;
        if (marks == null) {
            marks = FileChannel.open(done, CREATE, APPEND);
        }
        ByteBuffer mark = ByteBuffer.allocate(MARK).putInt(index).putInt(~index).flip();
        while (mark.hasRemaining()) {
            marks.write(mark);
        }
    }

    static long first() {
        return HEADER.length;
    }

    boolean gone(int index) {
        return gone.get(index);
    }

    long number() {
        return number;
    }

    /** In bytes. */
    long size() {
        return size;
    }

    int records() {
        return records;
    }

    /** Records not removed. */
    int waiting() {
        return waiting;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    void close() throws IOException {
        channel.close();
        if (marks != null) {
            marks.close();
        }
    }

    /** The marks go last: without its events a mark is harmless. */
    void delete() throws IOException {
        deleted = true;
        close();
        Files.deleteIfExists(events);
        Files.deleteIfExists(done);
    }
}

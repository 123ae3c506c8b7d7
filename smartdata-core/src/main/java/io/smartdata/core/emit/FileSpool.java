package io.smartdata.core.emit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.smartdata.SmartDataException;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.SpoolSize;
import io.smartdata.emit.WaitingEvent;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events in files of one folder, up to a number of bytes. What was appended survives the end of the process and of the
 * machine; the end of a file that was being written then is cut off. Threads that append at the same time share one sync to the
 * disk. The folder belongs to one emitter at a time; one that is made here can be read by its owner only.
 *
 * @since 0.1.0
 */
public final class FileSpool implements EventSpool {
    private static final long MOST_SEGMENT_BYTES = 4 << 20;
    private static final long LEAST_BYTES = 64 << 10;

    private final Path folder;
    private final long maxBytes;
    private final long segmentBytes;
    private final FileChannel lock;
    private final Object syncing = new Object();

    /** Oldest first. */
    private final Deque<Segment> segments = new ArrayDeque<>();

    /** What was handed out and not removed, by ticket. */
    private final Map<String, Out> out = new HashMap<>();

    private final Deque<Out> released = new ArrayDeque<>();
    private @Nullable Segment active;
    private long nextNumber = 1;

    /** Written to since the last sync. */
    private final Set<Segment> dirty = new LinkedHashSet<>();

    /** Numbers of appends: the last one, the last that is on the disk, and the last that a failed sync was for. */
    private long written;

    private long synced;
    private long unsynced;

    /** The next record that was never handed out: segments before the cursor's have none. */
    private @Nullable Segment cursor;

    private long cursorOffset;
    private int cursorIndex;
    private boolean closed;

    /** A record that was handed out. */
    private static final class Out {
        private final Segment segment;
        private final int index;
        private final WaitingEvent event;
        private boolean held = true;

        Out(Segment segment, int index, byte[] json) {
            this.segment = segment;
            this.index = index;
            this.event = new WaitingEvent(segment.number() + ":" + index, json);
        }
    }

    private FileSpool(Path folder, long maxBytes, FileChannel lock) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.segmentBytes = Math.min(MOST_SEGMENT_BYTES, maxBytes / 8);
        this.lock = lock;
    }

    /**
     * Opens a folder, with what an earlier process left in it.
     *
     * @param folder made if it is not there
     * @param maxBytes most bytes of its files together, at least 64 KiB; what does not fit is not taken
     * @throws SmartDataException {@code spool_in_use} if another emitter has it, {@code spool_failed} if it cannot be read or
     *     written
     */
    public static FileSpool open(Path folder, long maxBytes) {
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("maxBytes must be at least %d, was %d".formatted(LEAST_BYTES, maxBytes));
        }
        try {
            makeFolder(folder);
            FileChannel lock = lock(folder);
            try {
                FileSpool spool = new FileSpool(folder, maxBytes, lock);
                spool.readSegments();
                return spool;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return; // with the rights that somebody gave it
        }
        Files.createDirectories(folder, OwnerOnly.folder());
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException inThisProcess) {
            // as if another process had it
        }
        channel.close();
        throw new SmartDataException(
                "spool_in_use",
                "The folder %s is the spool of another emitter. Nothing was changed. Give each emitter a folder of its own."
                        .formatted(folder));
    }

    private void readSegments() throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{16}\\" + Segment.EVENTS))
                    .map(name -> Long.valueOf(name.substring(0, 16)))
                    .sorted()
                    .forEach(numbers::add);
        }
        for (Long number : numbers) {
            nextNumber = number + 1;
            Segment segment = Segment.reopen(folder, number, number.equals(numbers.get(numbers.size() - 1)));
            segments.add(segment);
            deleteIfDone(segment);
        }
        toStart(segments.peek());
    }

    private void toStart(@Nullable Segment segment) {
        cursor = segment;
        cursorOffset = Segment.first();
        cursorIndex = 0;
    }

    private static SmartDataException failed(IOException e) {
        return new SmartDataException(
                "spool_failed", "The files of the spool cannot be read or written; the log has the cause.", e);
    }

    @Override
    public int append(List<byte[]> events) {
        Appended appended;
        synchronized (this) {
            requireOpen();
            try {
                appended = write(events);
            } catch (IOException e) {
                active = null; // whatever is wrong with this file, the next events get another one
                throw failed(e);
            }
        }
        sync(appended);
        return appended.events();
    }

    private record Appended(int events, long number) {}

    private Appended write(List<byte[]> events) throws IOException {
        int done = 0;
        while (done < events.size()) {
            Segment segment = segmentFor(events.get(done));
            if (segment == null) {
                break;
            }
            int end = done;
            long room = Math.min(segmentBytes - segment.size(), maxBytes - fileBytes());
            do {
                room -= Segment.length(events.get(end++));
            } while (end < events.size() && Segment.length(events.get(end)) <= room);
            segment.append(events.subList(done, end));
            dirty.add(segment);
            done = end;
        }
        return new Appended(done, done == 0 ? 0 : ++written);
    }

    /** One with room for the event; null if the spool is full. */
    private @Nullable Segment segmentFor(byte[] json) throws IOException {
        Segment current = active;
        if (current != null && (current.size() >= segmentBytes || fileBytes() + Segment.length(json) > maxBytes)) {
            active = null;
            deleteIfDone(current);
            current = null;
        }
        if (fileBytes() + Segment.first() + Segment.length(json) > maxBytes) {
            return null;
        }
        return current == null ? newSegment() : current;
    }

    private Segment newSegment() throws IOException {
        Segment segment = Segment.create(folder, nextNumber++);
        segments.add(segment);
        active = segment;
        if (cursor == null) {
            toStart(segment);
        }
        syncFolder();
        return segment;
    }

    /** Else the new file could be gone after the machine stops; Windows needs none and allows none. */
    private void syncFolder() throws IOException {
        if (File.separatorChar == '/') {
            try (FileChannel channel = FileChannel.open(folder, READ)) {
                channel.force(true);
            }
        }
    }

    private long fileBytes() {
        return segments.stream().mapToLong(Segment::size).sum();
    }

    /** Whoever comes first syncs for all who wrote before; if that fails, it has failed for all of them. */
    private void sync(Appended appended) {
        synchronized (syncing) {
            if (synced >= appended.number()) {
                return;
            }
            if (unsynced >= appended.number()) {
                throw failed(new IOException("The sync for this append failed"));
            }
            syncAll();
        }
    }

    private void syncAll() {
        List<Segment> segmentsToSync;
        long upTo;
        synchronized (this) {
            segmentsToSync = List.copyOf(dirty);
            dirty.clear();
            upTo = written;
        }
        try {
            for (Segment segment : segmentsToSync) {
                segment.sync();
            }
            synced = upTo;
        } catch (IOException e) {
            unsynced = upTo;
            synchronized (this) {
                active = null; // after a sync that failed nobody knows what later ones of this file are worth
            }
            throw failed(e);
        }
    }

    @Override
    public synchronized List<WaitingEvent> take(int maxEvents, long maxTakenBytes) {
        requireOpen();
        List<WaitingEvent> taken = new ArrayList<>();
        long left = maxTakenBytes;
        try {
            while (taken.size() < maxEvents) {
                Out next = next();
                if (next == null) {
                    break;
                }
                left -= next.event.json().length;
                if (left < 0 && !taken.isEmpty()) {
                    next.held = false;
                    released.addFirst(next);
                    break;
                }
                taken.add(next.event);
            }
        } catch (IOException e) {
            release(taken);
            throw failed(e);
        }
        return taken;
    }

    private @Nullable Out next() throws IOException {
        Out earlier = released.poll();
        if (earlier != null) {
            earlier.held = true;
            return earlier;
        }
        while (cursor != null) {
            Segment segment = cursor;
            if (cursorIndex == segment.records()) {
                if (segment == segments.getLast()) {
                    return null;
                }
                toStart(after(segment));
                continue;
            }
            byte[] json = segment.recordAt(cursorOffset);
            cursorOffset += Segment.length(json);
            int index = cursorIndex++;
            if (!segment.gone(index)) {
                Out next = new Out(segment, index, json);
                out.put(next.event.ticket(), next);
                return next;
            }
        }
        return null;
    }

    private @Nullable Segment after(Segment segment) {
        return segments.stream()
                .filter(other -> other.number() > segment.number())
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized void remove(List<WaitingEvent> done) {
        requireOpen();
        IOException failure = null;
        for (WaitingEvent event : done) {
            Out gone = out.remove(event.ticket());
            if (gone == null) {
                continue;
            }
            if (!gone.held) {
                released.remove(gone);
            }
            try {
                gone.segment.remove(gone.index, event.json().length);
                deleteIfDone(gone.segment);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failed(failure);
        }
    }

    private void deleteIfDone(Segment segment) throws IOException {
        if (segment.waiting() == 0 && segment != active) {
            if (segment == cursor) {
                toStart(after(segment));
            }
            segments.remove(segment);
            segment.delete();
        }
    }

    @Override
    public synchronized void release(List<WaitingEvent> later) {
        for (int i = later.size() - 1; i >= 0; i--) {
            Out back = out.get(later.get(i).ticket());
            if (back != null && back.held) {
                back.held = false;
                released.addFirst(back);
            }
        }
    }

    @Override
    public synchronized SpoolSize size() {
        return new SpoolSize(
                segments.stream().mapToLong(Segment::waiting).sum(),
                segments.stream().mapToLong(Segment::waitingBytes).sum());
    }

    @Override
    public boolean durable() {
        return true;
    }

    private void requireOpen() {
        if (closed) {
            throw new SmartDataException("spool_closed", "The spool is closed. Nothing was kept.");
        }
    }

    @Override
    public void close() {
        synchronized (syncing) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
                try {
                    syncAll();
                    active = null;
                    for (Segment segment : List.copyOf(segments)) {
                        deleteIfDone(segment);
                    }
                    for (Segment segment : segments) {
                        segment.close();
                    }
                    lock.close();
                } catch (IOException e) {
                    throw failed(e);
                }
            }
        }
    }
}

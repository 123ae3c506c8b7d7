package io.smartdata.core.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often each 128-bit key was seen, exactly, for any number of keys: a hash table with linear probing that
 * moves from the heap into a mapped temporary file when it outgrows its share. The file holds keyed hashes, no data.
 */
final class OccurrenceCounter implements Closeable {
    private static final int SLOT_BYTES = 24;

    /** 6 MiB of heap, for about 175,000 different rows. */
    private static final int DEFAULT_HEAP_SLOTS = 1 << 18;

    private static final int DEFAULT_PAGE_BITS = 20;
    private static final int FIRST_SLOTS = 1 << 10;

    private final long heapSlots;
    private final int pageBits;
    private ByteBuffer[] pages;
    private long slots;
    private long used;
    private @Nullable FileChannel file;

    OccurrenceCounter() {
        this(DEFAULT_HEAP_SLOTS, DEFAULT_PAGE_BITS);
    }

    /**
     * @param heapSlots table size up to which the heap is used, a power of two
     * @param pageBits size of a page of the table, as a power of two of slots
     */
    OccurrenceCounter(long heapSlots, int pageBits) {
        this.heapSlots = heapSlots;
        this.pageBits = pageBits;
        this.slots = Math.min(FIRST_SLOTS, heapSlots);
        this.pages = heapPages(slots);
    }

    /** How often the key has been seen now, from 1. */
    long count(long high, long low) throws IOException {
        if (used * 3 >= slots * 2) {
            grow();
        }
        return add(high, low, 1);
    }

    /** True if the table lies in a file. */
    boolean spilled() {
        return file != null;
    }

    private long add(long high, long low, long times) {
        long slot = mix(high, low) & (slots - 1);
        while (true) {
            ByteBuffer page = pages[(int) (slot >>> pageBits)];
            int at = (int) (slot & ((1L << pageBits) - 1)) * SLOT_BYTES;
            long seen = page.getLong(at + 16);
            if (seen == 0) {
                page.putLong(at, high).putLong(at + 8, low).putLong(at + 16, times);
                used++;
                return times;
            }
            if (page.getLong(at) == high && page.getLong(at + 8) == low) {
                page.putLong(at + 16, seen + times);
                return seen + times;
            }
            slot = (slot + 1) & (slots - 1);
        }
    }

    /** Keys are hashes already; this only keeps chosen ones from lining up. */
    private static long mix(long high, long low) {
        long h = (high ^ Long.rotateLeft(low, 32)) * 0x9e3779b97f4a7c15L;
        return h ^ h >>> 32;
    }

    private void grow() throws IOException {
        ByteBuffer[] old = pages;
        FileChannel oldFile = file;
        slots *= 2;
        used = 0;
        if (slots <= heapSlots) {
            pages = heapPages(slots);
        } else {
            file = temporaryFile();
            pages = mappedPages(file, slots);
        }
        for (ByteBuffer page : old) {
            for (int at = 0; at < page.capacity(); at += SLOT_BYTES) {
                if (page.getLong(at + 16) != 0) {
                    add(page.getLong(at), page.getLong(at + 8), page.getLong(at + 16));
                }
            }
        }
        if (oldFile != null) {
            oldFile.close();
        }
    }

    private ByteBuffer[] heapPages(long count) {
        ByteBuffer[] made = new ByteBuffer[pageCount(count)];
        for (int i = 0; i < made.length; i++) {
            made[i] = ByteBuffer.allocate(pageSlots(count) * SLOT_BYTES).order(ByteOrder.nativeOrder());
        }
        return made;
    }

    private ByteBuffer[] mappedPages(FileChannel channel, long count) throws IOException {
        ByteBuffer[] made = new ByteBuffer[pageCount(count)];
        long bytes = (long) pageSlots(count) * SLOT_BYTES;
        for (int i = 0; i < made.length; i++) {
            made[i] = channel.map(FileChannel.MapMode.READ_WRITE, i * bytes, bytes);
            made[i].order(ByteOrder.nativeOrder());
        }
        return made;
    }

    private int pageCount(long count) {
        return (int) Math.max(1, count >>> pageBits);
    }

    private int pageSlots(long count) {
        return (int) Math.min(count, 1L << pageBits);
    }

    private static FileChannel temporaryFile() throws IOException {
        Path path = Files.createTempFile("smartdata-occurrences", ".tmp");
        return FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public void close() throws IOException {
        pages = new ByteBuffer[0];
        if (file != null) {
            file.close();
        }
    }
}

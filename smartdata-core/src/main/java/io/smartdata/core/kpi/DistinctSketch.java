package io.smartdata.core.kpi;

import java.util.Arrays;

/**
 * How many different hashes were seen: the {@value #K} smallest are kept. Exact up to {@value #K}, then estimated from
 * the greatest kept one with a standard error of about 1.6 %. A function of the set of hashes, whatever their order.
 * Source: Beyer, Haas, Reinwald, Sismanis and Gemulla, "On synopses for distinct-value estimation under multiset
 * operations", SIGMOD 2007.
 */
final class DistinctSketch {
    /** Hashes kept: the error is 1 / sqrt(K - 2). */
    static final int K = 4096;

    private static final double TWO_TO_64 = 0x1p64;

    /** Hashes with the sign bit flipped, so that signed order is unsigned order; sorted and distinct up to {@code tidy}. */
    private long[] kept = new long[4];

    private int size;
    private int tidy;
    private boolean overflowed;

    void add(long hash) {
        long item = hash ^ Long.MIN_VALUE;
        if (size > 0 && kept[size - 1] == item) {
            return;
        }
        if (tidy == K && item > kept[K - 1]) {
            overflowed = true;
            return;
        }
        if (size == kept.length) {
            makeRoom();
        }
        kept[size++] = item;
    }

    void addAll(DistinctSketch other) {
        boolean eitherOverflowed = overflowed || other.overflowed;
        for (int i = 0; i < other.size; i++) {
            add(other.kept[i] ^ Long.MIN_VALUE);
        }
        overflowed |= eitherOverflowed;
    }

    /** True up to {@value #K} different hashes. */
    boolean exact() {
        tidy();
        return !overflowed;
    }

    long estimate() {
        tidy();
        if (!overflowed) {
            return size;
        }
        double greatest = kept[K - 1] - (double) Long.MIN_VALUE;
        return Math.round((K - 1) / ((greatest + 1) / TWO_TO_64));
    }

    void write(Wire.Writer out) {
        tidy();
        out.writeVarint(overflowed ? K + 1 : size);
        for (int i = 0; i < size; i++) {
            out.writeLong(kept[i] ^ Long.MIN_VALUE);
        }
    }

    static DistinctSketch read(Wire.Reader in) {
        DistinctSketch sketch = new DistinctSketch();
        long written = in.readVarint();
        if (written < 0 || written > K + 1) {
            throw new IllegalArgumentException("A distinct sketch keeps at most %d hashes".formatted(K));
        }
        sketch.overflowed = written > K;
        sketch.size = (int) Math.min(written, K);
        sketch.tidy = sketch.size;
        sketch.kept = new long[Math.max(4, sketch.size)];
        for (int i = 0; i < sketch.size; i++) {
            sketch.kept[i] = in.readLong() ^ Long.MIN_VALUE;
        }
        return sketch;
    }

    private void makeRoom() {
        tidy();
        if (size > kept.length / 2 && kept.length < 2 * K) {
            kept = Arrays.copyOf(kept, Math.min(2 * K, 2 * kept.length));
        }
    }

    private void tidy() {
        if (tidy == size) {
            return;
        }
        Arrays.sort(kept, 0, size);
        int distinct = 1;
        for (int i = 1; i < size; i++) {
            if (kept[i] != kept[distinct - 1]) {
                kept[distinct++] = kept[i];
            }
        }
        overflowed |= distinct > K;
        size = Math.min(distinct, K);
        tidy = size;
    }
}

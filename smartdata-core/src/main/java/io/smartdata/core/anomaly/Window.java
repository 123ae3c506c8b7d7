package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** The latest values of a series, at most a fixed number of them. Takes memory for those there are, not for those that may come. */
final class Window {
    private static final int START = 64;

    private final int capacity;
    private double[] ring;
    private long added;

    Window(int capacity) {
        this.capacity = capacity;
        this.ring = new double[Math.min(capacity, START)];
    }

    void add(double value) {
        if (added == ring.length && ring.length < capacity) {
            ring = Arrays.copyOf(ring, (int) Math.min(2L * ring.length, capacity));
        }
        ring[(int) (added++ % ring.length)] = value;
    }

    int size() {
        return (int) Math.min(added, ring.length);
    }

    /** Oldest first. */
    double[] values() {
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ring[(int) ((added - values.length + i) % ring.length)];
        }
        return values;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(size());
        for (double value : values()) {
            out.writeDouble(value);
        }
    }

    void read(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > capacity) {
            throw new IOException("window of %d values, has room for %d".formatted(size, capacity));
        }
        for (int i = 0; i < size; i++) {
            add(in.readDouble());
        }
    }
}

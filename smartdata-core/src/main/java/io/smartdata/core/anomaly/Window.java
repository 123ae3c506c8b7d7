package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The latest values of a series, at most a fixed number of them. */
final class Window {
    private final double[] ring;
    private long added;

    Window(int capacity) {
        this.ring = new double[capacity];
    }

    void add(double value) {
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
        if (size < 0 || size > ring.length) {
            throw new IOException("window of %d values, has room for %d".formatted(size, ring.length));
        }
        for (int i = 0; i < size; i++) {
            add(in.readDouble());
        }
    }
}

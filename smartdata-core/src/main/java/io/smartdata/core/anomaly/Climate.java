package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Mean of each phase of a season and variance around it, over all of the history: what a value is compared with when the
 * question is whether the series was ever like that. Plain moments, not robust ones: where spikes are usual, a spike is
 * nothing new.
 */
final class Climate {
    /** Values that weigh the same; older ones fade. NAB's windowed Gaussian looks back as far. */
    private static final int MEMORY = 8000;

    private static final double PHASE_RATE = 0.1;
    private static final int SHORTEST = 30;
    private static final double ROUNDING = 1e-9;

    /** Keeps a division by the spread of zeros finite, and the score within bounds. */
    private static final double TINY = 1e-12;

    private static final double FARTHEST = 1e6;

    private final int season;
    private final float[] profile;
    private final byte[] visits;
    private double mean;
    private double variance;
    private int count;

    /** @param season in steps, 0 = none */
    Climate(int season) {
        this.season = season;
        this.profile = new float[season];
        this.visits = new byte[season];
    }

    /** True if there were values enough, at least two of them in this phase. */
    boolean ready(long slot) {
        return season == 0
                ? count >= SHORTEST
                : count >= Math.max(SHORTEST, 2 * season + season / 2) && visits[phase(slot)] > 1;
    }

    double variance() {
        return variance;
    }

    /** Distance to the mean of the phase in standard deviations. */
    double distance(long slot, double value) {
        double spread = Math.sqrt(variance) + ROUNDING * Math.abs(mean) + TINY;
        return Math.max(-FARTHEST, Math.min(FARTHEST, (value - expected(slot)) / spread));
    }

    void add(long slot, double value) {
        double error = value - expected(slot);
        count++;
        double rate = rate(count);
        mean += rate * error;
        if (season > 0) {
            int phase = phase(slot);
            profile[phase] += (float) (Math.max(PHASE_RATE, 1.0 / (visits[phase] + 1)) * (1 - rate) * error);
            visits[phase] = (byte) Math.min(visits[phase] + 1, Byte.MAX_VALUE);
        }
        if (count > season) {
            double share = rate(count - season);
            variance = (1 - share) * (variance + share * error * error);
        }
    }

    private double expected(long slot) {
        return mean + (season > 0 ? profile[phase(slot)] : 0);
    }

    private static double rate(int values) {
        return 1.0 / Math.min(values, MEMORY);
    }

    private int phase(long slot) {
        return (int) Math.floorMod(slot, (long) season);
    }

    void write(DataOutputStream out) throws IOException {
        for (int phase = 0; phase < season; phase++) {
            out.writeFloat(profile[phase]);
            out.writeByte(visits[phase]);
        }
        out.writeDouble(mean);
        out.writeDouble(variance);
        out.writeInt(count);
    }

    void read(DataInputStream in) throws IOException {
        for (int phase = 0; phase < season; phase++) {
            profile[phase] = in.readFloat();
            visits[phase] = in.readByte();
        }
        mean = in.readDouble();
        variance = in.readDouble();
        count = in.readInt();
    }
}

package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A new level: the exponentially weighted mean of the clipped errors of a slow forecast. One outlier cannot move it far,
 * a few on the same side do. Source: Roberts, "Control chart tests based on geometric moving averages", Technometrics
 * 1959.
 */
final class ShiftStatistic {
    private static final double RATE = 0.3;

    /** Standard deviation of the mean of independent errors of sigma 1. */
    private static final double SPREAD = Math.sqrt(RATE / (2 - RATE));

    /** Errors count as at most so many sigma for the evidence, and so many for the size of the shift. */
    private static final double CLIP = 3;

    private static final double SIZE_CLIP = 8;

    /** Beyond so many standard deviations the level is off. */
    private static final double OFF = 1.5;

    private final TailCalibration tail = new TailCalibration();
    private double mean;
    private double size;
    private int run;

    /** Judges and learns. @param error of the slow forecast in units of its {@code sigma} times that */
    double sigma(double error, double sigma) {
        double z = error / sigma;
        mean += RATE * (clipped(z, CLIP) - mean);
        size += RATE * (clipped(z, SIZE_CLIP) * sigma - size);
        double distance = mean / SPREAD;
        int side = Math.abs(distance) > OFF ? (int) Math.signum(distance) : 0;
        run = side == 0 ? 0 : side * run > 0 ? run + side : side;
        double evidence = tail.sigma(distance);
        tail.add(distance);
        return evidence;
    }

    /** The shift, once it has lasted so many rows; 0 before. It is then forgotten here and belongs to the level. */
    double adopted(int rows) {
        if (Math.abs(run) < rows) {
            return 0;
        }
        double shift = size;
        mean = 0;
        size = 0;
        run = 0;
        return shift;
    }

    private static double clipped(double z, double at) {
        return Math.max(-at, Math.min(at, z));
    }

    void write(DataOutputStream out) throws IOException {
        tail.write(out);
        out.writeDouble(mean);
        out.writeDouble(size);
        out.writeInt(run);
    }

    void read(DataInputStream in) throws IOException {
        tail.read(in);
        mean = in.readDouble();
        size = in.readDouble();
        run = in.readInt();
    }
}

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

    /** Share of the mean size of errors that their mean has if they are not scattered on both sides. */
    private static final double ONE_SIDED = 0.75;

    /** Sigma that the latest error must have, so that the end of a shift is none. */
    private static final double STILL_OFF = 2;

    /** Rows that show a level: one outlier is none, two are chance; and at least a quarter of a day. */
    private static final int FEWEST = 3;

    private static final int SHARE_OF_PERIOD = 4;

    /** Sigma of the first error that is a jump. */
    private static final double JUMP = 2.5;

    private final TailCalibration tail = new TailCalibration();
    private final int period;
    private final int enough;
    private double mean;
    private double meanSize;
    private double size;
    private double onset;
    private double latest;
    private int run;

    /** @param period rows of a day, or of a week of days */
    ShiftStatistic(int period) {
        this.period = period;
        this.enough = Math.max(FEWEST, period / SHARE_OF_PERIOD);
    }

    /** Judges and learns. @param error of the slow forecast, in the unit of its {@code sigma} */
    double sigma(double error, double sigma) {
        double z = error / sigma;
        latest = z;
        mean += RATE * (clipped(z, CLIP) - mean);
        meanSize += RATE * (Math.min(Math.abs(z), CLIP) - meanSize);
        size += RATE * (clipped(z, SIZE_CLIP) * sigma - size);
        double distance = mean / SPREAD;
        int side = Math.abs(distance) > OFF ? (int) Math.signum(distance) : 0;
        boolean goesOn = side * run > 0;
        onset = goesOn ? onset : Math.abs(z);
        run = goesOn ? run + side : side;
        double evidence = tail.sigma(distance);
        tail.add(distance);
        return evidence;
    }

    /** The shift, once it has lasted a period; 0 before. It is then forgotten here and belongs to the level. */
    double adopted() {
        if (Math.abs(run) < period) {
            return 0;
        }
        double shift = size;
        mean = 0;
        size = 0;
        run = 0;
        return shift;
    }

    /** True if the latest errors, enough of them, are all on the same side. */
    boolean oneSided() {
        return Math.abs(run) >= enough
                && Math.abs(mean) > ONE_SIDED * meanSize
                && latest * Math.signum(run) > STILL_OFF;
    }

    /** True in the row that shows a shift for what it is. */
    boolean shown() {
        return Math.abs(run) == enough && oneSided();
    }

    /** True if the latest values left the forecast at once, false if little by little. */
    boolean jumped() {
        return onset > JUMP;
    }

    private static double clipped(double z, double at) {
        return Math.max(-at, Math.min(at, z));
    }

    void write(DataOutputStream out) throws IOException {
        tail.write(out);
        out.writeDouble(mean);
        out.writeDouble(meanSize);
        out.writeDouble(onset);
        out.writeDouble(size);
        out.writeInt(run);
    }

    void read(DataInputStream in) throws IOException {
        tail.read(in);
        mean = in.readDouble();
        meanSize = in.readDouble();
        onset = in.readDouble();
        size = in.readDouble();
        run = in.readInt();
    }
}

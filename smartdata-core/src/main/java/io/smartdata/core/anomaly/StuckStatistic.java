package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A value that repeats where it should move. Repetition is a chain of two states whose chances are learned: counts of a
 * quiet hour repeat often, amounts of money hardly ever. The evidence is the chance of so long a run.
 */
final class StuckStatistic {
    /** A move is expected if the forecast lies further from the latest value than this many sigma. */
    private static final double MOVE = 0.3;

    /** Or if the noise is at least this share of the size of the values; zeros in a quiet phase have none. */
    private static final double NOISE = 0.02;

    /** A zero is no repetition unless the forecast lies more than this many sigma above it. */
    private static final double ABOVE_ZERO = 2;

    /** No history shows a smaller chance. */
    private static final double SMALLEST_CHANCE = 0.002;

    /** Weight, in rows, of the belief that a run goes on by the chance it began with. */
    private static final double PRIOR = 2;

    /** Beyond it the counts are halved, so that the chances follow the series. */
    private static final int MEMORY = 1000;

    private double previous = Double.NaN;
    private double moved;
    private double began;
    private double repeated;
    private double lasted;
    private int run;
    private double logChance;

    /**
     * Judges and learns.
     *
     * @param sigma of the forecast
     * @param size usual absolute value
     */
    double sigma(double value, double forecast, double sigma, double size) {
        boolean same = Robust.negligible(value - previous, value);
        boolean shouldMove = (Math.abs(forecast - previous) > MOVE * sigma || sigma > NOISE * size)
                && (value != 0 || forecast > ABOVE_ZERO * sigma);
        previous = value;
        if (!same) {
            count(false);
            run = 0;
            logChance = 0;
        } else if (shouldMove) {
            double begin = Math.max(SMALLEST_CHANCE, (began + 0.5) / (moved + 1));
            double goOn = (lasted + PRIOR * begin) / (repeated + PRIOR);
            logChance += Math.log(Math.min(1, run == 0 ? begin : goOn));
            count(true);
            run++;
        }
        return run == 0 ? 0 : NormalTail.sigma(logChance);
    }

    private void count(boolean same) {
        if (run == 0) {
            moved++;
            began += same ? 1 : 0;
        } else {
            repeated++;
            lasted += same ? 1 : 0;
        }
        if (moved > MEMORY) {
            moved /= 2;
            began /= 2;
        }
        if (repeated > MEMORY) {
            repeated /= 2;
            lasted /= 2;
        }
    }

    void write(DataOutputStream out) throws IOException {
        for (double value : new double[] {previous, moved, began, repeated, lasted, logChance}) {
            out.writeDouble(value);
        }
        out.writeInt(run);
    }

    void read(DataInputStream in) throws IOException {
        previous = in.readDouble();
        moved = in.readDouble();
        began = in.readDouble();
        repeated = in.readDouble();
        lasted = in.readDouble();
        logChance = in.readDouble();
        run = in.readInt();
    }
}

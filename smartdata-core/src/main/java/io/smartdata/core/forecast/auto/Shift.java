package io.smartdata.core.forecast.auto;

import java.util.Arrays;
import java.util.Optional;

/**
 * A lasting change of the level from one step to the next.
 *
 * @param at index of the first value of the new level
 * @param size new level minus old
 */
record Shift(int at, double size) {
    /** Robust standard deviations of all steps of the level that one must exceed. */
    private static final double UNUSUAL = 12;
    /** Robust standard deviations within the neighbourhoods that it must exceed, too. */
    private static final double ABOVE_NOISE = 6;

    /**
     * The largest step between the medians of two neighbourhoods, if it is far above the others. Random walks step
     * everywhere, a trend steps everywhere alike: neither has shifts.
     *
     * @param side values in a neighbourhood; at least half of them must be observed
     */
    static Optional<Shift> largest(double[] y, int side) {
        double[] steps = new double[y.length];
        double[] noise = new double[y.length];
        Arrays.fill(steps, Double.NaN);
        SortedWindow before = new SortedWindow(side);
        SortedWindow after = new SortedWindow(side);
        for (int t = 0; t < Math.min(side, y.length - side); t++) {
            before.add(y[t]);
            after.add(y[side + t]);
        }
        for (int t = side; t <= y.length - side; t++) {
            if (before.size() >= side / 2 && after.size() >= side / 2) {
                steps[t] = after.median() - before.median();
                noise[t] = Robust.MAD_TO_SIGMA * Math.max(before.medianDeviation(), after.medianDeviation());
            }
            if (t < y.length - side) {
                before.remove(y[t - side]);
                before.add(y[t]);
                after.remove(y[t]);
                after.add(y[t + side]);
            }
        }
        double usual = Robust.median(steps);
        double limit = UNUSUAL * Robust.sigma(steps);
        int at = 0;
        double most = 0;
        for (int t = 0; t < steps.length; t++) {
            double size = Math.abs(steps[t] - usual);
            if (size > most && size > limit && size > ABOVE_NOISE * noise[t]) {
                most = size;
                at = t;
            }
        }
        return at == 0 ? Optional.empty() : Optional.of(new Shift(at, steps[at] - usual));
    }

    /** Adds to the values before. */
    double[] undone(double[] y) {
        double[] result = y.clone();
        for (int t = 0; t < Math.min(at, y.length); t++) {
            result[t] += size;
        }
        return result;
    }
}

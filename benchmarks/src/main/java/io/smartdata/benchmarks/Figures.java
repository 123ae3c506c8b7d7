package io.smartdata.benchmarks;

import java.util.Arrays;

/** Order statistics of a few measurements. */
public final class Figures {
    private Figures() {}

    /** The mean of the middle two if there is no middle one; NaN of none. */
    public static double median(double... values) {
        return quantile(0.5, values);
    }

    /** Linear between the neighbours. */
    public static double quantile(double p, double... values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = p * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}

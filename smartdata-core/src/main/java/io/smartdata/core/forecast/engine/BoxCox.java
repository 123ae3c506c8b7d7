package io.smartdata.core.forecast.engine;

import java.util.Arrays;

/**
 * The power transformation of Box and Cox 1964 for values above zero.
 *
 * @param lambda 1 leaves the values as they are but for a shift, 0 takes logarithms
 */
record BoxCox(double lambda) {
    private static final double ACCURACY = 1e-6;
    /** Below it the formula for zero is the more exact one. */
    private static final double NEARLY_ZERO = 1e-8;

    /**
     * The power that makes the spread within a cycle depend least on its level (Guerrero 1993).
     *
     * @param y above zero, without NaN, at least two cycles
     * @param season at least 2
     */
    static BoxCox guerrero(double[] y, int season, double lower, double upper) {
        int cycles = y.length / season;
        double[] means = new double[cycles];
        double[] deviations = new double[cycles];
        for (int k = 0; k < cycles; k++) {
            int from = y.length - (cycles - k) * season;
            double[] cycle = Arrays.copyOfRange(y, from, from + season);
            double mean = Arrays.stream(cycle).average().orElse(0);
            means[k] = mean;
            deviations[k] = Math.sqrt(Arrays.stream(cycle)
                            .map(value -> (value - mean) * (value - mean))
                            .sum()
                    / (season - 1));
        }
        double golden = (Math.sqrt(5) - 1) / 2;
        double low = lower;
        double high = upper;
        while (high - low > ACCURACY) {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (variation(means, deviations, left) <= variation(means, deviations, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return new BoxCox((low + high) / 2);
    }

    /** Coefficient of variation of the spread over the level to the power 1 - lambda. */
    private static double variation(double[] means, double[] deviations, double lambda) {
        double[] ratios = new double[means.length];
        Arrays.setAll(ratios, k -> deviations[k] / Math.pow(means[k], 1 - lambda));
        double mean = Arrays.stream(ratios).average().orElse(0);
        double squares = Arrays.stream(ratios)
                .map(ratio -> (ratio - mean) * (ratio - mean))
                .sum();
        return mean == 0 ? 0 : Math.sqrt(squares / (ratios.length - 1)) / mean;
    }

    double of(double value) {
        return Math.abs(lambda) < NEARLY_ZERO ? Math.log(value) : (Math.pow(value, lambda) - 1) / lambda;
    }

    /** 0 below the smallest transformed value there can be. */
    double inverse(double transformed) {
        return Math.abs(lambda) < NEARLY_ZERO
                ? Math.exp(transformed)
                : Math.pow(Math.max(0, lambda * transformed + 1), 1 / lambda);
    }

    /** The mean of the values whose transformed ones have this mean and deviation, to second order. */
    double inverseMean(double mean, double deviation) {
        double slope = Math.max(0, lambda * mean + 1);
        return slope == 0 ? 0 : inverse(mean) * (1 + deviation * deviation * (1 - lambda) / (2 * slope * slope));
    }
}

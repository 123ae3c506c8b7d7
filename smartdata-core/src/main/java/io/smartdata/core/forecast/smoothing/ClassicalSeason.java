package io.smartdata.core.forecast.smoothing;

import java.util.Arrays;

/** Seasonal indices by moving averages, and the test whether there is a season at all. */
final class ClassicalSeason {
    /** Two-sided 90 % point of the normal distribution, as in the M4 benchmarks. */
    private static final double SIGNIFICANT = 1.645;

    private ClassicalSeason() {}

    /**
     * Autocorrelation test of the M4 organisers (Makridakis, Spiliotis and Assimakopoulos 2020).
     *
     * @param y without NaN
     */
    static boolean significant(double[] y, int season) {
        double mean = Arrays.stream(y).average().orElse(0);
        double[] correlations = new double[season + 1];
        for (int lag = 0; lag <= season; lag++) {
            for (int t = lag; t < y.length; t++) {
                correlations[lag] += (y[t] - mean) * (y[t - lag] - mean);
            }
        }
        if (correlations[0] == 0) {
            return false;
        }
        double squares = 0;
        for (int lag = 1; lag < season; lag++) {
            squares += Math.pow(correlations[lag] / correlations[0], 2);
        }
        double limit = SIGNIFICANT * Math.sqrt((1 + 2 * squares) / y.length);
        return Math.abs(correlations[season] / correlations[0]) > limit;
    }

    /**
     * Classical decomposition: mean ratio (or difference) to the centred moving average, by place in the cycle. The sum is
     * the season (or zero).
     *
     * @param y without NaN; above zero for ratios
     */
    static double[] indices(double[] y, int season, boolean ratios) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int t = half; t < y.length - half; t++) {
            double average = 0;
            for (int k = -half; k <= half; k++) {
                average += y[t + k] * (season % 2 == 0 && Math.abs(k) == half ? 0.5 : 1);
            }
            average /= season;
            sums[t % season] += ratios ? y[t] / average : y[t] - average;
            counts[t % season]++;
        }
        double[] indices = new double[season];
        Arrays.setAll(indices, k -> counts[k] == 0 ? ratios ? 1 : 0 : sums[k] / counts[k]);
        double mean = Arrays.stream(indices).average().orElse(0);
        Arrays.setAll(indices, k -> ratios ? indices[k] / mean : indices[k] - mean);
        return indices;
    }

    /**
     * The values without the season.
     *
     * @param y NaN stays NaN
     * @param indices one a place in the cycle, that of the first value first
     */
    static double[] adjusted(double[] y, double[] indices, boolean ratios) {
        double[] result = new double[y.length];
        Arrays.setAll(result, t -> {
            double index = indices[t % indices.length];
            return ratios ? y[t] / index : y[t] - index;
        });
        return result;
    }
}

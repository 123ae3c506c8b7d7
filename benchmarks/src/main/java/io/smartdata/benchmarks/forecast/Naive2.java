package io.smartdata.benchmarks.forecast;

import java.util.Arrays;

/**
 * The benchmark of the M4 organisers (Makridakis, Spiliotis and Assimakopoulos 2020): the last value of the series after
 * classical multiplicative seasonal adjustment, where a 90 % test of the autocorrelation at the season asks for one.
 */
final class Naive2 {
    private static final double SIGNIFICANT = 1.645;

    private Naive2() {}

    /** @param y NaN = missing, filled along straight lines */
    static double[] forecast(double[] y, int season, int horizon) {
        double[] filled = filled(y);
        double[] indices = new double[season];
        Arrays.fill(indices, 1);
        if (season > 1 && filled.length >= 3 * season && seasonal(filled, season)) {
            indices = indices(filled, season);
        }
        int n = filled.length;
        double level = filled[n - 1] / indices[(n - 1) % season];
        double[] result = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            result[h] = level * indices[(n + h) % season];
        }
        return result;
    }

    private static boolean seasonal(double[] y, int season) {
        double squares = 0;
        for (int lag = 1; lag < season; lag++) {
            squares += Math.pow(autocorrelation(y, lag), 2);
        }
        return Math.abs(autocorrelation(y, season)) > SIGNIFICANT * Math.sqrt((1 + 2 * squares) / y.length);
    }

    private static double autocorrelation(double[] y, int lag) {
        double mean = Arrays.stream(y).average().orElse(0);
        double sum = 0;
        double variance = 0;
        for (int t = 0; t < y.length; t++) {
            variance += (y[t] - mean) * (y[t] - mean);
            sum += t < lag ? 0 : (y[t] - mean) * (y[t - lag] - mean);
        }
        return variance == 0 ? 0 : sum / variance;
    }

    private static double[] indices(double[] y, int season) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int t = half; t < y.length - half; t++) {
            double average = 0;
            for (int k = -half; k <= half; k++) {
                average += y[t + k] * (season % 2 == 0 && Math.abs(k) == half ? 0.5 : 1) / season;
            }
            sums[t % season] += y[t] / average;
            counts[t % season]++;
        }
        double[] indices = new double[season];
        Arrays.setAll(indices, k -> sums[k] / counts[k]);
        double mean = Arrays.stream(indices).average().orElse(1);
        Arrays.setAll(indices, k -> indices[k] / mean);
        return Arrays.stream(indices).allMatch(index -> Double.isFinite(index) && index > 0) ? indices : ones(season);
    }

    private static double[] ones(int season) {
        double[] result = new double[season];
        Arrays.fill(result, 1);
        return result;
    }

    /** Gaps along straight lines, at the ends with the nearest value. */
    static double[] filled(double[] y) {
        double[] result = y.clone();
        int last = -1;
        for (int t = 0; t <= y.length; t++) {
            if (t == y.length || !Double.isNaN(y[t])) {
                for (int gap = last + 1; gap < t; gap++) {
                    double left = last < 0 ? y[t] : y[last];
                    double right = t == y.length ? left : y[t];
                    result[gap] = left + (right - left) * (gap - last) / (t - last);
                }
                last = t;
            }
        }
        return result;
    }
}

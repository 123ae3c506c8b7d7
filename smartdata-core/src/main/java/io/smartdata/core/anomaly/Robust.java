package io.smartdata.core.anomaly;

import java.util.Arrays;

/** Location and spread that outliers do not move, and the meaning of "the same value". */
final class Robust {
    /** Makes the median absolute deviation of normal data equal its standard deviation: 1 / quantile(0.75). */
    static final double MAD_TO_SIGMA = 1.4826;

    /** Makes the mean absolute deviation of normal data equal its standard deviation: sqrt(pi / 2). */
    static final double MEAN_DEVIATION_TO_SIGMA = Math.sqrt(Math.PI / 2);

    /** Differences below a billionth of the values are rounding, not change. */
    private static final double ROUNDING = 1e-9;

    private Robust() {}

    /** True if {@code difference} cannot be told from rounding of numbers as large as {@code magnitude}. */
    static boolean negligible(double difference, double magnitude) {
        return Math.abs(difference) <= ROUNDING * Math.abs(magnitude);
    }

    /**
     * Distance in units of {@code sigma}, where a flat history has no unit: 0 for the same value, else signed infinity.
     */
    static double score(double value, double center, double sigma) {
        double distance = value - center;
        double magnitude = Math.max(Math.abs(value), Math.abs(center));
        if (negligible(distance, magnitude)) {
            return 0;
        }
        return negligible(sigma, magnitude) ? Math.copySign(Double.POSITIVE_INFINITY, distance) : distance / sigma;
    }

    /** @param values not empty, without NaN; not modified */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * Standard deviation of the bulk: the scaled median absolute deviation, or the scaled mean one where more than half
     * of the values are equal. Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC 1993.
     */
    static double sigma(double[] values, double median) {
        double[] distances =
                Arrays.stream(values).map(x -> Math.abs(x - median)).toArray();
        double mad = median(distances);
        return negligible(mad, median)
                ? MEAN_DEVIATION_TO_SIGMA * Arrays.stream(distances).average().orElseThrow()
                : MAD_TO_SIGMA * mad;
    }
}

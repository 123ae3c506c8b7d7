package io.smartdata.core.forecast.auto;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Order statistics that a few wild values do not move (Tukey 1977); NaN = gap throughout. */
final class Robust {
    /** Makes the MAD of normal data equal its standard deviation: 1 / quantile(0.75). */
    static final double MAD_TO_SIGMA = 1.4826;

    private Robust() {}

    /** What the place in the cycle and the neighbours suggest for each value. */
    static double[] expected(double[] y, int season) {
        double[] seasonal = seasonal(y, season);
        double[] level = runningMedian(minus(y, seasonal), Math.max(3, season));
        return minus(level, minus(new double[y.length], seasonal));
    }

    /** Median distance to the running median, by place in the cycle; 0 everywhere without a cycle. */
    static double[] seasonal(double[] y, int season) {
        double[] result = new double[y.length];
        if (season > 1) {
            double[] rest = minus(y, runningMedian(y, season));
            double[] places = IntStream.range(0, season)
                    .mapToDouble(place -> median(IntStream.range(0, y.length)
                            .filter(t -> t % season == place)
                            .mapToDouble(t -> rest[t])
                            .toArray()))
                    .toArray();
            Arrays.setAll(result, t -> Double.isNaN(places[t % season]) ? 0 : places[t % season]);
        }
        return result;
    }

    /** Of {@code half} values on either side, fewer at the ends. */
    private static double[] runningMedian(double[] y, int half) {
        double[] result = new double[y.length];
        SortedWindow window = new SortedWindow(2 * half + 2);
        for (int t = 0; t < Math.min(half, y.length); t++) {
            window.add(y[t]);
        }
        for (int t = 0; t < y.length; t++) {
            window.add(t + half < y.length ? y[t + half] : Double.NaN);
            window.remove(t > half ? y[t - half - 1] : Double.NaN);
            result[t] = window.median();
        }
        return result;
    }

    static double[] minus(double[] a, double[] b) {
        double[] result = new double[a.length];
        Arrays.setAll(result, t -> a[t] - b[t]);
        return result;
    }

    /** Standard deviation as of normal values with the same median absolute deviation; NaN of none. */
    static double sigma(double[] values) {
        double centre = median(values);
        return MAD_TO_SIGMA
                * median(Arrays.stream(values).map(x -> Math.abs(x - centre)).toArray());
    }

    /** NaN of none. */
    static double median(double[] values) {
        double[] sorted = observed(values);
        Arrays.sort(sorted);
        int n = sorted.length;
        if (n == 0) {
            return Double.NaN;
        }
        return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
    }

    static double[] observed(double[] values) {
        double[] result = new double[values.length];
        int n = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                result[n++] = value;
            }
        }
        return Arrays.copyOf(result, n);
    }
}

package io.smartdata.core.forecast.auto;

import java.util.Arrays;

/**
 * A history without its accidents: gross single outliers are replaced by what their neighbours and their place in the
 * cycle suggest, and values before a shift of the level are moved to the level of today. Judged by running medians, so
 * that an accident does not hide itself (Chen and Liu 1993 name the kinds; Tukey 1977 the running medians).
 *
 * @param values the cleaned values; NaN = gap
 * @param outliers values replaced
 * @param lastShift index of the first value after the last shift; 0 if there was none
 */
record Cleaning(double[] values, int outliers, int lastShift) {
    /** Robust standard deviations between a value and its neighbourhood. */
    private static final double GROSS = 6;
    /** Robust standard deviations between the medians of two neighbourhoods. */
    private static final double SHIFTED = 8;
    /** Makes the MAD of normal data equal its standard deviation: 1 / quantile(0.75). */
    private static final double MAD_TO_SIGMA = 1.4826;

    private static final int SHORTEST_SIDE = 14;
    private static final int FEWEST_VALUES = 28;
    private static final int MOST_SHIFTS = 3;

    static Cleaning of(double[] y, int season) {
        if (y.length < Math.max(FEWEST_VALUES, 4 * season)) {
            return new Cleaning(y, 0, 0);
        }
        double[] levelled = y.clone();
        int last = 0;
        int side = Math.max(SHORTEST_SIDE, 2 * season);
        for (int round = 0; round < MOST_SHIFTS; round++) {
            Shift shift = Shift.largest(adjusted(levelled, season), side);
            if (shift.at() == 0) {
                break;
            }
            for (int t = 0; t < shift.at(); t++) {
                levelled[t] += shift.size();
            }
            last = Math.max(last, shift.at());
        }
        return last == 0 ? withoutOutliers(levelled, season, last) : withoutOutliers(levelled, season, last);
    }

    private static Cleaning withoutOutliers(double[] y, int season, int lastShift) {
        double[] seasonal = seasonal(y, season);
        double[] adjusted = minus(y, seasonal);
        double[] level = runningMedian(adjusted, Math.max(3, season));
        double[] rest = minus(adjusted, level);
        double limit = GROSS * sigma(rest);
        double[] result = y.clone();
        int outliers = 0;
        // the last values may be the first of a new level: they are left alone
        for (int t = 0; limit > 0 && t < y.length - 2; t++) {
            if (Math.abs(rest[t]) > limit) {
                result[t] = level[t] + seasonal[t];
                outliers++;
            }
        }
        return new Cleaning(result, outliers, lastShift);
    }

    /** Where the medians of what is before and after differ most in units of the spread within; at 0 if nowhere grossly. */
    private record Shift(int at, double size) {
        static Shift largest(double[] y, int side) {
            int at = 0;
            double most = SHIFTED;
            double size = 0;
            for (int t = side; t <= y.length - side; t++) {
                double[] before = observed(y, t - side, t);
                double[] after = observed(y, t, t + side);
                if (before.length < side / 2 || after.length < side / 2) {
                    continue;
                }
                double step = median(after) - median(before);
                double spread = Math.max(sigma(before), sigma(after));
                if (Math.abs(step) > most * spread && spread > 0) {
                    most = Math.abs(step) / spread;
                    at = t;
                    size = step;
                }
            }
            return new Shift(at, size);
        }
    }

    private static double[] adjusted(double[] y, int season) {
        return minus(y, seasonal(y, season));
    }

    /** Median distance to the running median, by place in the cycle. */
    private static double[] seasonal(double[] y, int season) {
        double[] result = new double[y.length];
        if (season == 1) {
            return result;
        }
        double[] rest = minus(y, runningMedian(y, season));
        double[] indices = new double[season];
        for (int k = 0; k < season; k++) {
            int place = k;
            double[] values = java.util.stream.IntStream.range(0, y.length)
                    .filter(t -> t % season == place && !Double.isNaN(rest[t]))
                    .mapToDouble(t -> rest[t])
                    .toArray();
            indices[k] = values.length == 0 ? 0 : median(values);
        }
        Arrays.setAll(result, t -> indices[t % season]);
        return result;
    }

    /** Of {@code half} values on either side, fewer at the ends. */
    private static double[] runningMedian(double[] y, int half) {
        double[] result = new double[y.length];
        for (int t = 0; t < y.length; t++) {
            double[] window = observed(y, Math.max(0, t - half), Math.min(y.length, t + half + 1));
            result[t] = window.length == 0 ? Double.NaN : median(window);
        }
        return result;
    }

    private static double[] observed(double[] y, int from, int to) {
        return Arrays.stream(y, from, to).filter(value -> !Double.isNaN(value)).toArray();
    }

    private static double[] minus(double[] a, double[] b) {
        double[] result = new double[a.length];
        Arrays.setAll(result, t -> a[t] - b[t]);
        return result;
    }

    private static double sigma(double[] values) {
        double[] observed = observed(values, 0, values.length);
        if (observed.length == 0) {
            return 0;
        }
        double centre = median(observed);
        return MAD_TO_SIGMA
                * median(Arrays.stream(observed).map(x -> Math.abs(x - centre)).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
    }
}

package io.smartdata.core.forecast.auto;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A history without its accidents: gross single outliers are replaced by what their neighbours and their place in the
 * cycle suggest, and values before a shift of the level are moved to the level after it. Judged by running medians, so
 * that an accident does not hide itself (Tukey 1977; Chen and Liu 1993 name the kinds).
 *
 * @param values the cleaned values; NaN = gap
 * @param levelled the same with the outliers left in: what forecasts are judged by
 * @param outliers values replaced
 * @param lastShift index of the first value after the last shift; 0 if there was none
 */
record Cleaning(double[] values, double[] levelled, int outliers, int lastShift) {
    /** Robust standard deviations between a value and its neighbourhood. */
    private static final double GROSS = Double.parseDouble(System.getProperty("gross", "6"));
    /** Robust standard deviations of all steps of the level that one must exceed. */
    private static final double SHIFTED = Double.parseDouble(System.getProperty("shifted", "12"));
    /** Robust standard deviations within the neighbourhoods that it must exceed, too. */
    private static final double ABOVE_NOISE = Double.parseDouble(System.getProperty("noise", "6"));
    /** Makes the MAD of normal data equal its standard deviation: 1 / quantile(0.75). */
    private static final double MAD_TO_SIGMA = 1.4826;

    private static final int LEFT_ALONE = Integer.getInteger("alone", 2);
    private static final int SHORTEST_SIDE = 14;
    private static final int FEWEST_VALUES = 28;
    private static final int FEWEST_CYCLES = 4;
    /** Neighbourhoods of longer cycles would be wide and dear; their values change slowly from step to step. */
    private static final int LONGEST_SEASON = 60;

    private static final int MOST_SHIFTS = 3;

    /** Nothing is taken for an accident. */
    static Cleaning none(double[] y) {
        return new Cleaning(y, y, 0, 0);
    }

    static Cleaning of(double[] y, int longest) {
        int season = longest > LONGEST_SEASON ? 1 : longest;
        if (y.length < Math.max(FEWEST_VALUES, FEWEST_CYCLES * season)) {
            return none(y);
        }
        double[] levelled = y.clone();
        int last = 0;
        for (int round = 0; round < MOST_SHIFTS; round++) {
            Shift shift =
                    Shift.largest(minus(levelled, seasonal(levelled, season)), Math.max(SHORTEST_SIDE, 2 * season));
            if (shift.at() == 0) {
                break;
            }
            for (int t = 0; t < shift.at(); t++) {
                levelled[t] += shift.size();
            }
            last = Math.max(last, shift.at());
        }
        return withoutOutliers(levelled, season, last);
    }

    private static Cleaning withoutOutliers(double[] y, int season, int lastShift) {
        boolean[] gross = gross(y, season);
        if (Arrays.stream(y).noneMatch(value -> value <= 0)) {
            // the peaks of a cycle that grows with the level are gross only before taking logarithms
            boolean[] grossLogs = gross(Arrays.stream(y).map(Math::log).toArray(), season);
            for (int t = 0; t < gross.length; t++) {
                gross[t] &= grossLogs[t];
            }
        }
        double[] result = y.clone();
        double[] expected = expected(y, season);
        int outliers = 0;
        for (int t = 0; t < y.length; t++) {
            if (gross[t]) {
                result[t] = expected[t];
                outliers++;
            }
        }
        return new Cleaning(result, y, outliers, lastShift);
    }

    private static boolean[] gross(double[] y, int season) {
        double[] rest = minus(y, expected(y, season));
        double limit = GROSS * sigma(rest);
        boolean[] result = new boolean[y.length];
        // the last values may be the first of a new level: they are left alone
        for (int t = 0; limit > 0 && t < y.length - LEFT_ALONE; t++) {
            result[t] = Math.abs(rest[t]) > limit && unlike(y, t, t - season, limit) && unlike(y, t, t + season, limit);
        }
        return result;
    }

    /** What came in the cycle before or after, too, is no accident. */
    private static boolean unlike(double[] y, int t, int other, double limit) {
        return other < 0 || other >= y.length || !(Math.abs(y[t] - y[other]) <= limit);
    }

    private static double[] expected(double[] y, int season) {
        double[] seasonal = seasonal(y, season);
        double[] level = runningMedian(minus(y, seasonal), Math.max(3, season));
        double[] result = new double[y.length];
        Arrays.setAll(result, t -> seasonal[t] + level[t]);
        return result;
    }

    /**
     * Where the medians of what is before and after differ far more than they do elsewhere; at 0 if nowhere. Random walks
     * differ everywhere, a trend everywhere alike: neither has shifts.
     */
    private record Shift(int at, double size) {
        static Shift largest(double[] y, int side) {
            double[] steps = new double[y.length];
            double[] spreads = new double[y.length];
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
                    spreads[t] = MAD_TO_SIGMA * Math.max(before.medianDeviation(), after.medianDeviation());
                }
                if (t < y.length - side) {
                    before.remove(y[t - side]);
                    before.add(y[t]);
                    after.remove(y[t]);
                    after.add(y[t + side]);
                }
            }
            double[] known = observed(steps, 0, steps.length);
            if (known.length == 0) {
                return new Shift(0, 0);
            }
            double usual = median(known);
            double spread = sigma(known);
            int at = 0;
            double most = 0;
            for (int t = 0; t < steps.length; t++) {
                double size = Math.abs(steps[t] - usual);
                if (size > most && size > SHIFTED * spread && size > ABOVE_NOISE * spreads[t]) {
                    most = size;
                    at = t;
                }
            }
            return new Shift(at, at == 0 ? 0 : steps[at] - usual);
        }
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
            double[] values = IntStream.range(0, y.length)
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

package io.smartdata.core.forecast.decomposition;

import java.util.List;

/**
 * Several seasons and a trend: each season in turn by {@link Stl} from what the others leave, twice. Source: Bandara,
 * Hyndman and Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple seasonal patterns",
 * 2021. The components add up to the series.
 *
 * @param trend of the whole
 * @param seasons one a period, in their order
 * @param remainder what is left
 */
record Mstl(double[] trend, double[][] seasons, double[] remainder) {
    private static final int ROUNDS = 2;
    /** Cycles the smoothing of the first season sees, and how many more each further one. */
    private static final int FIRST_WINDOW = 11;

    private static final int MORE_WINDOW = 4;

    /**
     * @param y without NaN, at least two of the longest period
     * @param periods shortest first; may be empty: then the trend is a local regression over the whole
     */
    static Mstl of(double[] y, List<Integer> periods) {
        return of(y, periods, false);
    }

    /** @param everywhere true to fit the curves at every point, which is slower and hardly differs */
    static Mstl of(double[] y, List<Integer> periods, boolean everywhere) {
        double[][] seasons = new double[periods.size()][y.length];
        double[] trend = new double[y.length];
        double[] rest = y.clone();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < seasons.length; i++) {
                add(rest, seasons[i], 1);
                Stl stl = new Stl(rest, periods.get(i), FIRST_WINDOW + MORE_WINDOW * i, everywhere);
                seasons[i] = stl.season();
                trend = stl.trend();
                add(rest, seasons[i], -1);
            }
        }
        add(rest, trend, -1);
        return new Mstl(trend, seasons, rest);
    }

    private static void add(double[] to, double[] what, int sign) {
        for (int t = 0; t < to.length; t++) {
            to[t] += sign * what[t];
        }
    }
}

package io.smartdata.core.forecast.arima;

import java.util.Arrays;

/**
 * How often a series has to be differenced before its level stays: across seasons if the seasonal pattern is strong (Wang,
 * Smith and Hyndman 2006), then step by step while a test rejects a constant level (Kwiatkowski, Phillips, Schmidt and Shin
 * 1992).
 *
 * @param d plain differences, 0 to 2
 * @param seasonalD seasonal differences, 0 or 1
 */
record Differencing(int d, int seasonalD) {
    /** Share of the variance around the trend that the seasonal pattern explains, from which on it may be drifting. */
    private static final double STRONG = 0.64;
    /** Critical value of the test at 5 %. */
    private static final double CRITICAL = 0.463;

    private static final int MOST = 2;
    /** Fewer values tell nothing. */
    private static final int FEWEST = 8;

    private static final int FEWEST_CYCLES = 3;

    /**
     * @param y without gaps; not modified
     * @param season 1 for none
     */
    static Differencing of(double[] y, int season) {
        boolean seasonal = season > 1 && y.length >= FEWEST_CYCLES * season && strength(y, season) > STRONG;
        double[] rest = seasonal ? differences(y, season) : y;
        int d = 0;
        while (d + (seasonal ? 1 : 0) < MOST && rest.length >= FEWEST && kpss(rest) > CRITICAL) {
            rest = differences(rest, 1);
            d++;
        }
        return new Differencing(d, seasonal ? 1 : 0);
    }

    private static double[] differences(double[] y, int lag) {
        double[] result = new double[y.length - lag];
        Arrays.setAll(result, t -> y[t + lag] - y[t]);
        return result;
    }

    /** 1 - var(remainder) / var(season + remainder), around a centred moving average; between 0 and 1. */
    static double strength(double[] y, int season) {
        int half = season / 2;
        double[] detrended = new double[y.length - 2 * half];
        for (int t = half; t < y.length - half; t++) {
            double trend = 0;
            for (int i = t - half; i <= t + half; i++) {
                boolean edge = season % 2 == 0 && (i == t - half || i == t + half);
                trend += edge ? y[i] / 2 : y[i];
            }
            detrended[t - half] = y[t] - trend / season;
        }
        double[] mean = new double[season];
        int[] count = new int[season];
        for (int t = 0; t < detrended.length; t++) {
            mean[t % season] += detrended[t];
            count[t % season]++;
        }
        double[] remainder = new double[detrended.length];
        Arrays.setAll(remainder, t -> detrended[t] - mean[t % season] / count[t % season]);
        double whole = variance(detrended);
        return whole > 0 ? Math.max(0, 1 - variance(remainder) / whole) : 0;
    }

    private static double variance(double[] x) {
        double mean = Arrays.stream(x).average().orElse(0);
        return Arrays.stream(x).map(value -> (value - mean) * (value - mean)).sum();
    }

    /** Squared partial sums around the mean over the long-run variance (Bartlett weights, 4 (n / 100)^(1/4) lags). */
    static double kpss(double[] y) {
        int n = y.length;
        double mean = Arrays.stream(y).average().orElse(0);
        double partial = 0;
        double sums = 0;
        for (double value : y) {
            partial += value - mean;
            sums += partial * partial;
        }
        int lags = (int) (4 * Math.pow(n / 100.0, 0.25));
        double longRun = 0;
        for (int lag = 0; lag <= lags && lag < n; lag++) {
            double sum = 0;
            for (int t = lag; t < n; t++) {
                sum += (y[t] - mean) * (y[t - lag] - mean);
            }
            longRun += lag == 0 ? sum : 2 * (1 - lag / (lags + 1.0)) * sum;
        }
        return longRun > 0 ? sums / n / longRun : 0;
    }
}

package io.smartdata.core.forecast.decomposition;

/**
 * One season and a trend by repeated local regression. Source: Cleveland, Cleveland, McRae and Terpenning, "STL: a
 * seasonal-trend decomposition procedure based on loess", 1990, without the outer, robust loop; windows as usual in R.
 */
final class Stl {
    private static final int PASSES = 2;
    private static final int FITS_A_WINDOW = 10;

    private final int period;
    private final Loess ofCycle;
    private final Loess ofLowPass;
    private final Loess ofTrend;
    private final double[] trend;
    private final double[] season;

    /**
     * @param y without NaN, at least two periods
     * @param period at least 2
     * @param cycles window of the seasonal smoothing in cycles, odd, at least 7
     * @param everywhere true to fit at every point, false at ten points a window
     */
    Stl(double[] y, int period, int cycles, boolean everywhere) {
        this.period = period;
        ofCycle = loess(cycles, false, everywhere);
        ofLowPass = loess(odd(period), true, everywhere);
        ofTrend = loess(odd((int) Math.ceil(1.5 * period / (1 - 1.5 / cycles))), true, everywhere);
        trend = new double[y.length];
        season = new double[y.length];
        for (int pass = 0; pass < PASSES; pass++) {
            pass(y);
        }
    }

    private static Loess loess(int window, boolean line, boolean everywhere) {
        return new Loess(window, line, everywhere ? 1 : (window + FITS_A_WINDOW - 1) / FITS_A_WINDOW);
    }

    private static int odd(int n) {
        return n % 2 == 0 ? n + 1 : n;
    }

    double[] season() {
        return season;
    }

    double[] trend() {
        return trend;
    }

    private void pass(double[] y) {
        int n = y.length;
        double[] cycles = cycles(y);
        double[] passed = means(means(means(cycles, period), period), 3);
        double[] low = new double[n];
        ofLowPass.smooth(passed, low);
        double[] rest = new double[n];
        for (int t = 0; t < n; t++) {
            season[t] = cycles[t + period] - low[t];
            rest[t] = y[t] - season[t];
        }
        ofTrend.smooth(rest, trend);
    }

    /** The values without the trend, smoothed along each place of the cycle, with one more cycle at either end. */
    private double[] cycles(double[] y) {
        int n = y.length;
        double[] result = new double[n + 2 * period];
        for (int place = 0; place < period; place++) {
            double[] values = new double[(n - 1 - place) / period + 1];
            for (int k = 0; k < values.length; k++) {
                values[k] = y[place + k * period] - trend[place + k * period];
            }
            double[] smooth = new double[values.length];
            ofCycle.smooth(values, smooth);
            result[place] = ofCycle.at(values, -1);
            for (int k = 0; k < values.length; k++) {
                result[place + (k + 1) * period] = smooth[k];
            }
            result[place + (values.length + 1) * period] = ofCycle.at(values, values.length);
        }
        return result;
    }

    /** Moving averages, shorter by {@code width - 1}. */
    private static double[] means(double[] y, int width) {
        double[] result = new double[y.length - width + 1];
        double sum = 0;
        for (int t = 0; t < y.length; t++) {
            sum += y[t];
            if (t >= width - 1) {
                result[t - width + 1] = sum / width;
                sum -= y[t - width + 1];
            }
        }
        return result;
    }
}

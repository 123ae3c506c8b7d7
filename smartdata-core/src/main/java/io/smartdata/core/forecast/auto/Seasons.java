package io.smartdata.core.forecast.auto;

import java.util.List;

/** Which cycles the data show. */
final class Seasons {
    /** Cycles needed to see one. */
    private static final int FEWEST_CYCLES = 2;

    /**
     * Standard errors of the autocorrelation at the season. The M4 organisers asked for 1.645 (Makridakis, Spiliotis and
     * Assimakopoulos 2020); on the training halves a lower limit foretold better, since a seasonal model finds a weak
     * cycle harmless and its absence costly.
     */
    private static final double SIGNIFICANT = 1;

    private Seasons() {}

    /**
     * The cycles whose repetition is visible in the autocorrelations.
     *
     * @param filled without gaps
     * @param wanted lengths in steps
     */
    static List<Integer> shown(double[] filled, List<Integer> wanted) {
        return wanted.stream().filter(season -> shown(filled, season)).toList();
    }

    private static boolean shown(double[] y, int season) {
        if (y.length < FEWEST_CYCLES * season) {
            return false;
        }
        double[] correlations = autocorrelations(y, season);
        double squares = 0;
        for (int lag = 1; lag < season; lag++) {
            squares += correlations[lag] * correlations[lag];
        }
        return correlations[season] > SIGNIFICANT * Math.sqrt((1 + 2 * squares) / y.length);
    }

    /** Lags 0 to {@code last}; all 0 for a constant. */
    private static double[] autocorrelations(double[] y, int last) {
        double scale = 0;
        for (double value : y) {
            scale = Math.max(scale, Math.abs(value));
        }
        double mean = 0;
        for (double value : y) {
            mean += value / scale / y.length;
        }
        double[] result = new double[last + 1];
        for (int lag = 0; lag <= last; lag++) {
            for (int t = lag; t < y.length; t++) {
                result[lag] += (y[t] / scale - mean) * (y[t - lag] / scale - mean);
            }
        }
        double variance = result[0];
        for (int lag = 0; lag <= last; lag++) {
            result[lag] = variance > 0 ? result[lag] / variance : 0;
        }
        return result;
    }
}

package io.smartdata.core.forecast.auto;

import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Whether a series is what no model foretells better than its last value. Its steps have no mean and do not repeat
 * themselves: a portmanteau test of their autocorrelations that large and small steps in clusters do not upset. Source: Lo
 * and MacKinlay 1989; Diebold 1986.
 */
final class RandomWalk {
    /** With fewer steps the test sees too little: that a pattern is not proven does not speak against it. */
    private static final int FEWEST_STEPS = 100;

    private static final int LAGS = 10;
    private static final double SIGNIFICANT_MEAN = 2;
    private static final double SIGNIFICANT_LAGS = new ChiSquaredDistribution(LAGS).inverseCumulativeProbability(0.95);

    private RandomWalk() {}

    /** @param filled without gaps */
    static boolean plausible(double[] filled) {
        int n = filled.length - 1;
        if (n < FEWEST_STEPS) {
            return false;
        }
        double scale = DoubleStream.of(filled).map(Math::abs).max().orElse(0);
        double[] steps = new double[n];
        double mean = 0;
        for (int t = 0; t < n; t++) {
            steps[t] = filled[t + 1] / scale - filled[t] / scale;
            mean += steps[t] / n;
        }
        double variance = 0;
        for (double step : steps) {
            variance += (step - mean) * (step - mean) / n;
        }
        return variance > 0
                && Math.abs(mean) < SIGNIFICANT_MEAN * Math.sqrt(variance / n)
                && portmanteau(steps) < SIGNIFICANT_LAGS;
    }

    /** Sum over the lags of squared autocorrelations in units of their standard errors. */
    private static double portmanteau(double[] steps) {
        double result = 0;
        for (int lag = 1; lag <= LAGS; lag++) {
            double products = 0;
            double squares = 0;
            for (int t = lag; t < steps.length; t++) {
                double product = steps[t] * steps[t - lag];
                products += product;
                squares += product * product;
            }
            result += squares == 0 ? 0 : products * products / squares;
        }
        return result;
    }
}

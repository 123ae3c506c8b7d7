package io.smartdata.core.forecast.arima;

/**
 * ARIMA(1,1,1) the way statsmodels does it when stationarity is not enforced: every state starts with variance 1e6 and the
 * first three likelihood terms are dropped. A dense textbook filter, kept apart from the engine, which is exact.
 */
final class ApproximateDiffuseFilter {
    private static final double PRIOR_VARIANCE = 1e6;
    private static final int BURN = 3;

    private final double[][] transition;
    private final double[] shock;
    private double[] mean = new double[3];
    private double[][] variance = {{PRIOR_VARIANCE, 0, 0}, {0, PRIOR_VARIANCE, 0}, {0, 0, PRIOR_VARIANCE}};
    private double logLikelihood;

    ApproximateDiffuseFilter(double ar, double ma, double sigma2, double[] y) {
        transition = new double[][] {{1, 1, 0}, {0, ar, 1}, {0, 0, 0}};
        shock = new double[] {0, Math.sqrt(sigma2), ma * Math.sqrt(sigma2)};
        for (int t = 0; t < y.length; t++) {
            double error = y[t] - prediction();
            double f = predictionVariance();
            logLikelihood -= t < BURN ? 0 : 0.5 * (Math.log(2 * Math.PI * f) + error * error / f);
            double[] gain = {
                variance[0][0] + variance[0][1], variance[1][0] + variance[1][1], variance[2][0] + variance[2][1]
            };
            for (int i = 0; i < 3; i++) {
                mean[i] += gain[i] * error / f;
                for (int j = 0; j < 3; j++) {
                    variance[i][j] -= gain[i] * gain[j] / f;
                }
            }
            advance();
        }
    }

    double logLikelihood() {
        return logLikelihood;
    }

    double prediction() {
        return mean[0] + mean[1];
    }

    double predictionVariance() {
        return variance[0][0] + 2 * variance[0][1] + variance[1][1];
    }

    void advance() {
        double[] nextMean = new double[3];
        double[][] next = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++) {
                nextMean[i] += transition[i][k] * mean[k];
                for (int j = 0; j < 3; j++) {
                    for (int l = 0; l < 3; l++) {
                        next[i][j] += transition[i][k] * variance[k][l] * transition[j][l];
                    }
                }
            }
            for (int j = 0; j < 3; j++) {
                next[i][j] += shock[i] * shock[j];
            }
        }
        mean = nextMean;
        variance = next;
    }
}

package io.smartdata.core.anomaly;

import org.apache.commons.math3.special.Erf;

/** Translates how rare a value is into sigma of a normal distribution. */
final class NormalTail {
    /** Below it 1 - p loses digits in double precision and the asymptotic series is exact to five digits. */
    private static final double SMALL_LOG_P = Math.log(1e-9);

    private NormalTail() {}

    /**
     * @param logP natural logarithm of the chance of so far a value on either side, at most 0
     * @return distance from the mean in standard deviations, at least 0
     */
    static double sigma(double logP) {
        if (logP > SMALL_LOG_P) {
            return Math.sqrt(2) * Erf.erfcInv(Math.exp(Math.min(0, logP)));
        }
        double sigma = Math.sqrt(-2 * logP);
        for (int i = 0; i < 6; i++) {
            // Mills ratio: p = sqrt(2 / pi) exp(-z^2 / 2) / z (1 - 1 / z^2 + 3 / z^4)
            double square = sigma * sigma;
            double mills = Math.log1p(-1 / square + 3 / (square * square));
            sigma = Math.sqrt(-2 * (logP + Math.log(sigma * Math.sqrt(Math.PI / 2)) - mills));
        }
        return sigma;
    }
}

package io.smartdata.core.anomaly;

import org.apache.commons.math3.special.Erf;

/** Translates how rare a value is into sigma of a normal distribution, and back. */
final class NormalTail {
    /** Below it 1 - p loses digits in double precision, and Mills' ratio is exact to five. */
    private static final double SMALL_LOG_P = Math.log(1e-9);

    /** Beyond it erfc is a subnormal number or 0. */
    private static final double LARGE_SIGMA = 35;

    private NormalTail() {}

    /**
     * @param logP natural logarithm of the chance of a value at least so far from the mean, on either side; at most 0
     * @return distance from the mean in standard deviations, at least 0
     */
    static double sigma(double logP) {
        if (logP > SMALL_LOG_P) {
            return Math.sqrt(2) * Erf.erfcInv(Math.exp(Math.min(0, logP)));
        }
        double sigma = Math.sqrt(-2 * logP);
        for (int i = 0; i < 8; i++) {
            sigma = Math.sqrt(-2 * (logP + logMills(sigma)));
        }
        return sigma;
    }

    /** The inverse of {@link #sigma}. */
    static double logP(double sigma) {
        return sigma < LARGE_SIGMA ? Math.log(Erf.erfc(sigma / Math.sqrt(2))) : -sigma * sigma / 2 - logMills(sigma);
    }

    /** Logarithm of the density of the normal tail over its chance, by the asymptotic series. */
    private static double logMills(double sigma) {
        double square = sigma * sigma;
        return Math.log(sigma * Math.sqrt(Math.PI / 2)) - Math.log1p(-1 / square + 3 / (square * square));
    }
}

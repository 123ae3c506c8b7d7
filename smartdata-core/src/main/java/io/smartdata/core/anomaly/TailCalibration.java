package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Learns how heavy the tail of one series is, so that one threshold means the same in every series.
 *
 * <p>Follows the 90 and 98 percent quantiles of the absolute residuals by stochastic approximation (Robbins and Monro
 * 1951) and continues the tail beyond the first as a generalised Pareto one, as in Siffer et al., "Anomaly detection in
 * streams with extreme value theory", KDD 2017, with a fixed shape. The tail is never taken to be lighter than a normal
 * one.
 */
final class TailCalibration {
    private static final double LOG_90 = Math.log(0.1);
    private static final double LOG_98 = Math.log(0.02);
    private static final double NORMAL_90 = NormalTail.sigma(LOG_90);
    private static final double NORMAL_98 = NormalTail.sigma(LOG_98);

    /** Shape of the Pareto tail: real residuals are heavier than exponential. */
    private static final double SHAPE = 0.15;

    /** Relative step of a quantile. */
    private static final double STEP = 0.015;

    /** A value beyond so many quantiles is of another order: the quantile was learned in a quiet time. */
    private static final double FAR = 4;

    /** How much faster a quantile follows far values, for each factor e. */
    private static final double HASTE = 10;

    /** Keeps the arithmetic finite. */
    private static final double LARGEST = 1e12;

    private double quantile90 = NORMAL_90;
    private double quantile98 = NORMAL_98;

    /**
     * @param z residual in robust sigma
     * @return the same in normal-equivalent sigma, with the sign of {@code z}
     */
    double sigma(double z) {
        double size = Math.min(Math.abs(z), LARGEST);
        double sigma = size <= quantile90
                ? size * NORMAL_90 / quantile90
                : NormalTail.sigma(LOG_90 - Math.log1p(SHAPE * (size - quantile90) / scale()) / SHAPE);
        return Math.copySign(sigma, z);
    }

    /** The inverse of {@link #sigma}, for the ends of the usual range. */
    double residual(double sigma) {
        double size = sigma <= NORMAL_90
                ? sigma * quantile90 / NORMAL_90
                : quantile90 + scale() * Math.expm1(SHAPE * (LOG_90 - NormalTail.logP(sigma))) / SHAPE;
        return Math.min(size, LARGEST);
    }

    void add(double z) {
        double size = Math.min(Math.abs(z), LARGEST);
        quantile90 = step(quantile90, size, 0.1);
        quantile98 = Math.max(quantile90, step(quantile98, size, 0.02));
    }

    private static double step(double quantile, double size, double above) {
        double direction =
                size > quantile ? (1 - above) * (1 + HASTE * Math.max(0, Math.log(size / (FAR * quantile)))) : -above;
        return Math.max(Double.MIN_NORMAL, quantile * (1 + STEP * direction));
    }

    private double scale() {
        double log = LOG_90 - LOG_98;
        double normal = quantile90 * (NORMAL_98 / NORMAL_90 - 1) / log;
        return Math.max(normal, (quantile98 - quantile90) / log);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeDouble(quantile90);
        out.writeDouble(quantile98);
    }

    void read(DataInputStream in) throws IOException {
        quantile90 = in.readDouble();
        quantile98 = in.readDouble();
    }
}

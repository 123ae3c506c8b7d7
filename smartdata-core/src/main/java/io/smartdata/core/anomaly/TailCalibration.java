package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Learns how heavy the tail of one series is, so that one threshold means the same in every series.
 *
 * <p>Follows the 90 and 98 percent quantiles of the absolute residuals by stochastic approximation (Robbins and Monro
 * 1951) and continues the tail beyond them as an exponential one, the simplest of the peaks-over-threshold family
 * (Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017). Ranks decide, so outliers do not
 * stretch the tail. It is never taken to be lighter than a normal one.
 */
final class TailCalibration {
    private final double NORMAL_90 = NormalTail.sigma(Math.log(P1));
    private final double NORMAL_98 = NormalTail.sigma(Math.log(P2));
    private final double LOG_5 = Math.log(P1/P2);
    static double P1 = 0.1, P2 = 0.02;
    static double STEP = 0.03;
    static double XI = 0.2;

    private double quantile90 = NORMAL_90;
    private double quantile98 = NORMAL_98;

    /** @param z residual in robust sigma; @return the same in normal-equivalent sigma, of the same sign */
    double sigma(double z) {
        double size = Math.abs(z);
        if (size <= quantile90) {
            return z * (NORMAL_90 / quantile90);
        }
        double decay = Math.max((quantile98 - quantile90) / LOG_5, quantile90 * (NORMAL_98 / NORMAL_90 - 1) / LOG_5);
        double excess = (size - quantile90) / decay;
        return Math.copySign(NormalTail.sigma(Math.log(P1) - (XI > 0 ? Math.log1p(XI * excess) / XI : excess)), z);
    }

    /** The residual in robust sigma that {@link #sigma} turns into {@code sigma}, found by bisection. */
    double inverse(double sigma) {
        double low = 0;
        double high = quantile90;
        while (sigma(high) < sigma && high < 1e12) {
            high *= 2;
        }
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            if (sigma(middle) < sigma) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    void add(double z) {
        double size = Math.abs(z);
        quantile90 += STEP * quantile90 * (size > quantile90 ? 1 - P1 : -P1);
        quantile98 += STEP * quantile98 * (size > quantile98 ? 1 - P2 : -P2);
        quantile98 = Math.max(quantile98, quantile90);
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

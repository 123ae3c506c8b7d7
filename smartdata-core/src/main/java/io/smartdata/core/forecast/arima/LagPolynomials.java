package io.smartdata.core.forecast.arima;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Algebra of lag polynomials, stored as recursion coefficients: {@code c[j]} belongs to lag j + 1. */
final class LagPolynomials {
    private static final int GROWTH_STEPS = 200;

    private LagPolynomials() {}

    /**
     * The recursion of (1 - a(B)) (1 - s(B^season)): x(t) = sum of result[j] x(t-1-j).
     *
     * @param a coefficients at lags 1, 2, ...
     * @param s coefficients at lags season, 2 season, ...
     */
    static double[] product(double[] a, double[] s, int season) {
        double[] result = new double[a.length + s.length * season];
        System.arraycopy(a, 0, result, 0, a.length);
        for (int k = 0; k < s.length; k++) {
            int lag = (k + 1) * season;
            result[lag - 1] += s[k];
            for (int j = 0; j < a.length; j++) {
                result[lag + j] -= s[k] * a[j];
            }
        }
        return result;
    }

    /** {@link #product} for moving averages, whose signs are positive: (1 + a(B)) (1 + s(B^season)). */
    static double[] movingAverage(double[] a, double[] s, int season) {
        return negated(product(negated(a), negated(s), season));
    }

    /** The recursion of (1 - B)^d (1 - B^season)^seasonalD. */
    static double[] differencing(int d, int seasonalD, int season) {
        double[] result = new double[0];
        for (int i = 0; i < d; i++) {
            result = product(result, new double[] {1}, 1);
        }
        for (int i = 0; i < seasonalD; i++) {
            result = product(result, new double[] {1}, season);
        }
        return result;
    }

    /** Largest modulus of the reciprocal roots of 1 - c(1) B - ...: about the growth of its recursion. */
    static double largestRoot(double[] c) {
        if (c.length < 2) {
            return c.length == 0 ? 0 : Math.abs(c[0]);
        }
        double[] x = new double[c.length];
        x[0] = 1;
        double growth = 0;
        for (int t = 0; t < GROWTH_STEPS; t++) {
            double next = 0;
            for (int j = 0; j < c.length; j++) {
                next += c[j] * x[j];
            }
            System.arraycopy(x, 0, x, 1, c.length - 1);
            x[0] = next;
            double size = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
            if (size == 0) {
                return 0;
            }
            for (int j = 0; j < x.length; j++) {
                x[j] /= size;
            }
            growth += t < GROWTH_STEPS / 2 ? 0 : Math.log(size);
        }
        return Math.exp(2 * growth / GROWTH_STEPS);
    }

    /**
     * Autocovariances at lags 0 to {@code lags} of an ARMA process with unit innovation variance: Levinson-Durbin
     * backwards for the autoregressive part, then the moving average as a filter.
     *
     * @return null if the autoregression is not stationary
     */
    static double @Nullable [] autocovariances(double[] ar, double[] ma, int lags) {
        int q = ma.length;
        double[] pure = autoregressiveCovariances(ar, lags + q);
        if (pure == null || q == 0) {
            return pure == null ? null : Arrays.copyOf(pure, lags + 1);
        }
        double[] products = new double[q + 1];
        for (int m = 0; m <= q; m++) {
            products[m] = m == 0 ? 1 : ma[m - 1];
            for (int i = 1; i + m <= q; i++) {
                products[m] += ma[i - 1] * ma[i + m - 1];
            }
        }
        double[] result = new double[lags + 1];
        for (int k = 0; k <= lags; k++) {
            double sum = products[0] * pure[k];
            for (int m = 1; m <= q; m++) {
                if (products[m] != 0) {
                    sum += products[m] * (pure[k + m] + pure[Math.abs(k - m)]);
                }
            }
            result[k] = sum;
        }
        return result;
    }

    private static double @Nullable [] autoregressiveCovariances(double[] ar, int lags) {
        int p = ar.length;
        double[][] predictors = new double[p + 1][];
        predictors[p] = ar;
        double variance = 1;
        for (int k = p; k > 0; k--) {
            double r = predictors[k][k - 1];
            double shrink = 1 - r * r;
            if (!(shrink > 0)) {
                return null;
            }
            variance /= shrink;
            double[] lower = new double[k - 1];
            for (int j = 0; j < k - 1; j++) {
                lower[j] = (predictors[k][j] + r * predictors[k][k - 2 - j]) / shrink;
            }
            predictors[k - 1] = lower;
        }
        double[] gamma = new double[lags + 1];
        gamma[0] = variance;
        for (int m = 1; m <= lags; m++) {
            double[] phi = predictors[Math.min(m, p)];
            double sum = 0;
            for (int j = 0; j < phi.length; j++) {
                sum += phi[j] * gamma[m - 1 - j];
            }
            gamma[m] = sum;
        }
        return gamma;
    }

    /** The first {@code count} weights of the process as a moving average of infinite order, weight 0 = 1 first. */
    static double[] impulseResponse(double[] ar, double[] ma, int count) {
        double[] psi = new double[count];
        psi[0] = 1;
        for (int i = 1; i < count; i++) {
            double sum = i <= ma.length ? ma[i - 1] : 0;
            for (int j = 0; j < Math.min(i, ar.length); j++) {
                sum += ar[j] * psi[i - 1 - j];
            }
            psi[i] = sum;
        }
        return psi;
    }

    static double[] negated(double[] values) {
        return Arrays.stream(values).map(x -> -x).toArray();
    }

    /** Positions of the coefficients that are not zero; multiplicative seasonal polynomials have few. */
    static int[] taps(double[] coefficients) {
        int[] taps = new int[coefficients.length];
        int count = 0;
        for (int j = 0; j < coefficients.length; j++) {
            if (coefficients[j] != 0) {
                taps[count++] = j;
            }
        }
        return Arrays.copyOf(taps, count);
    }
}

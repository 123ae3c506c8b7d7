package io.smartdata.core.forecast.arima;

import java.util.Arrays;

/**
 * Covariance of what the time before the first value adds to the first equations of an ARMA process of unit innovation
 * variance: entry j is the sum over i > j of phi(i) w(j - i) + theta(i) a(j - i). Owns its scratch space.
 */
final class Presample {
    private final int size;
    private final int p;
    private final int q;
    private final double[] predictors;
    private final double[] pure;
    private final double[] products;
    private final double[] gamma;
    private final double[] psi;
    private final double[] first;

    /**
     * @param p degree of the autoregressive polynomial
     * @param q degree of the moving average
     */
    Presample(int p, int q) {
        this.size = Math.max(p, q);
        this.p = p;
        this.q = q;
        this.predictors = new double[(p + 1) * p];
        this.pure = new double[size + q + 1];
        this.products = new double[q + 1];
        this.gamma = new double[size + 1];
        this.psi = new double[size + 1];
        this.first = new double[size + 1];
    }

    /**
     * @param factors of the process, at the point of interest
     * @param result row by row
     * @return false if the autoregression is not stationary
     */
    boolean covariance(SarimaFactors factors, double[] result) {
        double[] ar = factors.autoregression().coefficients();
        int[] arTaps = factors.autoregression().taps();
        int arCount = factors.autoregression().count();
        double[] ma = factors.movingAverage().coefficients();
        int[] maTaps = factors.movingAverage().taps();
        int maCount = factors.movingAverage().count();
        if (!pureCovariances(ar, arTaps, arCount)) {
            return false;
        }
        covariances(ma, maTaps, maCount);
        impulses(ar, arTaps, arCount, ma);
        for (int j = 0; j < size; j++) {
            double sum = 0;
            for (int k = arCount - 1; k >= 0 && arTaps[k] >= j; k--) {
                sum -= ar[arTaps[k]] * gamma[arTaps[k] + 1 - j];
            }
            for (int k = maCount - 1; k >= 0 && maTaps[k] >= j; k--) {
                sum += ma[maTaps[k]] * psi[maTaps[k] + 1 - j];
            }
            first[j] = sum;
        }
        // the same vector one step later has the same covariance
        for (int j = size - 1; j >= 0; j--) {
            double phi = j < p ? -ar[j] : 0;
            double impact = phi + (j < q ? ma[j] : 0);
            for (int k = size - 1; k >= j; k--) {
                double other = k < p ? -ar[k] : 0;
                double sum = k + 1 < size ? result[(j + 1) * size + k + 1] : 0;
                sum += phi * first[k + 1] + other * first[j + 1] + phi * other * first[0];
                sum += impact * (other + (k < q ? ma[k] : 0));
                result[j * size + k] = sum;
                result[k * size + j] = sum;
            }
        }
        return true;
    }

    /** Autocovariances of the autoregression alone: Levinson-Durbin backwards. */
    private boolean pureCovariances(double[] ar, int[] taps, int count) {
        for (int j = 0; j < p; j++) {
            predictors[p * p + j] = -ar[j];
        }
        double variance = 1;
        for (int k = p; k > 0; k--) {
            int row = k * p;
            double r = predictors[row + k - 1];
            double shrink = 1 - r * r;
            if (!(shrink > 0)) {
                return false;
            }
            double scale = 1 / shrink;
            variance *= scale;
            for (int j = 0; j < k - 1; j++) {
                predictors[row - p + j] = (predictors[row + j] + r * predictors[row + k - 2 - j]) * scale;
            }
        }
        pure[0] = variance;
        for (int m = 1; m < pure.length; m++) {
            double sum = 0;
            if (m < p) {
                for (int j = 0; j < m; j++) {
                    sum += predictors[m * p + j] * pure[m - 1 - j];
                }
            } else {
                for (int k = 0; k < count; k++) {
                    sum -= ar[taps[k]] * pure[m - 1 - taps[k]];
                }
            }
            pure[m] = sum;
        }
        return true;
    }

    private void covariances(double[] ma, int[] taps, int count) {
        Arrays.fill(products, 0);
        products[0] = 1;
        for (int k = 0; k < count; k++) {
            double value = ma[taps[k]];
            products[taps[k] + 1] += value;
            for (int l = 0; l <= k; l++) {
                products[taps[k] - taps[l]] += value * ma[taps[l]];
            }
        }
        for (int lag = 0; lag <= size; lag++) {
            double sum = products[0] * pure[lag];
            for (int m = 1; m <= q; m++) {
                if (products[m] != 0) {
                    sum += products[m] * (pure[lag + m] + pure[Math.abs(lag - m)]);
                }
            }
            gamma[lag] = sum;
        }
    }

    private void impulses(double[] ar, int[] taps, int count, double[] ma) {
        psi[0] = 1;
        for (int i = 1; i <= size; i++) {
            double sum = i <= q ? ma[i - 1] : 0;
            for (int k = 0; k < count && taps[k] < i; k++) {
                sum -= ar[taps[k]] * psi[i - 1 - taps[k]];
            }
            psi[i] = sum;
        }
    }
}

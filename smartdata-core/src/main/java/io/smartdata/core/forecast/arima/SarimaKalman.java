package io.smartdata.core.forecast.arima;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Kalman filter of a seasonal ARIMA process in levels, for several columns of data with the same gaps at once.
 *
 * <p>The stationary part is in Akaike's form: state i is the expected differenced value i steps ahead. Earlier levels
 * that were observed are plain numbers; only a level that was missed, and is still needed by the differencing, becomes a
 * further state. So the filter is exact with gaps, needs no large prior variance, and costs no more than the stationary
 * filter where nothing is missing. Predicting is filtering with everything missing. Sources: Akaike 1974; Jones 1980;
 * Kohn and Ansley 1986.
 */
final class SarimaKalman {
    /** State variance above its limit, relative to the innovation variance, below which the filter counts as settled. */
    private static final double SETTLED = 1e-11;

    private final double[] ar;
    private final int[] arTaps;
    private final double[] delta;
    private final int[] deltaTaps;
    private final int lost;
    private final int order;
    private final double[] psi;
    private final double[][] mean;
    private final double[] gain;
    private final double[] lastRow;
    private final double[] prediction;
    /** Position in the state of the level missed at a step, by step modulo {@code lost}; -1 = observed. */
    private final int[] place;
    /** The inverse of {@code place}. */
    private final int[] owner;

    private final double[][] variance;
    private double predictionVariance;
    private int unknownLevels;
    private boolean settled;

    private SarimaKalman(double[] ar, double[] ma, double[] delta, int columns, double[] covariances) {
        this.ar = ar;
        this.arTaps = LagPolynomials.taps(ar);
        this.delta = delta;
        this.deltaTaps = LagPolynomials.taps(delta);
        this.lost = delta.length;
        this.order = covariances.length;
        this.psi = LagPolynomials.impulseResponse(ar, ma, order);
        int size = order + lost;
        this.mean = new double[columns][size];
        this.gain = new double[size];
        this.lastRow = new double[size];
        this.prediction = new double[columns];
        this.place = new int[lost];
        this.owner = new int[lost];
        Arrays.fill(place, -1);
        this.variance = new double[size][size];
        for (int j = 0; j < order; j++) {
            variance[0][j] = covariances[j];
            variance[j][0] = covariances[j];
        }
        for (int i = 1; i < order; i++) {
            for (int j = 1; j < order; j++) {
                variance[i][j] = variance[i - 1][j - 1] - psi[i - 1] * psi[j - 1];
            }
        }
    }

    /** The filter before the first value; null if the autoregression is not stationary. */
    static @Nullable SarimaKalman of(double[] ar, double[] ma, double[] delta, int columns) {
        double[] covariances = LagPolynomials.autocovariances(ar, ma, Math.max(ar.length, ma.length + 1) - 1);
        return covariances == null ? null : new SarimaKalman(ar, ma, delta, columns, covariances);
    }

    /** Predicts step {@code t}, at least {@code lost} steps after the start, from the earlier levels. */
    void predict(double[][] levels, int t) {
        int size = order + unknownLevels;
        for (int c = 0; c < prediction.length; c++) {
            double[] level = levels[c];
            double[] state = mean[c];
            double sum = state[0];
            for (int lag : deltaTaps) {
                int slot = slot(t - 1 - lag);
                sum += delta[lag] * (place[slot] < 0 ? level[t - 1 - lag] : state[place[slot]]);
            }
            prediction[c] = sum;
        }
        if (settled) {
            return;
        }
        System.arraycopy(variance[0], 0, gain, 0, size);
        double sum = variance[0][0];
        if (unknownLevels > 0) {
            for (int lag : deltaTaps) {
                int slot = slot(t - 1 - lag);
                if (place[slot] >= 0) {
                    double[] row = variance[place[slot]];
                    for (int i = 0; i < size; i++) {
                        gain[i] += delta[lag] * row[i];
                    }
                }
            }
            sum = gain[0];
            for (int lag : deltaTaps) {
                int slot = slot(t - 1 - lag);
                sum += place[slot] < 0 ? 0 : delta[lag] * gain[place[slot]];
            }
        }
        predictionVariance = sum;
    }

    private int slot(int t) {
        return t % lost;
    }

    /** Predicted value of a column; valid after {@link #predict}. */
    double prediction(int column) {
        return prediction[column];
    }

    /** Variance of the prediction in units of the innovation variance; valid after {@link #predict}. */
    double predictionVariance() {
        return predictionVariance;
    }

    /** Takes in the observed levels of step {@code t}, then moves on. */
    void update(double[][] levels, int t) {
        int size = order + unknownLevels;
        for (int c = 0; c < prediction.length; c++) {
            double weight = (levels[c][t] - prediction[c]) / predictionVariance;
            double[] state = mean[c];
            for (int i = 0; i < size; i++) {
                state[i] += gain[i] * weight;
            }
        }
        if (!settled) {
            for (int i = 0; i < size; i++) {
                double weight = gain[i] / predictionVariance;
                double[] row = variance[i];
                for (int j = 0; j < size; j++) {
                    row[j] -= weight * gain[j];
                }
            }
        }
        if (lost > 0) {
            forget(slot(t));
        }
        advance();
    }

    /** Drops a level that is no longer needed; the last one takes its place. */
    private void forget(int slot) {
        int at = place[slot];
        if (at < 0) {
            return;
        }
        unknownLevels--;
        int last = order + unknownLevels;
        variance[at][at] = variance[last][last];
        for (int i = 0; i < last; i++) {
            if (i != at) {
                variance[at][i] = variance[last][i];
                variance[i][at] = variance[i][last];
            }
        }
        for (double[] state : mean) {
            state[at] = state[last];
        }
        int moved = owner[last - order];
        owner[at - order] = moved;
        place[moved] = at;
        place[slot] = -1;
    }

    /** Moves on over step {@code t} without an observation. */
    void skip(int t) {
        settled = false;
        if (lost > 0) {
            remember(slot(t));
        }
        advance();
    }

    private void remember(int slot) {
        if (place[slot] < 0) {
            place[slot] = order + unknownLevels;
            owner[unknownLevels] = slot;
            unknownLevels++;
        }
        int at = place[slot];
        gain[at] = predictionVariance;
        for (int i = 0; i < order + unknownLevels; i++) {
            variance[i][at] = gain[i];
            variance[at][i] = gain[i];
        }
        for (int c = 0; c < mean.length; c++) {
            mean[c][at] = prediction[c];
        }
    }

    private void advance() {
        int last = order - 1;
        for (double[] state : mean) {
            double next = 0;
            for (int lag : arTaps) {
                next += ar[lag] * state[last - lag];
            }
            System.arraycopy(state, 1, state, 0, last);
            state[last] = next;
        }
        if (!settled) {
            advanceVariance(order + unknownLevels);
            settled = unknownLevels == 0 && atItsLimit();
            System.arraycopy(variance[0], 0, gain, 0, order);
            predictionVariance = variance[0][0];
        }
    }

    private void advanceVariance(int size) {
        int last = order - 1;
        Arrays.fill(lastRow, 0, size, 0);
        for (int lag : arTaps) {
            double[] row = variance[last - lag];
            for (int j = 0; j < size; j++) {
                lastRow[j] += ar[lag] * row[j];
            }
        }
        double corner = 0;
        for (int lag : arTaps) {
            corner += ar[lag] * lastRow[last - lag];
        }
        double[] free = variance[0];
        System.arraycopy(variance, 1, variance, 0, last);
        variance[last] = free;
        System.arraycopy(lastRow, 1, free, 0, last);
        System.arraycopy(lastRow, order, free, order, size - order);
        free[last] = corner;
        for (int i = 0; i < last; i++) {
            double[] row = variance[i];
            System.arraycopy(row, 1, row, 0, last);
            row[last] = free[i];
        }
        for (int i = order; i < size; i++) {
            double[] row = variance[i];
            System.arraycopy(row, 1, row, 0, last);
            row[last] = free[i];
        }
        for (int i = 0; i < order; i++) {
            double[] row = variance[i];
            for (int j = 0; j < order; j++) {
                row[j] += psi[i] * psi[j];
            }
        }
    }

    private boolean atItsLimit() {
        for (int i = 0; i < order; i++) {
            if (variance[i][i] - psi[i] * psi[i] > SETTLED) {
                return false;
            }
        }
        return true;
    }
}

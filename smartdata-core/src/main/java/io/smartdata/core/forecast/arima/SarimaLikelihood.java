package io.smartdata.core.forecast.arima;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Exact Gaussian likelihood of a seasonal ARIMA model with regressors, as a function of its lag polynomials.
 *
 * <p>Scale and regression coefficients are concentrated out (generalised least squares on the innovations: Harvey and
 * Phillips 1979; Kohn and Ansley 1985). The convention is that of the differenced series: with no gap the value equals the
 * stationary likelihood of the differenced data. Few gaps, and those among the first values that differencing needs, are
 * estimated as diffuse effects with their determinant (Gomez, Maravall and Pena 1999); more gaps are skipped exactly.
 * Without gaps the Chandrasekhar recursions (Morf, Sidhu and Kailath 1974; Pearlman 1980) make one step cost O(order).
 * Not thread-safe: it owns its scratch space.
 */
final class SarimaLikelihood {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);
    /** Norm left after projection, relative to before, below which a column adds nothing. */
    private static final double COLLINEAR = 1e-9;
    /** Squared change of the state variance, relative to the innovation variance, below which the filter is settled. */
    private static final double SETTLED = 1e-20;

    /** Up to here it is cheaper to estimate gaps than to skip them; both are exact. */
    private static final int MOST_ESTIMATED_GAPS = 30;

    private final SarimaOrder order;
    private final double[] delta;
    private final double[][] levels;
    private final boolean[] seen;
    private final boolean gapsEstimated;
    private final int[] diffuse;
    private final double[][] differenced;
    private final double[][] innovations;
    private final double[][] triangle;
    private final boolean[] dropped;
    private int count;
    private double logDeterminant;

    /**
     * @param y levels, NaN = gap; the first must be observed; not modified
     * @param regressors column by column, as long as {@code y}; a NaN makes that step a gap; not modified
     */
    SarimaLikelihood(SarimaOrder order, double[] y, double[][] regressors) {
        this(order, y, regressors, MOST_ESTIMATED_GAPS);
    }

    /** @param mostEstimatedGaps number of gaps above which they are skipped instead */
    SarimaLikelihood(SarimaOrder order, double[] y, double[][] regressors, int mostEstimatedGaps) {
        this.order = order;
        this.delta = LagPolynomials.differencing(order.d(), order.seasonalD(), order.season());
        int length = lastObserved(y) + 1;
        this.seen = new boolean[length];
        for (int t = 0; t < length; t++) {
            int step = t;
            seen[t] = !Double.isNaN(y[t]) && Arrays.stream(regressors).noneMatch(column -> Double.isNaN(column[step]));
        }
        int lost = delta.length;
        int[] gaps = IntStream.range(0, length).filter(t -> !seen[t]).toArray();
        this.gapsEstimated = gaps.length <= mostEstimatedGaps;
        this.diffuse =
                gapsEstimated ? gaps : Arrays.stream(gaps).filter(t -> t < lost).toArray();
        this.levels = columns(y, regressors, length);
        this.differenced = gapsEstimated ? differenced() : new double[0][];
        this.innovations = new double[levels.length][Math.max(0, length - lost)];
        this.triangle = new double[levels.length][levels.length];
        this.dropped = new boolean[levels.length];
    }

    private static int lastObserved(double[] y) {
        int last = y.length - 1;
        while (last >= 0 && Double.isNaN(y[last])) {
            last--;
        }
        return last;
    }

    private double[][] columns(double[] y, double[][] regressors, int length) {
        int terms = order.trend().terms();
        double[][] result = new double[diffuse.length + terms + regressors.length + 1][];
        for (int k = 0; k < diffuse.length; k++) {
            result[k] = new double[length];
            result[k][diffuse[k]] = 1;
        }
        for (int k = 0; k < terms; k++) {
            result[diffuse.length + k] = trendColumn(k, length);
        }
        for (int k = 0; k < regressors.length; k++) {
            result[diffuse.length + terms + k] = masked(regressors[k], length);
        }
        result[result.length - 1] = masked(y, length);
        return result;
    }

    /** The levels whose differences are t^power. */
    double[] trendColumn(int power, int length) {
        double[] column = new double[length];
        for (int t = delta.length; t < length; t++) {
            column[t] = Math.pow(t, power);
            for (int j = 0; j < delta.length; j++) {
                column[t] += delta[j] * column[t - 1 - j];
            }
        }
        return column;
    }

    private double[] masked(double[] column, int length) {
        double[] result = Arrays.copyOf(column, length);
        for (int t = 0; t < length; t++) {
            result[t] = seen[t] ? result[t] : 0;
        }
        return result;
    }

    private double[][] differenced() {
        int lost = delta.length;
        int[] taps = LagPolynomials.taps(delta);
        double[][] result = new double[levels.length][];
        for (int c = 0; c < levels.length; c++) {
            double[] level = levels[c];
            double[] w = new double[Math.max(0, level.length - lost)];
            for (int t = 0; t < w.length; t++) {
                double sum = level[t + lost];
                for (int lag : taps) {
                    sum -= delta[lag] * level[t + lost - 1 - lag];
                }
                w[t] = sum;
            }
            result[c] = w;
        }
        return result;
    }

    /** Observations the likelihood speaks about: those seen, less what differencing costs. */
    int observations() {
        int total = 0;
        for (int t = delta.length; t < seen.length; t++) {
            total += gapsEstimated || seen[t] ? 1 : 0;
        }
        return total - diffuse.length;
    }

    /** The columns as differenced, diffuse ones first, the series last; to be read only. */
    double[][] differencedColumns() {
        return differenced;
    }

    /** Number of columns with a diffuse prior. */
    int diffuseColumns() {
        return diffuse.length;
    }

    /** True if one value costs more than it would without gaps. */
    boolean slowedByGaps() {
        return !gapsEstimated;
    }

    /** Mean square of the observed levels. */
    double meanSquare() {
        double[] y = levels[levels.length - 1];
        double sum = 0;
        int observed = 0;
        for (int t = 0; t < y.length; t++) {
            sum += y[t] * y[t];
            observed += seen[t] ? 1 : 0;
        }
        return observed == 0 ? 0 : sum / observed;
    }

    /** The maximum over scale and regression coefficients; NaN if it cannot be computed. */
    double profile(double[] ar, double[] ma) {
        return profile(residualSquares(ar, ma));
    }

    private double profile(double squares) {
        int n = count - diffuse.length;
        if (!(squares > 0) || n < 1) {
            return Double.NaN;
        }
        return -0.5 * (n * (LOG_2_PI + 1 + Math.log(squares / n)) + logDeterminant) - diffuseDeterminant();
    }

    /** Scale and regression coefficients at the maximum {@link #profile} found; trend first, then regressors. */
    Concentrated concentrated(double[] ar, double[] ma) {
        double squares = residualSquares(ar, ma);
        double[] all = coefficients();
        return new Concentrated(
                profile(squares),
                squares / Math.max(1, count - diffuse.length),
                Arrays.copyOfRange(all, diffuse.length, all.length),
                identified());
    }

    /**
     * @param logLikelihood as {@link #profile}
     * @param identified false if the data say nothing about a value differencing needs
     */
    record Concentrated(double logLikelihood, double variance, double[] coefficients, boolean identified) {}

    /**
     * The log-likelihood at given parameters.
     *
     * @param coefficients of trend (as the mean of the differenced series) and regressors
     */
    double at(double[] ar, double[] ma, double[] coefficients, double variance) {
        SarimaLikelihood adjusted = without(coefficients);
        double squares = adjusted.residualSquares(ar, ma);
        int n = adjusted.count - diffuse.length;
        return -0.5 * (n * (LOG_2_PI + Math.log(variance)) + adjusted.logDeterminant + squares / variance)
                - adjusted.diffuseDeterminant();
    }

    private SarimaLikelihood without(double[] coefficients) {
        return new SarimaLikelihood(order.with(SarimaOrder.Trend.NONE), adjusted(coefficients), new double[0][]);
    }

    /** The series less trend and regressors; NaN = gap. */
    private double[] adjusted(double[] coefficients) {
        double[] y = levels[levels.length - 1].clone();
        for (int t = 0; t < y.length; t++) {
            for (int k = 0; k < coefficients.length; k++) {
                y[t] -= coefficients[k] * levels[diffuse.length + k][t];
            }
            y[t] = seen[t] ? y[t] : Double.NaN;
        }
        return y;
    }

    /**
     * Means and variances of the steps after a series, at given parameters.
     *
     * @param steps number of steps after the last element of {@code y}
     * @param future regressor columns over history and future; row t belongs to {@code y[t]}
     */
    static Prediction predict(
            SarimaOrder order,
            double[] y,
            double[][] future,
            double[] ar,
            double[] ma,
            double[] coefficients,
            int steps) {
        SarimaLikelihood whole = new SarimaLikelihood(order, y, future);
        SarimaLikelihood plain = whole.without(coefficients);
        plain.residualSquares(ar, ma);
        int length = y.length + steps;
        double[][] level = {plain.levelsWithGapsEstimated(length)};
        double[] influence = whole.influence(coefficients, future, length);
        double[] mean = new double[steps];
        double[] variance = new double[steps];
        SarimaKalman filter = SarimaKalman.of(ar, ma, whole.delta, 1);
        if (filter == null) {
            throw new IllegalArgumentException("the autoregression is not stationary");
        }
        for (int t = whole.delta.length; t < length; t++) {
            filter.predict(level, t);
            if (t < plain.seen.length && plain.seen[t]) {
                filter.update(level, t);
                continue;
            }
            if (t >= y.length) {
                mean[t - y.length] = filter.prediction(0) + influence[t];
                variance[t - y.length] = filter.predictionVariance();
            }
            filter.skip(t);
        }
        return new Prediction(mean, variance, plain.identified());
    }

    /**
     * Predicted steps.
     *
     * @param variance in units of the innovation variance
     * @param identified false if the data say nothing about a value the differencing needs
     */
    record Prediction(double[] mean, double[] variance, boolean identified) {}

    /** The series with the diffuse gaps at their estimates, lengthened. */
    private double[] levelsWithGapsEstimated(int length) {
        double[] result = Arrays.copyOf(levels[levels.length - 1], length);
        double[] effects = coefficients();
        for (int k = 0; k < diffuse.length; k++) {
            result[diffuse[k]] = effects[k];
        }
        return result;
    }

    /** Trend and regressors at every step. */
    private double[] influence(double[] coefficients, double[][] future, int length) {
        int terms = order.trend().terms();
        double[] result = new double[length];
        for (int k = 0; k < coefficients.length; k++) {
            double[] column = k < terms ? trendColumn(k, length) : future[k - terms];
            for (int t = 0; t < length; t++) {
                result[t] += coefficients[k] * column[t];
            }
        }
        return result;
    }

    private boolean identified() {
        return IntStream.range(0, diffuse.length).noneMatch(k -> dropped[k]);
    }

    /** Filters every column, then projects the regression columns out of the series; the squares that remain. */
    private double residualSquares(double[] ar, double[] ma) {
        boolean done = gapsEstimated ? filterDifferences(ar, ma) : filterLevels(ar, ma);
        return done ? project() : Double.NaN;
    }

    private boolean filterDifferences(double[] ar, double[] ma) {
        int r = Math.max(ar.length, ma.length + 1);
        double[] covariances = LagPolynomials.autocovariances(ar, ma, r);
        if (covariances == null) {
            return false;
        }
        int[] taps = LagPolynomials.taps(ar);
        double variance = covariances[0];
        double[] gain = Arrays.copyOfRange(covariances, 1, r + 1);
        double[] change = gain.clone();
        double[][] state = new double[levels.length][r];
        count = differenced[0].length;
        double product = 1;
        logDeterminant = 0;
        boolean settled = false;
        int last = r - 1;
        for (int t = 0; t < count; t++) {
            if (!(variance > 0.5)) {
                return false; // the innovation variance of a unit-variance process is at least 1
            }
            double root = Math.sqrt(variance);
            product *= variance;
            if (product > 1e200) {
                logDeterminant += Math.log(product);
                product = 1;
            }
            for (int c = 0; c < state.length; c++) {
                double[] a = state[c];
                double innovation = differenced[c][t] - a[0];
                innovations[c][t] = innovation / root;
                double weight = innovation / variance;
                double next = 0;
                for (int lag : taps) {
                    next += ar[lag] * a[last - lag];
                }
                for (int i = 0; i < last; i++) {
                    a[i] = a[i + 1] + gain[i] * weight;
                }
                a[last] = next + gain[last] * weight;
            }
            if (!settled) {
                double weight = change[0] / variance;
                variance -= change[0] * weight;
                double next = 0;
                for (int lag : taps) {
                    next += ar[lag] * change[last - lag];
                }
                double size = 0;
                for (int i = 0; i <= last; i++) {
                    double moved = i < last ? change[i + 1] : next;
                    double old = gain[i];
                    gain[i] = old - moved * weight;
                    change[i] = moved - old * weight;
                    size += change[i] * change[i];
                }
                settled = size < SETTLED * variance * variance;
            }
        }
        logDeterminant += Math.log(product);
        return true;
    }

    private boolean filterLevels(double[] ar, double[] ma) {
        SarimaKalman filter = SarimaKalman.of(ar, ma, delta, levels.length);
        if (filter == null) {
            return false;
        }
        count = 0;
        logDeterminant = 0;
        double product = 1;
        for (int t = delta.length; t < seen.length; t++) {
            filter.predict(levels, t);
            if (!seen[t]) {
                filter.skip(t);
                continue;
            }
            double variance = filter.predictionVariance();
            if (!(variance > 0.5)) {
                return false;
            }
            product *= variance;
            if (product > 1e200) {
                logDeterminant += Math.log(product);
                product = 1;
            }
            double root = Math.sqrt(variance);
            for (int c = 0; c < levels.length; c++) {
                innovations[c][count] = (levels[c][t] - filter.prediction(c)) / root;
            }
            count++;
            filter.update(levels, t);
        }
        logDeterminant += Math.log(product);
        return true;
    }

    /** Modified Gram-Schmidt; the series is the last column. */
    private double project() {
        int last = levels.length - 1;
        for (int j = 0; j < last; j++) {
            double before = norm(differencedOrLevelScale(j));
            double length = norm(innovations[j]);
            dropped[j] = !(length > COLLINEAR * before);
            triangle[j][j] = length;
            for (int k = j + 1; k <= last; k++) {
                triangle[j][k] = 0;
            }
            if (dropped[j]) {
                continue;
            }
            double[] unit = innovations[j];
            for (int i = 0; i < count; i++) {
                unit[i] /= length;
            }
            for (int k = j + 1; k <= last; k++) {
                double[] column = innovations[k];
                double dot = 0;
                for (int i = 0; i < count; i++) {
                    dot += unit[i] * column[i];
                }
                triangle[j][k] = dot;
                for (int i = 0; i < count; i++) {
                    column[i] -= dot * unit[i];
                }
            }
        }
        double length = norm(innovations[last]);
        return length * length;
    }

    private double[] differencedOrLevelScale(int column) {
        return gapsEstimated ? differenced[column] : levels[column];
    }

    private double norm(double[] values) {
        double sum = 0;
        for (int i = 0; i < Math.min(count, values.length); i++) {
            sum += values[i] * values[i];
        }
        return Math.sqrt(sum);
    }

    private double[] coefficients() {
        int last = levels.length - 1;
        double[] result = new double[last];
        for (int j = last - 1; j >= 0; j--) {
            double sum = triangle[j][last];
            for (int k = j + 1; k < last; k++) {
                sum -= triangle[j][k] * result[k];
            }
            result[j] = dropped[j] ? 0 : sum / triangle[j][j];
        }
        return result;
    }

    private double diffuseDeterminant() {
        double sum = 0;
        for (int k = 0; k < diffuse.length; k++) {
            sum += dropped[k] ? 0 : Math.log(triangle[k][k]);
        }
        return sum;
    }
}

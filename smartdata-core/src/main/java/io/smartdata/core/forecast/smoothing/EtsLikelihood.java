package io.smartdata.core.forecast.smoothing;

import java.util.Arrays;

/**
 * Minus twice the log-likelihood of a form with the scale concentrated out, up to a constant: {@code n log(sum of squared
 * errors) + 2 sum log|mean|}, the second part for multiplicative errors only (Ord, Koehler and Snyder 1997). Derivatives
 * go along with the recursion, one column a parameter, so a gradient costs a few passes; no allocation.
 */
final class EtsLikelihood implements LeastSquares.Problem {
    /** A scaled mean or state below it makes a relative error meaningless. */
    private static final double NEARLY_ZERO = 1e-8;
    /** Errors below it are rounding: a perfect fit has a finite likelihood, so that the smaller form wins. */
    private static final double ROUNDING = 1e-20;

    private final EtsLayout layout;
    private final EtsForm form;
    private final double[] y;
    private final int observed;
    private final double[] season;
    private final double[] dLevel;
    private final double[] dSlope;
    private final double[] dSeason;
    private final double[] dMean;
    private final double[] logMean;
    private double squares;

    /** @param y scaled to order one; NaN = gap */
    EtsLikelihood(EtsLayout layout, double[] y) {
        this.layout = layout;
        this.form = layout.form();
        this.y = y;
        this.observed = (int) Arrays.stream(y).filter(it -> !Double.isNaN(it)).count();
        int size = layout.size();
        season = new double[layout.season()];
        dLevel = new double[size];
        dSlope = new double[size];
        dSeason = new double[layout.season() * size];
        dMean = new double[size];
        logMean = new double[size];
    }

    int observed() {
        return observed;
    }

    /** Sum of the squared errors, relative ones for multiplicative errors, at the point asked for last. */
    double squares() {
        return squares;
    }

    @Override
    public double value(double[] x) {
        EtsSmoothing smoothing = layout.smoothing(x);
        EtsState start = layout.start(x);
        System.arraycopy(start.season(), 0, season, 0, season.length);
        boolean product = form.product();
        boolean seasonal = form.seasonal();
        boolean relative = form.relative();
        double alpha = smoothing.alpha();
        double beta = smoothing.beta();
        double gamma = smoothing.gamma();
        double phi = smoothing.phi();
        double level = start.level();
        double slope = start.slope();
        double sum = 0;
        double logs = 0;
        double means = 1;
        int place = 0;
        for (double value : y) {
            slope *= phi;
            level += slope;
            double now = season[place];
            double mean = !seasonal ? level : product ? level * now : level + now;
            if (relative && !(mean > NEARLY_ZERO) || product && !(level > NEARLY_ZERO && now > NEARLY_ZERO)) {
                return Double.POSITIVE_INFINITY;
            }
            if (!Double.isNaN(value)) {
                double error = value - mean;
                if (relative) {
                    sum += error / mean * (error / mean);
                    means *= mean;
                    if (means > 1e100 || means < 1e-100) {
                        logs += Math.log(means);
                        means = 1;
                    }
                } else {
                    sum += error * error;
                }
                if (product) {
                    season[place] = now + gamma * error / level;
                    slope += beta * error / now;
                    level += alpha * error / now;
                } else {
                    season[place] = now + gamma * error;
                    slope += beta * error;
                    level += alpha * error;
                }
            }
            place = place + 1 == season.length ? 0 : place + 1;
        }
        squares = sum;
        return observed * Math.log(Math.max(sum, ROUNDING * observed)) + 2 * (logs + Math.log(means));
    }

    @Override
    public void linearise(double[] x, double[] gradient, double[] matrix) {
        EtsSmoothing smoothing = layout.smoothing(x);
        EtsState start = layout.start(x);
        System.arraycopy(start.season(), 0, season, 0, season.length);
        Arrays.fill(gradient, 0);
        Arrays.fill(matrix, 0);
        Arrays.fill(logMean, 0);
        startDerivatives();
        boolean product = form.product();
        boolean seasonal = form.seasonal();
        double level = start.level();
        double slope = start.slope();
        int size = gradient.length;
        int place = 0;
        for (double value : y) {
            int column = place * size;
            double now = season[place];
            double dampedSlope = smoothing.phi() * slope;
            double base = level + dampedSlope;
            for (int i = 0; i < size; i++) {
                dSlope[i] *= smoothing.phi();
            }
            if (layout.phi() >= 0) {
                dSlope[layout.phi()] += slope;
            }
            for (int i = 0; i < size; i++) {
                dLevel[i] += dSlope[i];
            }
            level = base;
            slope = dampedSlope;
            if (!Double.isNaN(value)) {
                double byBase = product ? now : 1;
                double bySeason = product ? base : 1;
                for (int i = 0; i < size; i++) {
                    dMean[i] = byBase * dLevel[i] + bySeason * dSeason[column + i];
                }
                double mean = !seasonal ? base : product ? base * now : base + now;
                double error = value - mean;
                accumulate(value, mean, gradient, matrix);
                double ofBase = product ? error / now : error;
                double ofSeason = product ? error / base : error;
                // derivatives of those two: through the mean and through what they are divided by
                double baseByMean = product ? 1 / now : 1;
                double baseBySeason = product ? ofBase / now : 0;
                double seasonByMean = product ? 1 / base : 1;
                double seasonByBase = product ? ofSeason / base : 0;
                for (int i = 0; i < size; i++) {
                    double dOfBase = -baseByMean * dMean[i] - baseBySeason * dSeason[column + i];
                    double dOfSeason = -seasonByMean * dMean[i] - seasonByBase * dLevel[i];
                    dLevel[i] += smoothing.alpha() * dOfBase;
                    dSlope[i] += smoothing.beta() * dOfBase;
                    dSeason[column + i] += smoothing.gamma() * dOfSeason;
                }
                constants(x, column, ofBase, ofSeason);
                level += smoothing.alpha() * ofBase;
                slope += smoothing.beta() * ofBase;
                season[place] += smoothing.gamma() * ofSeason;
            }
            place = place + 1 == season.length ? 0 : place + 1;
        }
        if (form.relative()) {
            addLogarithms(gradient, matrix);
        }
    }

    /** The states before the first value are parameters themselves. */
    private void startDerivatives() {
        int size = dMean.length;
        Arrays.fill(dLevel, 0);
        Arrays.fill(dSlope, 0);
        Arrays.fill(dSeason, 0);
        dLevel[layout.level()] = 1;
        if (form.trended()) {
            dSlope[layout.slope()] = 1;
        }
        if (form.seasonal()) {
            int last = (season.length - 1) * size;
            for (int k = 0; k < season.length - 1; k++) {
                dSeason[k * size + layout.seasons() + k] = 1;
                dSeason[last + layout.seasons() + k] = -1;
            }
        }
    }

    /** The direct influence of the constants, which are alpha and parts of alpha and of 1 - alpha. */
    private void constants(double[] x, int column, double ofBase, double ofSeason) {
        dLevel[EtsLayout.ALPHA] += ofBase;
        if (form.trended()) {
            dSlope[EtsLayout.ALPHA] += x[layout.beta()] * ofBase;
            dSlope[layout.beta()] += x[EtsLayout.ALPHA] * ofBase;
        }
        if (form.seasonal()) {
            dSeason[column + EtsLayout.ALPHA] -= x[layout.gamma()] * ofSeason;
            dSeason[column + layout.gamma()] += (1 - x[EtsLayout.ALPHA]) * ofSeason;
        }
    }

    /** Adds one error; its derivatives replace those of the mean only where they are the same up to a factor. */
    private void accumulate(double value, double mean, double[] gradient, double[] matrix) {
        boolean relative = form.relative();
        double error = relative ? value / mean - 1 : value - mean;
        double factor = relative ? -value / (mean * mean) : -1;
        int size = gradient.length;
        for (int i = 0; i < size; i++) {
            gradient[i] += factor * error * dMean[i];
            double scaled = factor * factor * dMean[i];
            int row = i * size;
            for (int j = 0; j <= i; j++) {
                matrix[row + j] += scaled * dMean[j];
            }
        }
        if (relative) {
            for (int i = 0; i < size; i++) {
                logMean[i] += dMean[i] / mean;
            }
        }
    }

    /** Relative errors count times the geometric mean of all means; its derivative belongs to every error. */
    private void addLogarithms(double[] gradient, double[] matrix) {
        int size = gradient.length;
        for (int i = 0; i < size; i++) {
            logMean[i] /= observed;
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i * size + j] +=
                        gradient[i] * logMean[j] + logMean[i] * gradient[j] + squares * logMean[i] * logMean[j];
            }
        }
        for (int i = 0; i < size; i++) {
            gradient[i] += squares * logMean[i];
        }
    }
}

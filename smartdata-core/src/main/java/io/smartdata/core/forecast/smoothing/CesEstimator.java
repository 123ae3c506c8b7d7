package io.smartdata.core.forecast.smoothing;

import java.util.Arrays;

/**
 * Estimates a form of complex exponential smoothing by least squares of the one-step errors. Only the constants are
 * searched: the states before the first value come from running the filter to the end and back (backcasting), which costs no
 * parameters and so keeps short series from being fitted too well.
 */
final class CesEstimator {
    /** Starts of the constants; the first is that of the authors, the second nearly simple smoothing. */
    private static final double[][] STARTS = {{1.3, 1}, {1.1, 0.99}, {1.9, 1}};

    private static final double START_OF_PARTIAL = 0.1;
    /** Potential over level where nothing changes. */
    private static final double POTENTIAL = 1 / 1.1;

    private static final double LARGEST_CONSTANT = 3;
    private static final int FIRST = 10;
    private static final double TOLERANCE = 1e-4;
    private static final int STEPS = 40;

    private final double[] y;
    private final double[] backwards;
    private final CesForm form;
    private final CesState guess;
    private final int observed;

    /**
     * @param y scaled to order one; NaN = gap
     * @param filled the same without gaps
     */
    CesEstimator(double[] y, double[] filled, CesForm form, int season) {
        this.y = y;
        this.form = form;
        backwards = new double[y.length];
        Arrays.setAll(backwards, t -> y[y.length - 1 - t]);
        observed = (int) Arrays.stream(y).filter(it -> !Double.isNaN(it)).count();
        guess = guess(filled, form.seasonal() ? season : 1);
    }

    private CesState guess(double[] filled, int season) {
        double[] indices = form.seasonal() ? ClassicalSeason.indices(filled, season, false) : new double[1];
        double[] potentials = new double[season];
        if (form == CesForm.FULL) {
            Arrays.setAll(potentials, k -> indices[k] * POTENTIAL);
        }
        double level = Arrays.stream(ClassicalSeason.adjusted(filled, indices, false))
                .limit(FIRST)
                .average()
                .orElse(0);
        return new CesState(level, level * POTENTIAL, indices, potentials);
    }

    /**
     * A fitted form, in the scale of the series.
     *
     * @param deviance minus twice the log-likelihood
     */
    record Fit(CesForm form, CesConstants constants, CesState start, double sigma, double deviance, double aicc) {}

    Fit fit(double scale) {
        int size = form.constants();
        NumericSquares problem = new NumericSquares(this::errors, y.length, size);
        double[] upper = new double[size];
        Arrays.fill(upper, LARGEST_CONSTANT);
        double[] best = start(STARTS[0]);
        double least = problem.value(best);
        for (double[] alpha : STARTS) {
            double value = problem.value(start(alpha));
            if (value < least) {
                least = value;
                best = start(alpha);
            }
        }
        new LeastSquares(problem, new double[size], upper).minimise(best, TOLERANCE, STEPS);
        return fitted(best, scale);
    }

    private double[] start(double[] alpha) {
        return switch (form) {
            case NONE -> alpha.clone();
            case PARTIAL -> new double[] {alpha[0], alpha[1], START_OF_PARTIAL};
            case FULL -> new double[] {alpha[0], alpha[1], alpha[0], alpha[1]};
        };
    }

    private Fit fitted(double[] x, double scale) {
        double[] errors = new double[y.length];
        errors(x, errors);
        double squares = Arrays.stream(errors).map(it -> it * it).sum();
        double n = observed;
        double k = x.length + 1;
        double deviance =
                n * (1 + Math.log(2 * Math.PI * Math.max(squares / n, Double.MIN_NORMAL))) + 2 * n * Math.log(scale);
        return new Fit(
                form,
                constants(x),
                backcast(constants(x)).scaled(scale),
                Math.sqrt(squares / (n - x.length)) * scale,
                deviance,
                deviance + 2 * k + 2 * k * (k + 1) / (n - k - 1));
    }

    private CesConstants constants(double[] x) {
        return new CesConstants(x[0], x[1], form.seasonal() ? x[2] : 0, form == CesForm.FULL ? x[3] : 0);
    }

    private void errors(double[] x, double[] errors) {
        CesConstants constants = constants(x);
        if (!constants.stable(form)) {
            errors[0] = Double.POSITIVE_INFINITY;
            return;
        }
        CesFilter filter = new CesFilter(form, constants, backcast(constants));
        for (int t = 0; t < y.length; t++) {
            errors[t] = Double.isNaN(y[t]) ? 0 : y[t] - filter.mean();
            filter.next(y[t]);
        }
    }

    private CesState backcast(CesConstants constants) {
        CesState end = CesFilter.after(form, constants, guess, y);
        return CesFilter.after(form, constants, end.reversed(), backwards).reversed();
    }
}

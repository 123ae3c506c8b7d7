package io.smartdata.core.forecast.smoothing;

/** The sum of squares of errors whose derivatives are taken by differences; for models of few parameters. */
final class NumericSquares implements LeastSquares.Problem {
    private static final double DIFFERENCE = 1e-6;

    /** The errors of a model at a point. */
    @FunctionalInterface
    interface Errors {
        /** @param errors to be filled; gaps and values left out are 0, where there is no model one is infinite */
        void at(double[] x, double[] errors);
    }

    private final Errors errors;
    private final double[] here;
    private final double[] there;
    private final double[][] slopes;
    private final double[] moved;

    /**
     * @param size number of errors
     * @param variables number of parameters
     */
    NumericSquares(Errors errors, int size, int variables) {
        this.errors = errors;
        here = new double[size];
        there = new double[size];
        slopes = new double[variables][size];
        moved = new double[variables];
    }

    /** The logarithm of the sum, times the number of errors: minus twice the log-likelihood up to a constant. */
    @Override
    public double value(double[] x) {
        errors.at(x, here);
        return here.length * Math.log(Math.max(dot(here, here), Double.MIN_NORMAL));
    }

    @Override
    public void linearise(double[] x, double[] gradient, double[] matrix) {
        errors.at(x, here);
        System.arraycopy(x, 0, moved, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double difference = DIFFERENCE;
            moved[i] = x[i] + difference;
            errors.at(moved, there);
            if (!Double.isFinite(dot(there, there))) {
                difference = -DIFFERENCE;
                moved[i] = x[i] + difference;
                errors.at(moved, there);
            }
            moved[i] = x[i];
            double[] slope = slopes[i];
            for (int t = 0; t < slope.length; t++) {
                slope[t] = (there[t] - here[t]) / difference;
            }
            gradient[i] = dot(slope, here);
            for (int j = 0; j <= i; j++) {
                matrix[i * x.length + j] = dot(slope, slopes[j]);
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

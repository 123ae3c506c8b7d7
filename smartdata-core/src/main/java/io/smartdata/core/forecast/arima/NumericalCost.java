package io.smartdata.core.forecast.arima;

import java.util.Arrays;

/**
 * Minus the exact profile log-likelihood by {@link SarimaLikelihood} itself, its gradient by differences: for many gaps and
 * for long seasons, where {@link SarimaCost} would cost more. The curvature is borrowed.
 */
final class NumericalCost implements ProjectedNewton.Function {
    private static final double DIFFERENCE = 1e-6;

    private final SarimaFactors factors;
    private final SarimaLikelihood likelihood;
    private final ProjectedNewton.Function similar;

    /** @param similar a function of about the same curvature */
    NumericalCost(SarimaOrder order, SarimaLikelihood likelihood, ProjectedNewton.Function similar) {
        this.factors = new SarimaFactors(order);
        this.likelihood = likelihood;
        this.similar = similar;
    }

    @Override
    public double value(double[] x) {
        factors.at(x);
        double[] ar = LagPolynomials.negated(factors.autoregression().coefficients());
        double value = -likelihood.profile(ar, factors.movingAverage().coefficients());
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }

    @Override
    public double derivatives(double[] x, double[] gradient, double[] curvature) {
        similar.derivatives(x, gradient, curvature);
        double value = value(x);
        double[] moved = Arrays.copyOf(x, x.length);
        for (int i = 0; i < x.length; i++) {
            double step = -Math.copySign(DIFFERENCE, x[i]);
            moved[i] = x[i] + step;
            gradient[i] = (value(moved) - value) / step;
            moved[i] = x[i];
        }
        return value;
    }
}

package io.smartdata.core.forecast.arima;

import java.util.Arrays;

/** Minus the exact profile log-likelihood with many gaps, by differences; its curvature is that of the series filled. */
final class SkippingCost implements ProjectedNewton.Function {
    private static final double DIFFERENCE = 1e-5;

    private final SarimaFactors factors;
    private final SarimaLikelihood likelihood;
    private final ProjectedNewton.Function filled;

    SkippingCost(SarimaOrder order, SarimaLikelihood likelihood, ProjectedNewton.Function filled) {
        this.factors = new SarimaFactors(order);
        this.likelihood = likelihood;
        this.filled = filled;
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
        filled.derivatives(x, gradient, curvature);
        double value = value(x);
        double[] moved = Arrays.copyOf(x, x.length);
        for (int i = 0; i < x.length; i++) {
            double step = -Math.copySign(DIFFERENCE * Math.max(DIFFERENCE, 1 - Math.abs(x[i])), x[i]);
            moved[i] = x[i] + step;
            gradient[i] = (value(moved) - value) / step;
            moved[i] = x[i];
        }
        return value;
    }
}

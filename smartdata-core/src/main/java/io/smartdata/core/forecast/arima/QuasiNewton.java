package io.smartdata.core.forecast.arima;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Minimises a smooth function of a few variables: BFGS with forward differences and a backtracking line search.
 * Source: Nocedal and Wright, "Numerical Optimization", 2006, chapter 6. A NaN counts as infinitely bad.
 */
final class QuasiNewton {
    private static final double DIFFERENCE = 1e-6;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    /** Longest step in any variable; the variables are of order one. */
    private static final double LONGEST_STEP = 2;

    private final ToDoubleFunction<double[]> function;
    private final double tolerance;
    private final int limit;

    /**
     * @param tolerance decrease between iterations below which the search ends
     * @param limit most iterations
     */
    QuasiNewton(ToDoubleFunction<double[]> function, double tolerance, int limit) {
        this.function = function;
        this.tolerance = tolerance;
        this.limit = limit;
    }

    /** @param converged false if the iterations ran out */
    record Minimum(double[] at, double value, boolean converged) {}

    Minimum from(double[] start) {
        int n = start.length;
        double[] x = start.clone();
        double value = evaluate(x);
        if (n == 0 || value == Double.POSITIVE_INFINITY) {
            return new Minimum(x, value, n == 0);
        }
        double[] gradient = gradient(x, value);
        double[][] inverse = scaledIdentity(n, gradient);
        boolean fresh = true;
        int quiet = 0;
        for (int iteration = 0; iteration < limit; iteration++) {
            double[] direction = direction(inverse, gradient);
            double slope = dot(direction, gradient);
            if (!(slope < 0)) {
                if (fresh) {
                    return new Minimum(x, value, true);
                }
                inverse = scaledIdentity(n, gradient);
                fresh = true;
                continue;
            }
            double step = Math.min(
                    1,
                    LONGEST_STEP / Arrays.stream(direction).map(Math::abs).max().orElse(1));
            double[] next = moved(x, direction, step);
            double nextValue = evaluate(next);
            while (!(nextValue <= value + SUFFICIENT_DECREASE * step * slope) && step > 1e-8) {
                double vertex = -slope * step * step / (2 * (nextValue - value - slope * step));
                step = vertex > 0.1 * step && vertex < 0.5 * step ? vertex : step * (vertex <= 0.1 * step ? 0.1 : 0.5);
                next = moved(x, direction, step);
                nextValue = evaluate(next);
            }
            if (!(nextValue < value)) {
                if (fresh) {
                    return new Minimum(x, value, true);
                }
                inverse = scaledIdentity(n, gradient);
                fresh = true;
                continue;
            }
            double[] nextGradient = gradient(next, nextValue);
            quiet = value - nextValue < tolerance ? quiet + 1 : 0;
            update(inverse, minus(next, x), minus(nextGradient, gradient), fresh);
            fresh = false;
            x = next;
            value = nextValue;
            gradient = nextGradient;
            if (quiet == 2) {
                return new Minimum(x, value, true);
            }
        }
        return new Minimum(x, value, false);
    }

    private double evaluate(double[] x) {
        double value = function.applyAsDouble(x);
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }

    private double[] gradient(double[] x, double value) {
        double[] result = new double[x.length];
        double[] moved = x.clone();
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + DIFFERENCE;
            double forward = (evaluate(moved) - value) / DIFFERENCE;
            result[i] = Double.isFinite(forward) ? forward : 0;
            moved[i] = x[i];
        }
        return result;
    }

    /** A first step of about a tenth in the steepest variable. */
    private static double[][] scaledIdentity(int n, double[] gradient) {
        double steepest = Arrays.stream(gradient).map(Math::abs).max().orElse(1);
        double[][] result = new double[n][n];
        for (int i = 0; i < n; i++) {
            result[i][i] = 0.1 / Math.max(steepest, 1e-3);
        }
        return result;
    }

    private static double[] direction(double[][] inverse, double[] gradient) {
        return Arrays.stream(inverse).mapToDouble(row -> -dot(row, gradient)).toArray();
    }

    private static void update(double[][] inverse, double[] s, double[] y, boolean fresh) {
        double curvature = dot(s, y);
        if (!(curvature > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) {
            return;
        }
        int n = s.length;
        if (fresh) {
            for (int i = 0; i < n; i++) {
                inverse[i][i] = curvature / dot(y, y);
            }
        }
        double[] hy = Arrays.stream(inverse).mapToDouble(row -> dot(row, y)).toArray();
        double factor = (1 + dot(y, hy) / curvature) / curvature;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inverse[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
            }
        }
    }

    private static double[] moved(double[] x, double[] direction, double step) {
        double[] result = new double[x.length];
        Arrays.setAll(result, i -> x[i] + step * direction[i]);
        return result;
    }

    private static double[] minus(double[] a, double[] b) {
        return moved(a, b, -1);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

package io.smartdata.core.forecast.smoothing;

/**
 * Minimises a sum of squares, or its logarithm, within a box: Levenberg and Marquardt's method on the variables that are
 * not held at a bound. Sources: Marquardt 1963; Kanzow, Yamashita and Fukushima 2004 (projection). Works in place.
 */
final class LeastSquares {
    private static final double FIRST_DAMPING = 1e-3;
    private static final double MOST_DAMPING = 1e8;
    /** Keeps a variable without influence where it is. */
    private static final double RIDGE = 1e-12;

    /** What is minimised. */
    interface Problem {
        /** The value at a point; infinite or NaN where there is none. */
        double value(double[] x);

        /**
         * At the point whose value was asked for last: half the gradient of the sum of squares and the lower triangle of
         * the matrix J'J, both up to the same factor.
         */
        void linearise(double[] x, double[] gradient, double[] matrix);
    }

    private final Problem problem;
    private final double[] lower;
    private final double[] upper;
    private final double[] gradient;
    private final double[] matrix;
    private final double[] factor;
    private final double[] step;
    private final double[] tried;
    private final int[] free;
    private double value;
    private boolean converged;

    LeastSquares(Problem problem, double[] lower, double[] upper) {
        int n = lower.length;
        this.problem = problem;
        this.lower = lower;
        this.upper = upper;
        gradient = new double[n];
        matrix = new double[n * n];
        factor = new double[n * n];
        step = new double[n];
        tried = new double[n];
        free = new int[n];
    }

    /**
     * Moves {@code x} downhill.
     *
     * @param tolerance the search ends when a step gains less
     * @param limit most accepted steps
     */
    void minimise(double[] x, double tolerance, int limit) {
        clip(x);
        value = problem.value(x);
        converged = false;
        if (!Double.isFinite(value)) {
            return;
        }
        double damping = FIRST_DAMPING;
        for (int iteration = 0; iteration < limit; iteration++) {
            problem.linearise(x, gradient, matrix);
            double before = value;
            damping = downhill(x, damping);
            if (damping > MOST_DAMPING || before - value < tolerance) {
                converged = true;
                return;
            }
        }
    }

    double value() {
        return value;
    }

    /** True if the search ended because nothing more was to gain. */
    boolean converged() {
        return converged;
    }

    /** Raises the damping until a step gains something; answers the damping to go on with. */
    private double downhill(double[] x, double first) {
        int n = freeVariables(x);
        double damping = first;
        while (damping <= MOST_DAMPING) {
            if (solve(n, damping)) {
                System.arraycopy(x, 0, tried, 0, x.length);
                for (int i = 0; i < n; i++) {
                    tried[free[i]] += step[i];
                }
                clip(tried);
                double next = problem.value(tried);
                if (next < value) {
                    value = next;
                    System.arraycopy(tried, 0, x, 0, x.length);
                    return Math.max(1e-9, damping / 10);
                }
            }
            damping *= 10;
        }
        return damping;
    }

    /** A variable at a bound is held if the gradient pushes it outwards. */
    private int freeVariables(double[] x) {
        int n = 0;
        for (int i = 0; i < x.length; i++) {
            boolean held = x[i] <= lower[i] && gradient[i] > 0 || x[i] >= upper[i] && gradient[i] < 0;
            if (!held) {
                free[n++] = i;
            }
        }
        return n;
    }

    private void clip(double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.max(lower[i], Math.min(upper[i], x[i]));
        }
    }

    /** Cholesky factorisation of the damped matrix of the free variables; false if it is not positive definite. */
    private boolean solve(int n, double damping) {
        int size = lower.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[free[i] * size + free[j]];
                if (i == j) {
                    sum += damping * sum + RIDGE;
                }
                for (int k = 0; k < j; k++) {
                    sum -= factor[i * size + k] * factor[j * size + k];
                }
                if (i == j) {
                    if (!(sum > 0)) {
                        return false;
                    }
                    factor[i * size + i] = Math.sqrt(sum);
                } else {
                    factor[i * size + j] = sum / factor[j * size + j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            double sum = -gradient[free[i]];
            for (int k = 0; k < i; k++) {
                sum -= factor[i * size + k] * step[k];
            }
            step[i] = sum / factor[i * size + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = step[i];
            for (int k = i + 1; k < n; k++) {
                sum -= factor[k * size + i] * step[k];
            }
            step[i] = sum / factor[i * size + i];
        }
        return true;
    }
}

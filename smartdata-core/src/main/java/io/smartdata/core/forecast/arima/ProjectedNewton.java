package io.smartdata.core.forecast.arima;

/**
 * Minimises a smooth function within a cube by quasi-Newton steps: the curvature is the function's own approximation
 * (Gauss-Newton), corrected so that it explains the last changes of the gradient (BFGS); variables at a face that push
 * outwards rest there, and steps that fail are damped. Sources: Bertsekas 1982 (projection); Levenberg 1944 (damping); Dennis, Gay and Welsch 1981 (correcting Gauss-Newton); Nocedal
 * and Wright, "Numerical Optimization", 2006, chapter 6.
 */
final class ProjectedNewton {
    /** What is minimised. */
    interface Function {
        /** Positive infinity where it is not defined. */
        double value(double[] x);

        /**
         * @param gradient receives the derivatives
         * @param curvature receives a positive semidefinite guess of the second derivatives, row by row
         */
        double derivatives(double[] x, double[] gradient, double[] curvature);
    }

    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double LONGEST_STEP = 1;
    /** A step that fails is tried again with this much added to the curvature's diagonal, relative to it, and more. */
    private static final double LEAST_DAMPING = 1e-3;

    private static final double MOST_DAMPING = 1e5;
    private static final double DAMPING_FACTOR = 6;
    /** Part of the way to a face that one step may go, unless the face is near. */
    private static final double TOWARDS_FACE = 0.9;

    private static final double NEAR_FACE = 1e-3;
    /** Changes of the gradient remembered. */
    private static final int MEMORY = 6;

    private static final double RIDGE = 1e-10;

    private final Function function;
    private final double[] bound;
    private final int n;

    private final double[] gradient;
    private final double[] nextGradient;
    private final double[] curvature;
    private final double[] nextCurvature;
    private final double[] corrected;
    private final double[] factor;
    private final double[] direction;
    private final double[] next;
    private final double[] product;
    private final double[][] steps;
    private final double[][] changes;
    private final boolean[] resting;

    /** @param bound every variable stays between minus and plus this */
    ProjectedNewton(Function function, double[] bound) {
        this.function = function;
        this.bound = bound;
        this.n = bound.length;
        this.gradient = new double[n];
        this.nextGradient = new double[n];
        this.curvature = new double[n * n];
        this.nextCurvature = new double[n * n];
        this.corrected = new double[n * n];
        this.factor = new double[n * n];
        this.direction = new double[n];
        this.next = new double[n];
        this.product = new double[n];
        this.steps = new double[MEMORY][n];
        this.changes = new double[MEMORY][n];
        this.resting = new boolean[n];
    }

    /** @param converged false if the iterations ran out */
    record Minimum(double[] at, double value, boolean converged) {}

    /**
     * @param tolerance the search ends where the model of the function promises less than this
     * @param limit most iterations
     */
    Minimum from(double[] start, double tolerance, int limit) {
        double[] x = start.clone();
        double value = function.derivatives(x, gradient, curvature);
        if (value == Double.POSITIVE_INFINITY) {
            return new Minimum(x, value, false);
        }
        int remembered = 0;
        int quiet = 0;
        double damping = 0;
        for (int iteration = 0; iteration < limit; iteration++) {
            correctedCurvature(remembered);
            double promise = direct(x, damping);
            if (!(promise > tolerance)) {
                return new Minimum(x, value, true);
            }
            move(x);
            double nextValue = function.derivatives(next, nextGradient, nextCurvature);
            boolean first = true;
            while (!enough(x, value, nextValue) && damping < MOST_DAMPING) {
                damping = Math.max(DAMPING_FACTOR * damping, LEAST_DAMPING);
                direct(x, damping);
                move(x);
                nextValue = function.value(next);
                first = false;
            }
            if (!enough(x, value, nextValue)) {
                if (remembered == 0) {
                    return new Minimum(x, value, quiet > 0 || promise < Math.sqrt(tolerance));
                }
                remembered = 0;
                damping = 0;
                continue;
            }
            if (first) {
                damping = damping > LEAST_DAMPING ? damping / DAMPING_FACTOR : 0;
            } else {
                nextValue = function.derivatives(next, nextGradient, nextCurvature);
            }
            remembered = remember(x, remembered);
            quiet = value - nextValue < tolerance ? quiet + 1 : 0;
            value = nextValue;
            System.arraycopy(next, 0, x, 0, n);
            System.arraycopy(nextGradient, 0, gradient, 0, n);
            System.arraycopy(nextCurvature, 0, curvature, 0, n * n);
            if (quiet == 2) {
                return new Minimum(x, value, true);
            }
        }
        return new Minimum(x, value, false);
    }

    private boolean enough(double[] x, double value, double nextValue) {
        double slope = 0;
        for (int i = 0; i < n; i++) {
            slope += gradient[i] * (next[i] - x[i]);
        }
        return nextValue <= value + SUFFICIENT_DECREASE * Math.min(slope, 0);
    }

    private void move(double[] x) {
        double step = Math.min(1, LONGEST_STEP / largest(direction));
        for (int i = 0; i < n; i++) {
            double target = x[i] + step * direction[i];
            double room = bound[i] - Math.abs(x[i]);
            double face = Math.copySign(bound[i], target);
            double most = room < NEAR_FACE ? face : x[i] + TOWARDS_FACE * (face - x[i]);
            next[i] = Math.abs(target) >= Math.abs(most) && target * most > 0 ? most : target;
        }
    }

    private static double largest(double[] values) {
        double result = 0;
        for (double value : values) {
            result = Math.max(result, Math.abs(value));
        }
        return result;
    }

    /** Stores step and change of the gradient if they show positive curvature. */
    private int remember(double[] x, int remembered) {
        double curve = 0;
        double length = 0;
        double change = 0;
        int place = remembered < MEMORY ? remembered : 0;
        if (remembered == MEMORY) {
            double[] step = steps[0];
            double[] oldest = changes[0];
            System.arraycopy(steps, 1, steps, 0, MEMORY - 1);
            System.arraycopy(changes, 1, changes, 0, MEMORY - 1);
            place = MEMORY - 1;
            steps[place] = step;
            changes[place] = oldest;
        }
        for (int i = 0; i < n; i++) {
            double s = next[i] - x[i];
            double y = nextGradient[i] - gradient[i];
            steps[place][i] = s;
            changes[place][i] = y;
            curve += s * y;
            length += s * s;
            change += y * y;
        }
        return curve > 1e-8 * Math.sqrt(length * change) ? place + 1 : place;
    }

    private void correctedCurvature(int remembered) {
        System.arraycopy(curvature, 0, corrected, 0, n * n);
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, corrected[i * n + i]);
        }
        for (int i = 0; i < n; i++) {
            corrected[i * n + i] += RIDGE * largest + 1e-300;
        }
        for (int m = 0; m < remembered; m++) {
            correct(steps[m], changes[m]);
        }
    }

    /** The quasi-Newton direction; the decrease it promises. */
    private double direct(double[] x, double damping) {
        for (int i = 0; i < n; i++) {
            resting[i] = Math.abs(x[i]) >= bound[i] && gradient[i] * x[i] <= 0;
        }
        double more = damping;
        while (!factored(more)) {
            more = Math.max(10 * more, 1e-8);
        }
        solve();
        double promise = 0;
        for (int i = 0; i < n; i++) {
            promise -= 0.5 * direction[i] * gradient[i];
        }
        return promise;
    }

    private void correct(double[] s, double[] y) {
        double curve = 0;
        double old = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += corrected[i * n + j] * s[j];
            }
            product[i] = sum;
            old += s[i] * sum;
            curve += s[i] * y[i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                corrected[i * n + j] += y[i] * y[j] / curve - product[i] * product[j] / old;
            }
        }
    }

    private boolean factored(double damping) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum =
                        resting[i] || resting[j] ? (i == j ? 1 : 0) : corrected[i * n + j] * (i == j ? 1 + damping : 1);
                for (int l = 0; l < j; l++) {
                    sum -= factor[i * n + l] * factor[j * n + l];
                }
                if (i == j && !(sum > 0)) {
                    return false;
                }
                factor[i * n + j] = i == j ? Math.sqrt(sum) : sum / factor[j * n + j];
            }
        }
        return true;
    }

    private void solve() {
        for (int i = 0; i < n; i++) {
            double sum = resting[i] ? 0 : -gradient[i];
            for (int l = 0; l < i; l++) {
                sum -= factor[i * n + l] * direction[l];
            }
            direction[i] = sum / factor[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = direction[i];
            for (int l = i + 1; l < n; l++) {
                sum -= factor[l * n + i] * direction[l];
            }
            direction[i] = sum / factor[i * n + i];
        }
    }
}

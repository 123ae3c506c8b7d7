package io.smartdata.core.forecast.arima;

import java.util.Arrays;

/**
 * The four polynomials of a seasonal ARMA model, each written 1 + c(1) B^lag + c(2) B^(2 lag) + ..., at changing values.
 * Owns its scratch space.
 */
final class SarimaFactors {
    /** Autoregression, moving average, seasonal autoregression, seasonal moving average: as in a parameter vector. */
    static final int COUNT = 4;

    /** Beyond it the recursion cannot be run backwards. */
    private static final double NEAREST_ROOT = 1 - 1e-6;

    private static final int[] AUTOREGRESSIVE = {0, 2};
    private static final int[] MOVING_AVERAGE = {1, 3};

    private final int[] at = new int[COUNT + 1];
    private final int[] lag;
    private final double[] c;
    /** Derivatives of the coefficients of each factor by its reflection coefficients. */
    private final double[][] jacobian;

    private final double[] old;
    private final double[] slope;
    private final Polynomial autoregression;
    private final Polynomial movingAverage;

    SarimaFactors(SarimaOrder order) {
        int[] sizes = {order.p(), order.q(), order.seasonalP(), order.seasonalQ()};
        for (int f = 0; f < COUNT; f++) {
            at[f + 1] = at[f] + sizes[f];
        }
        this.lag = new int[] {1, 1, order.season(), order.season()};
        this.c = new double[order.coefficients()];
        this.jacobian = new double[c.length][c.length];
        this.old = new double[c.length];
        this.slope = new double[c.length];
        this.autoregression = new Polynomial(order.p(), order.seasonalP(), order.season());
        this.movingAverage = new Polynomial(order.q(), order.seasonalQ(), order.season());
    }

    /** A product of two factors, without its leading 1, and the places where it is not zero. */
    static final class Polynomial {
        private final double[] coefficients;
        private final int[] taps;
        private int count;

        private Polynomial(int size, int seasonalSize, int season) {
            this.coefficients = new double[size + seasonalSize * season];
            this.taps = new int[coefficients.length];
        }

        double[] coefficients() {
            return coefficients;
        }

        /** Places of the coefficients that are not zero, ascending, {@link #count} of them. */
        int[] taps() {
            return taps;
        }

        int count() {
            return count;
        }

        private void multiply(double[] c, int from, int to, int seasonalFrom, int seasonalTo, int season) {
            Arrays.fill(coefficients, 0);
            System.arraycopy(c, from, coefficients, 0, to - from);
            for (int k = seasonalFrom; k < seasonalTo; k++) {
                int place = (k - seasonalFrom + 1) * season;
                coefficients[place - 1] += c[k];
                for (int j = from; j < to; j++) {
                    coefficients[place + j - from] += c[k] * c[j];
                }
            }
            count = 0;
            for (int j = 0; j < coefficients.length; j++) {
                if (coefficients[j] != 0) {
                    taps[count++] = j;
                }
            }
        }
    }

    int degree(boolean autoregressive) {
        return (autoregressive ? autoregression : movingAverage).coefficients.length;
    }

    Polynomial autoregression() {
        return autoregression;
    }

    Polynomial movingAverage() {
        return movingAverage;
    }

    /** @param x of each factor its reflection coefficients, of autoregressive ones their inverse hyperbolic tangent */
    void at(double[] x) {
        for (int f = 0; f < COUNT; f++) {
            levinson(x, at[f], at[f + 1], f % 2 == 0);
        }
        autoregression.multiply(c, at[0], at[1], at[2], at[3], lag[2]);
        movingAverage.multiply(c, at[1], at[2], at[3], at[4], lag[3]);
    }

    /** What {@link #at} gives these parameters for, as nearly as unit roots allow. */
    static double[] variables(SarimaParameters parameters) {
        double[][] factors = {
            LagPolynomials.negated(parameters.phi()),
            parameters.theta(),
            LagPolynomials.negated(parameters.seasonalPhi()),
            parameters.seasonalTheta()
        };
        double[] x = new double[parameters.order().coefficients()];
        int from = 0;
        for (int f = 0; f < COUNT; f++) {
            stepDown(factors[f], x, from, f % 2 == 0);
            from += factors[f].length;
        }
        return x;
    }

    /** Levinson's recursion backwards. */
    private static void stepDown(double[] coefficients, double[] x, int from, boolean autoregressive) {
        double[] c = coefficients.clone();
        for (int k = c.length - 1; k >= 0; k--) {
            double r = Math.max(-NEAREST_ROOT, Math.min(NEAREST_ROOT, c[k]));
            x[from + k] = autoregressive ? 0.5 * Math.log((1 + r) / (1 - r)) : r;
            double[] whole = c.clone();
            for (int i = 0; i < k; i++) {
                c[i] = (whole[i] - r * whole[k - 1 - i]) / (1 - r * r);
            }
        }
    }

    /** Coefficients from reflection coefficients, two at a time from the outside, and the derivatives with them. */
    private void levinson(double[] x, int from, int to, boolean autoregressive) {
        for (int k = from; k < to; k++) {
            double r = autoregressive ? Math.tanh(x[k]) : x[k];
            slope[k] = autoregressive ? 1 - r * r : 1;
            Arrays.fill(jacobian[k], from, to, 0);
            for (int j = from, m = k - 1; j <= m; j++, m--) {
                double left = c[j];
                double right = c[m];
                c[j] = left + r * right;
                c[m] = right + r * left;
                for (int l = from; l < k; l++) {
                    double byLeft = jacobian[j][l];
                    double byRight = jacobian[m][l];
                    jacobian[j][l] = byLeft + r * byRight;
                    jacobian[m][l] = byRight + r * byLeft;
                }
                jacobian[j][k] = right;
                jacobian[m][k] = left;
            }
            c[k] = r;
            jacobian[k][k] = 1;
        }
    }

    /** The coefficients of factor {@code f} at the point last visited. */
    double[] factor(int f) {
        return Arrays.copyOfRange(c, at[f], at[f + 1]);
    }

    void multiplyByAutoregression(double[] from, double[] to, int n) {
        System.arraycopy(from, 0, to, 0, n);
        for (int k = 0; k < autoregression.count; k++) {
            int place = autoregression.taps[k];
            Recursion.add(to, n, autoregression.coefficients[place], from, place + 1);
        }
    }

    void divideByMovingAverage(double[] x, int n) {
        for (int f : MOVING_AVERAGE) {
            divide(f, x, n);
        }
    }

    void divideByMovingAverageBackwards(double[] x, int n) {
        for (int f : MOVING_AVERAGE) {
            Recursion.divideBackwards(x, n, c, at[f], at[f + 1] - at[f], lag[f]);
        }
    }

    private void divide(int f, double[] x, int n) {
        Recursion.divide(x, n, c, at[f], at[f + 1] - at[f], lag[f]);
    }

    void autoregressiveSensitivities(double[] x, int n, double[][] result) {
        sensitivities(AUTOREGRESSIVE, x, n, result);
    }

    void movingAverageSensitivities(double[] x, int n, double[][] result) {
        sensitivities(MOVING_AVERAGE, x, n, result);
    }

    /** The series divided by each factor: shifted, minus or plus its derivative by a coefficient of that factor. */
    private void sensitivities(int[] which, double[] x, int n, double[][] result) {
        for (int f : which) {
            if (at[f] < at[f + 1]) {
                System.arraycopy(x, 0, result[f], 0, n);
                divide(f, result[f], n);
            }
        }
    }

    void addAutoregressiveGradient(double[] x, double[][] sensitivities, int n, double factor, double[] gradient) {
        addGradient(AUTOREGRESSIVE, x, sensitivities, n, factor, gradient);
    }

    void addMovingAverageGradient(double[] x, double[][] sensitivities, int n, double factor, double[] gradient) {
        addGradient(MOVING_AVERAGE, x, sensitivities, n, factor, gradient);
    }

    private void addGradient(
            int[] which, double[] x, double[][] sensitivities, int n, double factor, double[] gradient) {
        for (int f : which) {
            for (int i = at[f]; i < at[f + 1]; i++) {
                gradient[i] += factor * Recursion.dot(x, sensitivities[f], n, (i - at[f] + 1) * lag[f]);
            }
        }
    }

    /** Products of the derivatives of the innovations by every two coefficients, row by row. */
    void products(double[][] sensitivities, int n, double factor, double[] result) {
        int size = c.length;
        for (int f = 0; f < COUNT; f++) {
            for (int i = at[f]; i < at[f + 1]; i++) {
                int shift = (i - at[f] + 1) * lag[f];
                for (int g = 0; g <= f; g++) {
                    double sign = (f + g) % 2 == 0 ? factor : -factor;
                    for (int j = at[g]; j < at[g + 1] && j <= i; j++) {
                        int other = (j - at[g] + 1) * lag[g];
                        double sum = product(sensitivities[f], shift, sensitivities[g], other, n);
                        result[i * size + j] = sign * sum;
                        result[j * size + i] = sign * sum;
                    }
                }
            }
        }
    }

    private static double product(double[] x, int shift, double[] y, int other, int n) {
        return shift >= other
                ? Recursion.dot(y, x, n - other, shift - other)
                : Recursion.dot(x, y, n - shift, other - shift);
    }

    /** Turns derivatives by coefficients into derivatives by reflection coefficients, at the point last visited. */
    void toReflections(double[] natural, double[] naturalCurvature, double[] gradient, double[] curvature) {
        int size = c.length;
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (int l = 0; l < size; l++) {
                sum += jacobian[l][i] * natural[l];
            }
            gradient[i] = slope[i] * sum;
        }
        for (int i = 0; i < size; i++) {
            for (int l = 0; l < size; l++) {
                double sum = 0;
                for (int j = 0; j < size; j++) {
                    sum += naturalCurvature[l * size + j] * jacobian[j][i];
                }
                old[l] = sum;
            }
            for (int j = 0; j < size; j++) {
                double sum = 0;
                for (int l = 0; l < size; l++) {
                    sum += jacobian[l][j] * old[l];
                }
                curvature[j * size + i] = slope[i] * slope[j] * sum;
            }
        }
    }
}

package io.smartdata.core.forecast.arima;

/**
 * Inner loops over whole series: filters by one factor 1 + c(1) B^lag + c(2) B^(2 lag) + ..., sums of products. Values before
 * the first are zero.
 */
final class Recursion {
    private Recursion() {}

    /** Divides a series by a factor with {@code count} coefficients from {@code at} on, in place. */
    static void divide(double[] x, int n, double[] c, int at, int count, int lag) {
        if (count == 1 && lag == 1) {
            divide(x, n, c[at]);
        } else if (count == 1) {
            double first = c[at];
            for (int t = lag; t < n; t++) {
                x[t] -= first * x[t - lag];
            }
        } else if (count == 2) {
            double first = c[at];
            double second = c[at + 1];
            for (int t = lag; t < Math.min(n, 2 * lag); t++) {
                x[t] -= first * x[t - lag];
            }
            for (int t = 2 * lag; t < n; t++) {
                x[t] = x[t] - second * x[t - 2 * lag] - first * x[t - lag];
            }
        } else if (count > 2) {
            for (int t = lag; t < n; t++) {
                double sum = x[t];
                for (int j = Math.min(count, t / lag); j > 0; j--) {
                    sum -= c[at + j - 1] * x[t - j * lag];
                }
                x[t] = sum;
            }
        }
    }

    /** Four steps at a time: only one product and one sum in four wait for the step before. */
    private static void divide(double[] x, int n, double c) {
        double c2 = c * c;
        double c3 = c2 * c;
        double c4 = c2 * c2;
        double before = 0;
        int t = 0;
        for (; t + 3 < n; t += 4) {
            double x1 = x[t + 1] - c * x[t];
            double x2 = x[t + 2] - c * x1;
            double x3 = x[t + 3] - c * x2;
            x[t] -= c * before;
            x[t + 1] = x1 + c2 * before;
            x[t + 2] = x2 - c3 * before;
            before = x3 + c4 * before;
            x[t + 3] = before;
        }
        for (; t < n; t++) {
            before = x[t] - c * before;
            x[t] = before;
        }
    }

    /** {@link #divide} backwards in time: values after the last are zero. */
    static void divideBackwards(double[] x, int n, double[] c, int at, int count, int lag) {
        if (count == 1 && lag == 1) {
            divideBackwards(x, n, c[at]);
        } else if (count == 1) {
            double first = c[at];
            for (int t = n - 1 - lag; t >= 0; t--) {
                x[t] -= first * x[t + lag];
            }
        } else if (count == 2) {
            double first = c[at];
            double second = c[at + 1];
            for (int t = n - 1 - lag; t >= Math.max(0, n - 2 * lag); t--) {
                x[t] -= first * x[t + lag];
            }
            for (int t = n - 1 - 2 * lag; t >= 0; t--) {
                x[t] = x[t] - second * x[t + 2 * lag] - first * x[t + lag];
            }
        } else if (count > 2) {
            for (int t = n - 1 - lag; t >= 0; t--) {
                double sum = x[t];
                for (int j = Math.min(count, (n - 1 - t) / lag); j > 0; j--) {
                    sum -= c[at + j - 1] * x[t + j * lag];
                }
                x[t] = sum;
            }
        }
    }

    private static void divideBackwards(double[] x, int n, double c) {
        double c2 = c * c;
        double c3 = c2 * c;
        double c4 = c2 * c2;
        double after = 0;
        int t = n - 1;
        for (; t > 2; t -= 4) {
            double x1 = x[t - 1] - c * x[t];
            double x2 = x[t - 2] - c * x1;
            double x3 = x[t - 3] - c * x2;
            x[t] -= c * after;
            x[t - 1] = x1 + c2 * after;
            x[t - 2] = x2 - c3 * after;
            after = x3 + c4 * after;
            x[t - 3] = after;
        }
        for (; t >= 0; t--) {
            after = x[t] - c * after;
            x[t] = after;
        }
    }

    /** Adds {@code factor} times the first {@code n - shift} values of {@code x}, moved by {@code shift}, to {@code y}. */
    static void add(double[] y, int n, double factor, double[] x, int shift) {
        for (int t = shift; t < n; t++) {
            y[t] += factor * x[t - shift];
        }
    }

    /** Sum of x(t) y(t - shift). */
    static double dot(double[] x, double[] y, int n, int shift) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int t = shift;
        for (; t + 3 < n; t += 4) {
            a += x[t] * y[t - shift];
            b += x[t + 1] * y[t + 1 - shift];
            c += x[t + 2] * y[t + 2 - shift];
            d += x[t + 3] * y[t + 3 - shift];
        }
        for (; t < n; t++) {
            a += x[t] * y[t - shift];
        }
        return a + b + (c + d);
    }
}

package io.smartdata.core.forecast.arima;

import java.util.Arrays;

/**
 * Minus the exact profile log-likelihood of {@link SarimaLikelihood} with its gradient and curvature, made for searching: a
 * few passes over the series for all of them together.
 *
 * <p>Given zeros before the first value, innovations are a plain recursion e = (phi / theta) w. What the time before adds is
 * linear in a vector v of length max(p, q) with known covariance, through the impulse responses G of 1 / theta, so that
 * e = a + G v with white a: the likelihood needs G'G, G'e and small matrices only (Box and Jenkins 1976, chapter 7; Ljung
 * and Box 1979). Derivatives of e are e itself through one more factor. Regression columns are filtered alike and projected
 * out; columns with a diffuse prior (gaps) also have a determinant.
 *
 * <p>The variables are the reflection coefficients of each factor 1 + c(1) B + ...: between -1 and 1 exactly where it has no
 * root inside the unit circle (Barndorff-Nielsen and Schou 1973; Monahan 1984). Not thread-safe: it owns its scratch space.
 */
final class SarimaCost implements ProjectedNewton.Function {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);
    /** Square left after projection, relative to before, below which a column adds nothing. */
    private static final double COLLINEAR = 1e-12;

    private static final double DIFFERENCE = 1e-3;

    private final SarimaFactors factors;
    private final Presample presample;
    private final int n;
    private final int r;
    private final int diffuse;
    private final int free;
    private final double[][] w;
    private final double offset;

    private final double[][] e;
    private final double[][] h;
    private final double[] pi;
    private final double[] sigma;
    private final double[] moved;
    private final double[] a;
    private final double[] root;
    private final double[] k;
    private final double[] posterior;
    private final double[] weight;
    private final double[] product;
    private final double[][] z;
    private final double[][] gram;
    private final boolean[] dropped;
    private final double[] coefficients;
    private final double[] mixed;
    private final double[] clean;
    private final double[] u;
    private final double[] lambda;
    private final double[] backward;
    private final double[][] sensitivities;
    private final double[] natural;
    private final double[] naturalCurvature;

    private final boolean conditional;
    private double halfLogDeterminant;
    private double squares;

    /**
     * @param differenced equally long columns; first the diffuse ones, the series last; not modified
     * @param diffuse number of columns with a diffuse prior
     */
    static SarimaCost exact(SarimaOrder order, double[][] differenced, int diffuse) {
        return new SarimaCost(order, differenced, diffuse, false);
    }

    /**
     * As if the process had been zero before the first value, and white for its regression: conditional least squares, at a
     * fraction of the cost.
     */
    static SarimaCost conditional(SarimaOrder order, double[][] differenced) {
        return new SarimaCost(order, new double[][] {residuals(differenced)}, 0, true);
    }

    /** The last column less its projection on the others. */
    private static double[] residuals(double[][] columns) {
        double[][] basis = Arrays.stream(columns).map(double[]::clone).toArray(double[][]::new);
        double[] series = basis[basis.length - 1];
        orthonormalise(basis, 0, series.length);
        for (int c = 0; c < basis.length - 1; c++) {
            Recursion.add(series, series.length, -Recursion.dot(series, basis[c], series.length, 0), basis[c], 0);
        }
        return series;
    }

    private SarimaCost(SarimaOrder order, double[][] differenced, int diffuse, boolean conditional) {
        this.conditional = conditional;
        this.factors = new SarimaFactors(order);
        this.presample = new Presample(factors.degree(true), factors.degree(false));
        this.n = differenced[0].length;
        this.r = conditional ? 0 : Math.max(factors.degree(true), factors.degree(false));
        this.diffuse = diffuse;
        int columns = differenced.length;
        this.w = Arrays.stream(differenced).map(double[]::clone).toArray(double[][]::new);
        double scale = normalised();
        this.free = n - diffuse;
        this.offset = free * (0.5 * (LOG_2_PI + 1 - Math.log(free)) + Math.log(scale));
        this.e = new double[columns][n];
        this.h = new double[columns][Math.max(n, r)];
        this.pi = new double[Math.max(n, r)];
        this.sigma = new double[r * r];
        this.moved = new double[r * r];
        this.a = new double[r * r];
        this.root = new double[r * r];
        this.k = new double[r * r];
        this.posterior = new double[r * r];
        this.weight = new double[r * r];
        this.product = new double[r * r];
        this.z = new double[columns][r];
        this.gram = new double[columns][columns];
        this.dropped = new boolean[columns];
        this.coefficients = new double[columns];
        this.mixed = new double[n];
        this.clean = new double[n];
        this.u = new double[r];
        this.lambda = new double[r];
        this.backward = new double[Math.max(n, r)];
        this.sensitivities = new double[SarimaFactors.COUNT][n];
        this.natural = new double[order.coefficients()];
        this.naturalCurvature = new double[order.coefficients() * order.coefficients()];
    }

    /** Orthonormal regression columns and a series of unit mean square; the scale that was taken out of the series. */
    private double normalised() {
        orthonormalise(w, diffuse, n);
        int last = w.length - 1;
        double scale = Math.sqrt(Recursion.dot(w[last], w[last], n, 0) / n);
        for (int t = 0; t < n; t++) {
            w[last][t] /= scale;
        }
        return scale;
    }

    /** Gram-Schmidt on the columns from {@code first} on, but for the last; what adds nothing becomes zero. */
    private static void orthonormalise(double[][] columns, int first, int n) {
        for (int c = first; c < columns.length - 1; c++) {
            double[] column = columns[c];
            double before = Recursion.dot(column, column, n, 0);
            for (int d = first; d < c; d++) {
                Recursion.add(column, n, -Recursion.dot(column, columns[d], n, 0), columns[d], 0);
            }
            double after = Recursion.dot(column, column, n, 0);
            double factor = after > COLLINEAR * before ? 1 / Math.sqrt(after) : 0;
            for (int t = 0; t < n; t++) {
                column[t] *= factor;
            }
        }
    }

    @Override
    public double value(double[] x) {
        factors.at(x);
        for (int c = 0; c < w.length; c++) {
            factors.multiplyByAutoregression(w[c], e[c], n);
            factors.divideByMovingAverage(e[c], n);
        }
        if (!conditional) {
            if (!presample.covariance(factors, sigma)) {
                return Double.POSITIVE_INFINITY;
            }
            impulses();
            for (int c = 0; c < w.length; c++) {
                System.arraycopy(e[c], 0, h[c], 0, n);
                factors.divideByMovingAverageBackwards(h[c], n);
            }
            if (!presampleSolved()) {
                return Double.POSITIVE_INFINITY;
            }
        }
        double value = projected();
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }

    private void impulses() {
        Arrays.fill(pi, 0);
        pi[0] = 1;
        factors.divideByMovingAverage(pi, n);
        System.arraycopy(pi, 0, backward, 0, n);
        factors.divideByMovingAverageBackwards(backward, n);
        for (int j = 0; j < r; j++) {
            a[j] = j < n ? backward[j] : 0;
            a[j * r] = a[j];
        }
        for (int i = 1; i < r; i++) {
            for (int j = i; j < r; j++) {
                double next = j < n ? a[(i - 1) * r + j - 1] - pi[n - i] * pi[n - j] : 0;
                a[i * r + j] = next;
                a[j * r + i] = next;
            }
        }
    }

    /** Factors I + L' A L = K K' with sigma = L L', then {@code posterior} = K^-1 L'. */
    private boolean presampleSolved() {
        semidefiniteRoot();
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                double sum = 0;
                for (int l = j; l < r; l++) {
                    sum += a[i * r + l] * root[l * r + j];
                }
                product[i * r + j] = sum;
            }
        }
        for (int i = 0; i < r; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? 1 : 0;
                for (int l = i; l < r; l++) {
                    sum += root[l * r + i] * product[l * r + j];
                }
                k[i * r + j] = sum;
            }
        }
        double determinant = 1;
        halfLogDeterminant = 0;
        for (int i = 0; i < r; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = k[i * r + j];
                for (int l = 0; l < j; l++) {
                    sum -= k[i * r + l] * k[j * r + l];
                }
                if (i == j) {
                    if (!(sum > 0)) {
                        return false;
                    }
                    k[i * r + i] = Math.sqrt(sum);
                } else {
                    k[i * r + j] = sum / k[j * r + j];
                }
            }
            determinant *= k[i * r + i];
            if (determinant > 1e100) {
                halfLogDeterminant += Math.log(determinant);
                determinant = 1;
            }
        }
        halfLogDeterminant += Math.log(determinant);
        for (int i = 0; i < r; i++) {
            double scale = 1 / k[i * r + i];
            for (int j = 0; j < r; j++) {
                posterior[i * r + j] = root[j * r + i];
            }
            for (int l = 0; l < i; l++) {
                double factor = k[i * r + l];
                for (int j = 0; j < r; j++) {
                    posterior[i * r + j] -= factor * posterior[l * r + j];
                }
            }
            for (int j = 0; j < r; j++) {
                posterior[i * r + j] *= scale;
            }
        }
        return true;
    }

    private void semidefiniteRoot() {
        double largest = 0;
        for (int i = 0; i < r; i++) {
            largest = Math.max(largest, sigma[i * r + i]);
        }
        for (int j = 0; j < r; j++) {
            double pivot = sigma[j * r + j];
            for (int l = 0; l < j; l++) {
                pivot -= root[j * r + l] * root[j * r + l];
            }
            boolean positive = pivot > 1e-14 * largest;
            double diagonal = positive ? Math.sqrt(pivot) : 0;
            double scale = positive ? 1 / diagonal : 0;
            Arrays.fill(root, j * r + j, (j + 1) * r, 0);
            root[j * r + j] = diagonal;
            for (int i = j + 1; i < r; i++) {
                double sum = sigma[i * r + j];
                for (int l = 0; l < j; l++) {
                    sum -= root[i * r + l] * root[j * r + l];
                }
                root[i * r + j] = sum * scale;
            }
        }
    }

    /** Cholesky factor of the columns' products under the likelihood's metric, and from it the cost. */
    private double projected() {
        int last = w.length - 1;
        for (int c = 0; c <= last; c++) {
            for (int i = 0; i < r; i++) {
                double sum = 0;
                for (int j = 0; j < r; j++) {
                    sum += posterior[i * r + j] * h[c][j];
                }
                z[c][i] = sum;
            }
        }
        double diffuseDeterminant = 0;
        for (int c = 0; c <= last; c++) {
            double raw = 0;
            for (int d = 0; d <= c; d++) {
                double sum = Recursion.dot(e[c], e[d], n, 0);
                raw = sum;
                for (int i = 0; i < r; i++) {
                    sum -= z[c][i] * z[d][i];
                }
                for (int b = 0; b < d; b++) {
                    sum -= gram[c][b] * gram[d][b];
                }
                if (d < c) {
                    gram[c][d] = dropped[d] ? 0 : sum / gram[d][d];
                } else {
                    gram[c][c] = sum;
                }
            }
            if (c < last) {
                dropped[c] = !(gram[c][c] > COLLINEAR * raw);
                gram[c][c] = dropped[c] ? 0 : Math.sqrt(gram[c][c]);
                diffuseDeterminant += c < diffuse && !dropped[c] ? Math.log(gram[c][c]) : 0;
            }
        }
        squares = gram[last][last];
        if (!(squares > 0)) {
            return Double.NaN;
        }
        return offset + 0.5 * free * Math.log(squares) + halfLogDeterminant + diffuseDeterminant;
    }

    @Override
    public double derivatives(double[] x, double[] gradient, double[] curvature) {
        double value = value(x);
        if (value == Double.POSITIVE_INFINITY) {
            return value;
        }
        Arrays.fill(natural, 0);
        if (!conditional) {
            determinantGradient();
        }
        for (int c = 0; c < diffuse; c++) {
            if (!dropped[c]) {
                whitened(c);
                residualGradient(1);
            }
        }
        regressed();
        residualGradient(free / squares);
        factors.products(sensitivities, n, free / squares, naturalCurvature);
        factors.toReflections(natural, naturalCurvature, gradient, curvature);
        if (!conditional) {
            presampleGradient(x, gradient);
        }
        return value;
    }

    /** Half the derivative of log |I + sigma A| by A goes to the gradient, by sigma to the weight. */
    private void determinantGradient() {
        // product = P = posterior' posterior, then k = A P, weight = A - A P A
        for (int i = 0; i < r; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int l = 0; l < r; l++) {
                    sum += posterior[l * r + i] * posterior[l * r + j];
                }
                product[i * r + j] = sum;
                product[j * r + i] = sum;
            }
        }
        multiply(a, product, k, r);
        multiply(k, a, weight, r);
        for (int i = 0; i < r * r; i++) {
            weight[i] = a[i] - weight[i];
        }
        if (factors.degree(false) == 0) {
            return;
        }
        Arrays.fill(backward, 0, n, 0);
        int whole = Math.max(0, n - r);
        for (int d = 1 - r; d < r; d++) {
            double sum = 0;
            for (int j = Math.max(0, -d); j < Math.min(r, r - d); j++) {
                sum += product[j * r + j + d];
            }
            for (int s = Math.max(0, -d); s < whole; s++) {
                backward[s] += sum * pi[s + d];
            }
        }
        for (int s = whole; s < n; s++) {
            double sum = 0;
            for (int l = 0; l < n - s && l < r; l++) {
                for (int j = 0; j < r && j <= s + l; j++) {
                    sum += product[j * r + l] * pi[s + l - j];
                }
            }
            backward[s] = sum;
        }
        factors.movingAverageSensitivities(pi, n, sensitivities);
        factors.addMovingAverageGradient(backward, sensitivities, n, -1, natural);
    }

    private static void multiply(double[] x, double[] y, double[] result, int r) {
        for (int i = 0; i < r; i++) {
            Arrays.fill(result, i * r, (i + 1) * r, 0);
            for (int l = 0; l < r; l++) {
                double factor = x[i * r + l];
                for (int j = 0; j < r; j++) {
                    result[i * r + j] += factor * y[l * r + j];
                }
            }
        }
    }

    /** The diffuse column {@code c} less those before it, of unit length: its part of the determinant's derivative. */
    private void whitened(int c) {
        Arrays.fill(coefficients, 0);
        coefficients[c] = 1 / gram[c][c];
        for (int d = c - 1; d >= 0; d--) {
            double sum = 0;
            for (int b = d + 1; b <= c; b++) {
                sum -= gram[b][d] * coefficients[b];
            }
            coefficients[d] = dropped[d] ? 0 : sum / gram[d][d];
        }
        mix(c);
    }

    /** The series less its regression on all other columns. */
    private void regressed() {
        int last = w.length - 1;
        coefficients[last] = 1;
        for (int d = last - 1; d >= 0; d--) {
            double sum = 0;
            for (int b = d + 1; b <= last; b++) {
                sum -= gram[b][d] * coefficients[b];
            }
            coefficients[d] = dropped[d] ? 0 : sum / gram[d][d];
        }
        mix(last);
    }

    /** Combines the columns up to {@code last}, then takes out what the presample explains. */
    private void mix(int last) {
        Arrays.fill(mixed, 0);
        Arrays.fill(u, 0);
        Arrays.fill(lambda, 0);
        for (int c = 0; c <= last; c++) {
            double factor = coefficients[c];
            if (factor != 0) {
                Recursion.add(mixed, n, factor, e[c], 0);
                for (int j = 0; j < r; j++) {
                    lambda[j] += factor * h[c][j];
                }
                for (int i = 0; i < r; i++) {
                    double part = factor * z[c][i];
                    for (int j = 0; j < r; j++) {
                        u[j] += part * posterior[i * r + j];
                    }
                }
            }
        }
        System.arraycopy(mixed, 0, clean, 0, n);
        for (int j = 0; j < r; j++) {
            Recursion.add(clean, n, -u[j], pi, j);
            double sum = 0;
            for (int l = 0; l < r; l++) {
                sum += a[j * r + l] * u[l];
            }
            lambda[j] -= sum;
        }
    }

    /** Half the derivative of the squares of {@code clean}, times {@code factor}. */
    private void residualGradient(double factor) {
        factors.autoregressiveSensitivities(mixed, n, sensitivities);
        factors.movingAverageSensitivities(clean, n, sensitivities);
        factors.addAutoregressiveGradient(clean, sensitivities, n, factor, natural);
        factors.addMovingAverageGradient(clean, sensitivities, n, -factor, natural);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                weight[i * r + j] -= factor * lambda[i] * lambda[j];
            }
        }
    }

    /** What the gradient has through the covariance of the presample, by differences: it costs no pass over the series. */
    private void presampleGradient(double[] x, double[] gradient) {
        for (int i = 0; i < x.length; i++) {
            double before = x[i];
            x[i] = before + DIFFERENCE;
            double above = weightedCovariance(x);
            x[i] = before - DIFFERENCE;
            gradient[i] += 0.5 * (above - weightedCovariance(x)) / (2 * DIFFERENCE);
            x[i] = before;
        }
    }

    private double weightedCovariance(double[] x) {
        factors.at(x);
        if (!presample.covariance(factors, moved)) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < r * r; i++) {
            sum += weight[i] * moved[i];
        }
        return sum;
    }
}

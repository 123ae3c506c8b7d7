package io.smartdata.core.forecast.arima;

import io.smartdata.core.forecast.engine.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Maximum likelihood estimation of a seasonal ARIMA model: the exact likelihood, maximised over partial autocorrelations,
 * so that every try is stationary and invertible (Jones 1980; Monahan 1984), from the best of several starts.
 */
final class SarimaEstimator {
    /** A unit root in the autoregression has no stationary likelihood; one in the moving average has. */
    private static final double LARGEST_AR = 1 - 1e-5;
    /** Where a moving average is tried at the unit root itself. */
    private static final double NEARLY_ONE = 0.99;

    /** Variance left, relative to the mean square of the series, that is mere rounding. */
    private static final double EXACT = 1e-26;

    private static final double LOOSE = 1e-3;
    private static final double TIGHT = 1e-8;
    private static final int LOOSE_ITERATIONS = 15;
    private static final int TIGHT_ITERATIONS = 200;
    private static final int FEW_COEFFICIENTS = 4;
    private static final int FEW_SEARCHES = 3;
    /** More coefficients make more local maxima. */
    private static final int SEARCHES = 8;

    private static final double HARDLY_WORSE = 3;
    private static final double ELSEWHERE = 0.3;
    /** Pairs of first and second partial autocorrelation: ar, ma, seasonal ar, seasonal ma; 0.9 makes a cycle. */
    private static final double[][][] STARTS = {
        {{0.1, 0}, {0.6, 0}, {0.95, 0}, {-0.4, 0}, {0.6, 0.3}, {0.6, -0.9}},
        {{-0.3, 0}, {-0.8, 0}, {0.4, 0}, {-0.5, -0.3}, {-0.6, 0.9}},
        {{0.1, 0}, {0.5, 0}, {0.95, 0}, {0.3, 0.4}},
        {{-0.3, 0}, {-0.85, 0}, {-0.4, -0.3}}
    };

    private final SarimaOrder order;
    private final SarimaLikelihood likelihood;
    /** For the rough part of the search: gaps filled, if they cost time. */
    private final SarimaLikelihood rough;

    private SarimaEstimator(SarimaOrder order, double[] y, double[][] regressors) {
        this.order = order;
        this.likelihood = new SarimaLikelihood(order, y, regressors);
        this.rough = likelihood.slowedByGaps()
                ? new SarimaLikelihood(
                        order,
                        new Sample(0, y).filled(),
                        Arrays.stream(regressors)
                                .map(column -> new Sample(0, column).filled())
                                .toArray(double[][]::new))
                : likelihood;
    }

    /**
     * @param logLikelihood exact, at the parameters; NaN if there is none (nothing left to explain)
     * @param observations the likelihood speaks about
     * @param identified false if the data say nothing about a value the differencing needs
     */
    record Estimate(
            SarimaParameters parameters,
            double logLikelihood,
            int observations,
            boolean identified,
            boolean converged) {
        /** True if there is a likelihood, or nothing was left to explain. */
        boolean usable() {
            return (Double.isFinite(logLikelihood) || parameters.variance() == 0)
                    && Double.isFinite(parameters.variance())
                    && Arrays.stream(parameters.coefficients()).allMatch(Double::isFinite);
        }

        /** Corrected Akaike information criterion (Hurvich and Tsai 1989). */
        double aicc() {
            int k = parameters.order().coefficients() + parameters.coefficients().length + 1;
            double spare = observations - k - 1;
            return spare > 0 ? -2 * logLikelihood + 2 * k + 2.0 * k * (k + 1) / spare : Double.POSITIVE_INFINITY;
        }
    }

    /**
     * @param y levels, NaN = gap, the first observed; not modified
     * @param regressors column by column; not modified
     */
    static Estimate estimate(SarimaOrder order, double[] y, double[][] regressors) {
        return new SarimaEstimator(order, y, regressors).estimate();
    }

    private Estimate estimate() {
        return nothingToExplain().orElseGet(this::search);
    }

    /** Differencing, trend and regressors explain the series to the last digit: no variance, no likelihood. */
    private Optional<Estimate> nothingToExplain() {
        SarimaParameters still = parameters(new double[order.coefficients()], new double[0], 0);
        SarimaLikelihood.Concentrated rest = likelihood.concentrated(still.ar(), still.ma());
        return rest.variance() <= EXACT * likelihood.meanSquare()
                ? Optional.of(new Estimate(
                        parameters(new double[order.coefficients()], rest.coefficients(), 0),
                        Double.NaN,
                        likelihood.observations(),
                        rest.identified(),
                        true))
                : Optional.empty();
    }

    private Estimate search() {
        QuasiNewton quick = new QuasiNewton(free -> cost(rough, partial(free)), LOOSE, LOOSE_ITERATIONS);
        QuasiNewton thorough = new QuasiNewton(free -> cost(likelihood, partial(free)), TIGHT, TIGHT_ITERATIONS);
        List<double[]> starts = starts();
        List<QuasiNewton.Minimum> tries = starts.stream()
                .map(quick::from)
                .sorted(Comparator.comparingDouble(QuasiNewton.Minimum::value))
                .toList();
        QuasiNewton.Minimum end = finalists(tries).stream()
                .map(thorough::from)
                .map(once -> thorough.from(once.at()))
                .min(Comparator.comparingDouble(QuasiNewton.Minimum::value))
                .orElseThrow();
        double[] partial = partial(end.at());
        double value = rootsTried(partial, end.value());
        SarimaParameters polynomials = parameters(partial, new double[0], 1);
        SarimaLikelihood.Concentrated rest = likelihood.concentrated(polynomials.ar(), polynomials.ma());
        return new Estimate(
                parameters(partial, rest.coefficients(), rest.variance()),
                Double.isFinite(value) ? -value : Double.NaN,
                likelihood.observations(),
                rest.identified(),
                end.converged());
    }

    /** The best try, and the next one if it is somewhere else and hardly worse. */
    private List<double[]> finalists(List<QuasiNewton.Minimum> tries) {
        QuasiNewton.Minimum best = tries.get(0);
        List<double[]> result = new ArrayList<>(List.of(best.at()));
        tries.stream()
                .filter(it -> it.value() < best.value() + HARDLY_WORSE && distance(it.at(), best.at()) > ELSEWHERE)
                .findFirst()
                .ifPresent(it -> result.add(it.at()));
        return result;
    }

    private double distance(double[] a, double[] b) {
        double[] from = partial(a);
        double[] to = partial(b);
        double largest = 0;
        for (int i = 0; i < from.length; i++) {
            largest = Math.max(largest, Math.abs(from[i] - to[i]));
        }
        return largest;
    }

    /** The best few of a coarse grid over the first two partial autocorrelations of each kind. */
    private List<double[]> starts() {
        List<double[]> grid = new ArrayList<>();
        grid.add(new double[order.coefficients()]);
        int[] sizes = {order.p(), order.q(), order.seasonalP(), order.seasonalQ()};
        int at = 0;
        for (int block = 0; block < sizes.length; block++) {
            grid = sizes[block] == 0 ? grid : crossed(grid, at, sizes[block], STARTS[block]);
            at += sizes[block];
        }
        record Start(double[] at, double cost) {}
        return grid.stream()
                .map(free -> new Start(free, cost(rough, partial(free))))
                .sorted(Comparator.comparingDouble(Start::cost))
                .limit(simple() ? FEW_SEARCHES : SEARCHES)
                .map(Start::at)
                .toList();
    }

    private boolean simple() {
        return order.coefficients() <= FEW_COEFFICIENTS && (order.p() < 2 || order.q() < 2);
    }

    private static List<double[]> crossed(List<double[]> grid, int at, int size, double[][] choices) {
        List<double[]> result = new ArrayList<>();
        for (double[] point : grid) {
            for (double[] choice : choices) {
                if (size > 1 || choice[1] == 0) {
                    double[] next = point.clone();
                    for (int k = 0; k < Math.min(2, size); k++) {
                        next[at + k] = atanh(choice[k]);
                    }
                    result.add(next);
                }
            }
        }
        return result;
    }

    private static double atanh(double r) {
        return 0.5 * Math.log((1 + r) / (1 - r));
    }

    private double cost(SarimaLikelihood function, double[] partial) {
        SarimaParameters at = parameters(partial, new double[0], 1);
        double value = -function.profile(at.ar(), at.ma());
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }

    /** Partial autocorrelations: free variables squeezed into (-1, 1). */
    private double[] partial(double[] free) {
        double[] result = new double[free.length];
        for (int i = 0; i < free.length; i++) {
            boolean autoregressive =
                    i < order.p() || (i >= order.p() + order.q() && i < order.coefficients() - order.seasonalQ());
            result[i] = Math.tanh(free[i]) * (autoregressive ? LARGEST_AR : 1);
        }
        return result;
    }

    private SarimaParameters parameters(double[] partial, double[] coefficients, double variance) {
        int q = order.p() + order.q();
        int bigP = q + order.seasonalP();
        return new SarimaParameters(
                order,
                block(partial, 0, order.p(), 1),
                block(partial, order.p(), q, -1),
                block(partial, q, bigP, 1),
                block(partial, bigP, partial.length, -1),
                coefficients,
                variance);
    }

    /** A moving average with partial autocorrelations r is minus the autoregression with partial autocorrelations -r. */
    private static double[] block(double[] partial, int from, int to, int sign) {
        double[] signed = new double[to - from];
        for (int i = from; i < to; i++) {
            signed[i - from] = sign * partial[i];
        }
        double[] result = LagPolynomials.fromPartial(signed);
        return sign < 0 ? LagPolynomials.negated(result) : result;
    }

    /** The squeezing cannot reach a unit root of the moving average, the likelihood can have its maximum there. */
    private double rootsTried(double[] partial, double value) {
        double best = value;
        for (int i = 0; i < partial.length; i++) {
            boolean movingAverage =
                    (i >= order.p() && i < order.p() + order.q()) || i >= order.coefficients() - order.seasonalQ();
            if (movingAverage && Math.abs(partial[i]) > NEARLY_ONE) {
                double before = partial[i];
                partial[i] = Math.signum(before);
                double atRoot = cost(likelihood, partial);
                if (atRoot <= best) {
                    best = atRoot;
                } else {
                    partial[i] = before;
                }
            }
        }
        return best;
    }
}

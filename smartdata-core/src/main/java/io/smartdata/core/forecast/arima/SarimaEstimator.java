package io.smartdata.core.forecast.arima;

import io.smartdata.core.forecast.engine.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Maximum likelihood estimation of a seasonal ARIMA model: the exact likelihood, maximised over reflection coefficients, so
 * that every try is stationary and invertible (Jones 1980; Monahan 1984), from the best of several starts.
 */
final class SarimaEstimator {
    static long VALUES, DERIVS;
    /** A unit root in the autoregression has no stationary likelihood; one in the moving average has. */
    private static final double LARGEST_AR = 1 - 1e-5;
    /** Where a moving average is tried at the unit root itself. */
    private static final double NEARLY_ONE = 0.97;

    /** Variance left, relative to the mean square of the series, that is mere rounding. */
    private static final double EXACT = 1e-26;

    private static final double LOOSE = 1e-2;
    private static final double TIGHT = 1e-7;
    static int LOOSE_ITERATIONS = Integer.getInteger("li", 6);
    private static final int TIGHT_ITERATIONS = 200;
    private static final int FEW_COEFFICIENTS = 4;
    static int FEW_SEARCHES = Integer.getInteger("fs", 3);
    /** More coefficients make more local maxima. */
    static int SEARCHES = Integer.getInteger("ms", 8);

    private static final double HARDLY_WORSE = 3;
    static double APART = Double.parseDouble(System.getProperty("apart", "0.6"));
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
    private final ProjectedNewton.Function cost;
    /** For the rough part of the search: gaps filled, if they cost time. */
    private final ProjectedNewton.Function rough;

    private final double[] bound;

    private SarimaEstimator(SarimaOrder order, double[] y, double[][] regressors) {
        this.order = order;
        this.likelihood = new SarimaLikelihood(order, y, regressors);
        this.bound = new double[order.coefficients()];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = autoregressive(i) ? LARGEST_AR : 1;
        }
        SarimaLikelihood whole = likelihood.slowedByGaps()
                ? new SarimaLikelihood(
                        order,
                        new Sample(0, y).filled(),
                        Arrays.stream(regressors)
                                .map(column -> new Sample(0, column).filled())
                                .toArray(double[][]::new))
                : likelihood;
        this.rough = new SarimaCost(order, whole.differencedColumns(), whole.diffuseColumns());
        this.cost = likelihood.slowedByGaps() ? new SkippingCost(order, likelihood, rough) : rough;
    }

    private boolean autoregressive(int i) {
        return i < order.p() || (i >= order.p() + order.q() && i < order.coefficients() - order.seasonalQ());
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
        ProjectedNewton quick = new ProjectedNewton(rough, bound);
        ProjectedNewton thorough = new ProjectedNewton(cost, bound);
        List<ProjectedNewton.Minimum> tries = starts().stream()
                .map(start -> quick.from(start, LOOSE, LOOSE_ITERATIONS))
                .sorted(Comparator.comparingDouble(ProjectedNewton.Minimum::value))
                .toList();
        ProjectedNewton.Minimum end = finalists(tries).stream()
                .map(start -> thorough.from(start, TIGHT, TIGHT_ITERATIONS))
                .min(Comparator.comparingDouble(ProjectedNewton.Minimum::value))
                .orElseThrow();
        double[] x = end.at();
        rootsTried(x, end.value());
        SarimaParameters polynomials = parameters(x, new double[0], 1);
        SarimaLikelihood.Concentrated rest = likelihood.concentrated(polynomials.ar(), polynomials.ma());
        return new Estimate(
                parameters(x, rest.coefficients(), rest.variance()),
                rest.logLikelihood(),
                likelihood.observations(),
                rest.identified(),
                end.converged());
    }

    /** The best try, and the next one if it is somewhere else and hardly worse. */
    private List<double[]> finalists(List<ProjectedNewton.Minimum> tries) {
        ProjectedNewton.Minimum best = tries.get(0);
        List<double[]> result = new ArrayList<>(List.of(best.at()));
        tries.stream()
                .filter(it -> it.value() < best.value() + HARDLY_WORSE && distance(it.at(), best.at()) > ELSEWHERE)
                .findFirst()
                .ifPresent(it -> result.add(it.at()));
        return result;
    }

    private static double distance(double[] from, double[] to) {
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
            grid = sizes[block] == 0 ? grid : crossed(grid, at, sizes[block], STARTS[block], block % 2 == 0 ? -1 : 1);
            at += sizes[block];
        }
        record Start(double[] at, double cost) {}
        List<double[]> chosen = new ArrayList<>();
        grid.stream()
                .map(x -> new Start(x, rough.value(x)))
                .sorted(Comparator.comparingDouble(Start::cost))
                .forEach(start -> {
                    if (chosen.size() < (simple() ? FEW_SEARCHES : SEARCHES)
                            && chosen.stream().allMatch(it -> distance(it, start.at()) > APART)) {
                        chosen.add(start.at());
                    }
                });
        return chosen;
    }

    private boolean simple() {
        return order.coefficients() <= FEW_COEFFICIENTS && (order.p() < 2 || order.q() < 2);
    }

    private static List<double[]> crossed(List<double[]> grid, int at, int size, double[][] choices, int sign) {
        List<double[]> result = new ArrayList<>();
        for (double[] point : grid) {
            for (double[] choice : choices) {
                if (size > 1 || choice[1] == 0) {
                    double[] next = point.clone();
                    for (int k = 0; k < Math.min(2, size); k++) {
                        next[at + k] = sign * choice[k];
                    }
                    result.add(next);
                }
            }
        }
        return result;
    }

    private SarimaParameters parameters(double[] x, double[] coefficients, double variance) {
        SarimaFactors factors = new SarimaFactors(order);
        factors.at(x);
        return new SarimaParameters(
                order,
                LagPolynomials.negated(factors.factor(0)),
                factors.factor(1),
                LagPolynomials.negated(factors.factor(2)),
                factors.factor(3),
                coefficients,
                variance);
    }

    /** The likelihood can have its maximum at a unit root of the moving average, where its slope says nothing. */
    private double rootsTried(double[] x, double value) {
        double best = value;
        for (int i = 0; i < x.length; i++) {
            if (!autoregressive(i) && Math.abs(x[i]) > NEARLY_ONE && Math.abs(x[i]) < 1) {
                double before = x[i];
                x[i] = Math.signum(before);
                double atRoot = cost.value(x);
                if (atRoot <= best) {
                    best = atRoot;
                } else {
                    x[i] = before;
                }
            }
        }
        return best;
    }
}

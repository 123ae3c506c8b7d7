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
    /** A unit root in the autoregression has no stationary likelihood; one in the moving average has. */
    private static final double LARGEST_AR = 1 - 1e-5;
    /** Where a moving average is tried at the unit root itself. */
    private static final double NEARLY_ONE = 0.97;

    /** Variance left, relative to the mean square of the series, that is mere rounding. */
    private static final double EXACT = 1e-26;

    private static final double LOOSE = 1e-2;
    private static final double TIGHT = 1e-7;
    private static final int MOST_ITERATIONS = 200;

    /** More coefficients make more local maxima. */
    private static final Effort LITTLE = new Effort(7, 4, 2);

    private static final Effort MUCH = new Effort(14, 10, 5);
    /** Where one value costs much. */
    private static final Effort LEAST = new Effort(4, 2, 1);

    private static final int FEW_COEFFICIENTS = 4;
    /** Longest lag with analytic derivatives, whose cost grows with its cube. */
    private static final int MOST_LAGS = 64;

    private static final int FIRST_ITERATIONS = 2;
    private static final int CONDITIONAL_ITERATIONS = 6;
    private static final int EXACT_ITERATIONS = 5;
    /** Differences in log-likelihood that the next stage will hardly make up for. */
    private static final double CONDITIONAL_MARGIN = 15;

    private static final double EXACT_MARGIN = 8;
    private static final double FINAL_MARGIN = 1;
    private static final int FINALISTS = 2;
    /** By how much the reported likelihood may fall short of the one searched. */
    private static final double DISAGREEMENT = 1e-3;

    /** Points nearer than this in every variable are the same hill. */
    private static final double ELSEWHERE = 0.3;

    /** First and second partial autocorrelation of the autoregression, then of the moving average. */
    private static final double[][] ROUGH = {
        {0.1, 0, -0.3, 0},
        {0.6, 0, -0.3, 0},
        {0.95, 0, -0.8, 0},
        {-0.4, 0, 0.3, 0},
        {0.3, 0, -0.8, 0},
        {-0.8, 0, 0.8, 0},
        {0.6, 0.3, 0.4, 0},
        {0.6, -0.9, -0.6, 0.9},
        {0.3, -0.3, -0.5, -0.3}
    };
    /** The same of the seasonal factors. */
    private static final double[][] SEASONAL = {
        {0.1, 0, -0.5, 0}, {0.9, 0, -0.75, 0}, {-0.5, 0, 0.3, 0}, {0.3, 0.4, -0.85, 0}, {-0.8, 0, 0.9, 0}
    };
    /** Almost common roots of both sides, near the unit circle: maxima that conditional least squares do not see. */
    private static final double[][] CANCELLING = {{0.99, 0, -0.97, 0}, {-0.9, 0, 0.97, 0}};

    private final SarimaOrder order;
    private final SarimaLikelihood likelihood;
    private final ProjectedNewton.Function cost;
    /** For the rough part of the search: conditional least squares, gaps filled. */
    private final ProjectedNewton.Function rough;

    /** The same with the exact likelihood. */
    private final ProjectedNewton.Function exact;

    private final double[] bound;
    private final boolean large;

    private SarimaEstimator(SarimaOrder order, double[] y, double[][] regressors) {
        this.order = order;
        this.likelihood = new SarimaLikelihood(order, y, regressors);
        this.bound = new double[order.coefficients()];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = autoregressive(order, i) ? atanh(LARGEST_AR) : 1;
        }
        SarimaLikelihood whole = Arrays.stream(y).anyMatch(Double::isNaN)
                ? new SarimaLikelihood(
                        order,
                        new Sample(0, y).filled(),
                        Arrays.stream(regressors)
                                .map(column -> new Sample(0, column).filled())
                                .toArray(double[][]::new))
                : likelihood;
        this.rough = SarimaCost.conditional(order, whole.differencedColumns());
        this.large =
                Math.max(order.p() + order.seasonalP() * order.season(), order.q() + order.seasonalQ() * order.season())
                        > MOST_LAGS;
        this.exact =
                large ? new NumericalCost(order, whole, rough) : SarimaCost.exact(order, whole.differencedColumns(), 0);
        this.cost = whole == likelihood ? exact : withGaps();
    }

    private ProjectedNewton.Function withGaps() {
        return large || likelihood.slowedByGaps()
                ? new NumericalCost(order, likelihood, exact)
                : SarimaCost.exact(order, likelihood.differencedColumns(), likelihood.diffuseColumns());
    }

    /** True if variable {@code i} of a search belongs to an autoregressive factor. */
    static boolean autoregressive(SarimaOrder order, int i) {
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

        /** Largest modulus of a reciprocal root: 1 is the unit circle. */
        double nearestRoot() {
            double largest = 0;
            for (double[] autoregression : List.of(parameters.phi(), parameters.seasonalPhi())) {
                largest = Math.max(largest, LagPolynomials.largestRoot(autoregression));
            }
            for (double[] movingAverage : List.of(parameters.theta(), parameters.seasonalTheta())) {
                largest = Math.max(largest, LagPolynomials.largestRoot(LagPolynomials.negated(movingAverage)));
            }
            return largest;
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

    /** From parameters learnt earlier and from one short search, instead of several thorough ones. */
    static Estimate again(SarimaParameters previous, double[] y, double[][] regressors) {
        SarimaEstimator estimator = new SarimaEstimator(previous.order(), y, regressors);
        return estimator
                .nothingToExplain()
                .orElseGet(
                        () -> estimator.finished(List.of(SarimaFactors.variables(previous), estimator.shortStart())));
    }

    /** One short search instead of several thorough ones: enough to compare orders. */
    static Estimate quick(SarimaOrder order, double[] y, double[][] regressors) {
        SarimaEstimator estimator = new SarimaEstimator(order, y, regressors);
        return estimator.nothingToExplain().orElseGet(estimator::shortSearch);
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

    private Estimate shortSearch() {
        return estimate(new ProjectedNewton(exact, bound).from(shortStart(), LOOSE, 2 * EXACT_ITERATIONS));
    }

    /** Where conditional least squares end from the best of the starts. */
    private double[] shortStart() {
        ProjectedNewton conditional = new ProjectedNewton(rough, bound);
        List<double[]> starts = distinct(refined(conditional, starts(LITTLE.starts()), 1), 1, CONDITIONAL_MARGIN);
        return refined(conditional, starts, CONDITIONAL_ITERATIONS).get(0).at();
    }

    private Estimate search() {
        boolean simple = order.coefficients() <= FEW_COEFFICIENTS && (order.p() < 2 || order.q() < 2);
        Effort effort = large ? LEAST : simple ? LITTLE : MUCH;
        ProjectedNewton quick = new ProjectedNewton(rough, bound);
        ProjectedNewton middle = new ProjectedNewton(exact, bound);
        List<double[]> promising = distinct(
                refined(quick, starts(effort.starts()), FIRST_ITERATIONS), effort.conditional(), CONDITIONAL_MARGIN);
        List<Start> ends = new ArrayList<>();
        for (Start start : refined(quick, promising, CONDITIONAL_ITERATIONS)) {
            ends.add(new Start(start.at(), exact.value(start.at())));
        }
        promising = distinct(ends, effort.exact(), EXACT_MARGIN);
        if (order.p() > 0 && order.q() > 0 && !large) {
            double[] best = promising.get(0);
            for (double[] both : CANCELLING) {
                double[] start = best.clone();
                set(start, 0, both);
                promising.add(start);
            }
        }
        List<double[]> tries = promising;
        if (tries.size() > 1) {
            tries = distinct(refined(middle, tries, FIRST_ITERATIONS), tries.size(), CONDITIONAL_MARGIN);
        }
        if (tries.size() > 1) {
            tries = distinct(refined(middle, tries, EXACT_ITERATIONS), FINALISTS, FINAL_MARGIN);
        }
        return finished(tries);
    }

    private Estimate finished(List<double[]> tries) {
        ProjectedNewton thorough = new ProjectedNewton(cost, bound);
        ProjectedNewton.Minimum end = tries.stream()
                .map(start -> thorough.from(start, TIGHT, MOST_ITERATIONS))
                .min(Comparator.comparingDouble(ProjectedNewton.Minimum::value))
                .orElseThrow();
        rootsTried(end.at(), end.value());
        return estimate(end);
    }

    private Estimate estimate(ProjectedNewton.Minimum end) {
        double[] x = end.at();
        SarimaParameters polynomials = parameters(x, new double[0], 1);
        SarimaLikelihood.Concentrated rest = likelihood.concentrated(polynomials.ar(), polynomials.ma());
        return new Estimate(
                parameters(x, rest.coefficients(), rest.variance()),
                rest.logLikelihood(),
                likelihood.observations(),
                rest.identified(),
                end.converged() && rest.logLikelihood() > -end.value() - DISAGREEMENT);
    }

    private static List<Start> refined(ProjectedNewton search, List<double[]> starts, int iterations) {
        List<Start> result = new ArrayList<>();
        for (double[] start : starts) {
            ProjectedNewton.Minimum end = search.from(start, LOOSE, iterations);
            result.add(new Start(end.at(), end.value()));
        }
        return result;
    }

    /** The best ones that are neither near a better one nor worse than the very best by the margin; at least one. */
    private static List<double[]> distinct(List<Start> starts, int most, double margin) {
        List<double[]> chosen = new ArrayList<>();
        double least = starts.stream().mapToDouble(Start::cost).min().orElse(0);
        starts.stream().sorted(Comparator.comparingDouble(Start::cost)).forEach(start -> {
            boolean another = chosen.size() < most
                    && start.cost() < least + margin
                    && chosen.stream().allMatch(it -> distance(it, start.at()) > ELSEWHERE);
            if (chosen.isEmpty() || another) {
                chosen.add(start.at());
            }
        });
        return chosen;
    }

    private record Start(double[] at, double cost) {}

    /**
     * How many different points are followed.
     *
     * @param starts from the table
     * @param conditional in conditional least squares
     * @param exact in the exact likelihood
     */
    private record Effort(int starts, int conditional, int exact) {}

    private static double distance(double[] from, double[] to) {
        double largest = 0;
        for (int i = 0; i < from.length; i++) {
            largest = Math.max(largest, Math.abs(from[i] - to[i]));
        }
        return largest;
    }

    /** For every choice of the plain factors the best of the seasonal ones, and the other way round. */
    private List<double[]> starts(int most) {
        List<double[]> plain = choices(0, ROUGH);
        List<double[]> seasonal = choices(2, SEASONAL);
        double[][] costs = new double[plain.size()][seasonal.size()];
        for (int i = 0; i < plain.size(); i++) {
            for (int j = 0; j < seasonal.size(); j++) {
                costs[i][j] = rough.value(sum(plain.get(i), seasonal.get(j)));
            }
        }
        List<Start> result = new ArrayList<>();
        boolean[][] taken = new boolean[plain.size()][seasonal.size()];
        for (int i = 0; i < plain.size(); i++) {
            int best = 0;
            for (int j = 1; j < seasonal.size(); j++) {
                best = costs[i][j] < costs[i][best] ? j : best;
            }
            taken[i][best] = true;
            result.add(new Start(sum(plain.get(i), seasonal.get(best)), costs[i][best]));
        }
        for (int j = 0; j < seasonal.size(); j++) {
            int best = 0;
            for (int i = 1; i < plain.size(); i++) {
                best = costs[i][j] < costs[best][j] ? i : best;
            }
            if (!taken[best][j]) {
                result.add(new Start(sum(plain.get(best), seasonal.get(j)), costs[best][j]));
            }
        }
        return result.stream()
                .sorted(Comparator.comparingDouble(Start::cost))
                .limit(most)
                .map(Start::at)
                .toList();
    }

    private static double[] sum(double[] a, double[] b) {
        double[] result = a.clone();
        for (int i = 0; i < b.length; i++) {
            result[i] += b[i];
        }
        return result;
    }

    private List<double[]> choices(int factor, double[][] table) {
        List<double[]> result = new ArrayList<>();
        for (double[] choice : table) {
            double[] x = new double[order.coefficients()];
            set(x, factor, choice);
            if (result.stream().noneMatch(it -> Arrays.equals(it, x))) {
                result.add(x);
            }
        }
        return result;
    }

    /** Sets an autoregressive factor and the moving average after it. */
    private void set(double[] x, int factor, double[] choice) {
        int[] sizes = {order.p(), order.q(), order.seasonalP(), order.seasonalQ()};
        int at = factor == 0 ? 0 : order.p() + order.q();
        for (int k = 0; k < sizes[factor]; k++) {
            x[at + k] = k < 2 ? -atanh(choice[k]) : 0;
        }
        for (int k = 0; k < sizes[factor + 1]; k++) {
            x[at + sizes[factor] + k] = k < 2 ? choice[2 + k] : 0;
        }
    }

    private static double atanh(double r) {
        return 0.5 * Math.log((1 + r) / (1 - r));
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
    private void rootsTried(double[] x, double value) {
        double best = value;
        for (int i = 0; i < x.length; i++) {
            if (!autoregressive(order, i) && Math.abs(x[i]) > NEARLY_ONE && Math.abs(x[i]) < 1) {
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
    }
}

package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Continuation;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Theta method and its optimised kinds, on the seasonally adjusted series. Gaps are filled along straight lines for the
 * seasonal indices and taken as predicted by the smoothing. Sources: Assimakopoulos and Nikolopoulos 2000; Hyndman and
 * Billah 2003; Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016.
 */
public final class ThetaEngine implements Engine {
    private static final int FEWEST_OBSERVATIONS = 6;
    private static final double LEAST_ALPHA = 0.001;
    private static final double MOST_ALPHA = 0.9999;
    /** Of the line; 1 would be an infinite theta. */
    private static final double MOST_SHARE = 0.9999;
    /** Scaled values are of order one. */
    private static final double LARGEST_LEVEL = 1e3;
    /** The line through the values so far begins with two of them. */
    private static final int FIRST_DYNAMIC_ERROR = 2;

    private static final double[] ALPHAS = {0.1, 0.5, 0.9};
    private static final double TOLERANCE = 1e-6;
    private static final int STEPS = 60;

    /** What is estimated along with the smoothing. */
    public enum Kind {
        /** Nothing: half the slope of the line through all data, added to simple exponential smoothing. */
        THETA("theta"),
        /** The share of the line through all data. */
        OPTIMISED("otm"),
        /** The share of the line through the data so far. */
        DYNAMIC("dotm");

        private final String id;

        Kind(String id) {
            this.id = id;
        }
    }

    private final Kind kind;

    public ThetaEngine(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String id() {
        return kind.id;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        if (sample.observed() < FEWEST_OBSERVATIONS) {
            throw new CannotFit("%s needs %d observed values, there are %d"
                    .formatted(kind.id, FEWEST_OBSERVATIONS, sample.observed()));
        }
        SeasonalAdjustment season = SeasonalAdjustment.of(sample.filled(), request.season());
        double[] adjusted = season.without(sample.values(), 0);
        double scale = Scale.of(adjusted, kind.id);
        Estimate estimate = estimate(Scale.divided(adjusted, scale));
        ThetaState start = estimate.start().scaled(scale);
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("alpha", estimate.alpha());
        parameters.put("share", estimate.share());
        parameters.put("sigma", estimate.sigma() * scale);
        start.store("first.", parameters);
        learnt(estimate.alpha(), estimate.share(), start, adjusted).store("last.", parameters);
        season.store(parameters);
        return sample.model(
                request,
                kind.id,
                parameters,
                null,
                null,
                List.of(),
                "Exponential smoothing with %.0f %% of the linear trend (Theta)%s was fitted to %d observed values."
                        .formatted(
                                100 * estimate.share(),
                                season.seasonal() ? " and a cycle of %d steps".formatted(request.season()) : "",
                                sample.observed()));
    }

    private record Estimate(double alpha, double share, ThetaState start, double sigma) {}

    /** Least squares of the one-step errors over alpha, the first level and, for the optimised kinds, the share. */
    private Estimate estimate(double[] y) {
        Line line = Line.through(y);
        int size = kind == Kind.THETA ? 2 : 3;
        NumericSquares.Errors errors = (x, e) -> errors(y, filter(x[0], share(x), start(line, x[1])), e);
        NumericSquares problem = new NumericSquares(errors, y.length, size);
        double[] lower = Arrays.copyOf(new double[] {LEAST_ALPHA, -LARGEST_LEVEL, 0}, size);
        double[] upper = Arrays.copyOf(new double[] {MOST_ALPHA, LARGEST_LEVEL, MOST_SHARE}, size);
        double[] best = lower;
        double least = Double.POSITIVE_INFINITY;
        for (double alpha : ALPHAS) {
            double[] x = Arrays.copyOf(new double[] {alpha, y[0], 0.5}, size);
            LeastSquares search = new LeastSquares(problem, lower, upper);
            search.minimise(x, TOLERANCE, STEPS);
            if (search.value() < least) {
                least = search.value();
                best = x;
            }
        }
        double[] left = new double[y.length];
        errors.at(best, left);
        double squares = Arrays.stream(left).map(e -> e * e).sum();
        long observed = Arrays.stream(y).filter(value -> !Double.isNaN(value)).count();
        double share = kind == Kind.THETA ? 0.5 : best[2];
        return new Estimate(best[0], share, start(line, best[1]), Math.sqrt(squares / (observed - size)));
    }

    /** The method of 2000 estimates plain smoothing and adds the line afterwards. */
    private double share(double[] x) {
        return kind == Kind.THETA ? 0 : x[2];
    }

    private ThetaState start(Line line, double level) {
        return switch (kind) {
            case THETA -> new ThetaState(level, 0, line.slope(), 0, 0);
            case OPTIMISED -> new ThetaState(level, line.first(), line.slope(), 0, 0);
            case DYNAMIC -> new ThetaState(level, 0, 0, 0, 0);
        };
    }

    private ThetaFilter filter(double alpha, double share, ThetaState start) {
        return new ThetaFilter(alpha, share, kind == Kind.DYNAMIC, start);
    }

    private void errors(double[] y, ThetaFilter filter, double[] errors) {
        for (int t = 0; t < y.length; t++) {
            boolean counts = !Double.isNaN(y[t]) && (kind != Kind.DYNAMIC || t >= FIRST_DYNAMIC_ERROR);
            errors[t] = counts ? y[t] - filter.mean() : 0;
            filter.next(y[t]);
        }
    }

    /** The state after some more values. */
    private ThetaState learnt(double alpha, double share, ThetaState from, double[] y) {
        ThetaFilter filter = filter(alpha, kind == Kind.THETA ? 0 : share, from);
        for (double value : y) {
            filter.next(value);
        }
        return filter.state();
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        double alpha = ConstantEngine.parameter(model, "alpha");
        double share = ConstantEngine.parameter(model, "share");
        double sigma = ConstantEngine.parameter(model, "sigma");
        SeasonalAdjustment season = SeasonalAdjustment.stored(model);
        Continuation continuation = Continuation.of(model, request);
        ThetaState from = ThetaState.stored(continuation.afterTraining() ? "last." : "first.", model);
        ThetaState now = learnt(alpha, share, from, season.without(continuation.values(), from.count()));
        ThetaFilter filter = filter(alpha, share, now);
        ThetaFilter shocked = filter(alpha, share, now);
        double[] mean = new double[request.horizon()];
        double[] deviation = new double[mean.length];
        double squares = 1;
        for (int h = 0; h < mean.length; h++) {
            mean[h] = filter.mean();
            // the means are linear in the values: what a first error of sigma does to this one
            double effect = h == 0 ? 0 : shocked.mean() - mean[h];
            squares += sigma == 0 ? 0 : effect * effect / (sigma * sigma);
            deviation[h] = sigma * Math.sqrt(squares);
            shocked.next(h == 0 ? mean[h] + sigma : Double.NaN);
            filter.next(Double.NaN);
        }
        return season.with(Path.normal(mean, deviation), now.count());
    }
}

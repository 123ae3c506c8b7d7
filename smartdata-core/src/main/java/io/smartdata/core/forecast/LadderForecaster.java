package io.smartdata.core.forecast;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Engines from the one asked for down to the one that always works; every step down adds its reason. */
final class LadderForecaster implements Forecaster {
    /** Keeps extreme bounds finite. */
    private static final double LARGEST = Double.MAX_VALUE / 4;

    private final String spec;
    private final List<Engine> ladder;

    /** @param ladder best first; the last never refuses */
    LadderForecaster(String spec, List<Engine> ladder) {
        this.spec = spec;
        this.ladder = List.copyOf(ladder);
    }

    @Override
    public String spec() {
        return spec;
    }

    @Override
    public FittedModel fit(ForecastRequest request) {
        return fit(request, 0, new ArrayList<>());
    }

    private FittedModel fit(ForecastRequest request, int from, List<String> reasons) {
        if (Arrays.stream(request.history().values()).allMatch(Double::isNaN)) {
            return nothing(request);
        }
        for (Engine engine : ladder.subList(from, ladder.size())) {
            try {
                FittedModel model = engine.fit(request);
                return reasons.isEmpty() ? model : model.withFallbackReason(String.join("; ", reasons));
            } catch (CannotFit e) {
                reasons.add(e.reason());
            }
        }
        throw new IllegalStateException("the last engine of a ladder must not refuse: " + reasons);
    }

    private static FittedModel nothing(ForecastRequest request) {
        return new FittedModel(
                ConstantEngine.ID,
                Engine.VERSION,
                Map.of(),
                null,
                null,
                request.history().start(),
                request.history().localTime(request.history().size()),
                0,
                List.of(),
                "the history has no observation",
                "Nothing was observed, so nothing is predicted.");
    }

    @Override
    public Forecast forecast(FittedModel model, ForecastRequest request) {
        if (Arrays.stream(request.history().values()).allMatch(Double::isNaN)) {
            FittedModel nothing = nothing(request);
            return new Forecast(nothing, List.of(), nothing.fallbackReason(), nothing.explanation());
        }
        int rung = rung(model);
        if (rung < 0) {
            List<String> reasons = List.of("the stored model %s of version %d does not suit %s, it was fitted anew"
                    .formatted(model.id(), model.version(), spec));
            FittedModel anew = fit(request, 0, new ArrayList<>());
            return forecast(anew, request, rung(anew), new ArrayList<>(reasons));
        }
        return forecast(model, request, rung, new ArrayList<>());
    }

    private int rung(FittedModel model) {
        for (int i = 0; i < ladder.size(); i++) {
            if (ladder.get(i).serves(model) && model.version() == Engine.VERSION && model.observations() > 0) {
                return i;
            }
        }
        return -1;
    }

    private Forecast forecast(FittedModel model, ForecastRequest request, int rung, List<String> reasons) {
        try {
            Path path = ladder.get(rung).path(model, request);
            double[][] bounds = bounds(path, request);
            if (finite(path.mean()) && Arrays.stream(bounds).allMatch(LadderForecaster::finite)) {
                return assembled(model, request, path.mean(), bounds, reasons);
            }
            reasons.add("%s gave a value that is not finite".formatted(model.id()));
        } catch (CannotFit e) {
            reasons.add(e.reason());
        }
        if (rung + 1 == ladder.size()) {
            Path held = heldWithinRange(request);
            return assembled(model, request, held.mean(), bounds(held, request), reasons);
        }
        FittedModel simpler = fit(request, rung + 1, new ArrayList<>());
        return forecast(simpler, request, rung(simpler), reasons);
    }

    /** By step, lower and upper by level. Asked for once: a combination asks all its members. */
    private static double[][] bounds(Path path, ForecastRequest request) {
        double[][] bounds = new double[request.horizon()][2 * request.levels().size()];
        for (int k = 0; k < request.levels().size(); k++) {
            double below = below(request.levels().get(k));
            for (int h = 0; h < bounds.length; h++) {
                bounds[h][2 * k] = path.quantiles().at(h, below);
                bounds[h][2 * k + 1] = path.quantiles().at(h, 1 - below);
            }
        }
        return bounds;
    }

    private static boolean finite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    /** Probability of a value below the interval of a level. */
    private static double below(double level) {
        return (1 - level / 100) / 2;
    }

    /** The last value; for numbers so large that even their squares overflow. */
    private static Path heldWithinRange(ForecastRequest request) {
        double[] filled = Sample.of(request).filled();
        double[] mean = new double[request.horizon()];
        Arrays.fill(mean, filled[filled.length - 1]);
        return Path.normal(mean, new double[mean.length]);
    }

    private static Forecast assembled(
            FittedModel model, ForecastRequest request, double[] mean, double[][] bounds, List<String> reasons) {
        List<ForecastPoint> points = new ArrayList<>(mean.length);
        for (int h = 0; h < mean.length; h++) {
            points.add(point(request, h, mean[h], bounds[h]));
        }
        return new Forecast(model, points, reason(model, reasons), model.explanation());
    }

    private static ForecastPoint point(ForecastRequest request, int h, double mean, double[] bounds) {
        List<Interval> intervals = new ArrayList<>(request.levels().size());
        for (double level : request.levels()) {
            int at = 2 * intervals.size();
            intervals.add(new Interval(
                    level,
                    bounded(Math.min(mean, bounds[at]), request),
                    bounded(Math.max(mean, bounds[at + 1]), request)));
        }
        return new ForecastPoint(
                h + 1,
                request.history().localTime((long) request.history().size() + h),
                bounded(mean, request),
                intervals);
    }

    private static double bounded(double value, ForecastRequest request) {
        return Math.max(request.nonNegative() ? 0 : -LARGEST, Math.min(LARGEST, value));
    }

    private static @Nullable String reason(FittedModel model, List<String> reasons) {
        List<String> all = new ArrayList<>(reasons);
        String learnt = model.fallbackReason();
        if (learnt != null) {
            all.add(learnt);
        }
        return all.isEmpty() ? null : String.join("; ", all);
    }
}

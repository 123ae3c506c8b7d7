package io.smartdata.core.forecast.arima;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * Seasonal ARIMA with an order of its own choosing: differences by tests, the rest by AICc over conditional starts and a few
 * exact steps for each order, the chosen one estimated in full. What it fits is an ordinary {@code sarimax(...)} model.
 * Source: Hyndman and Khandakar 2008.
 */
public final class AutoArimaEngine implements Engine {
    public static final String ID = "auto-arima";

    private static final String FAMILY = "sarimax(";
    /** The cost grows with the season; longer ones are better taken out before. */
    private static final int LONGEST_SEASON = 60;
    /** Orders are chosen on the last values only. */
    private static final int LONGEST_HISTORY = 1000;
    /** A root this near the unit circle makes a model of little use. */
    private static final double NEARLY_ONE = 0.995;

    private final Function<String, Engine> engines;

    /** @param engines by the id of a fitted model */
    public AutoArimaEngine(Function<String, Engine> engines) {
        this.engines = requireNonNull(engines, "engines");
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean serves(FittedModel model) {
        return model.id().startsWith(FAMILY);
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Regressors regressors = request.regressors();
        int size = request.history().size();
        if (regressors != null && !regressors.known(size, size + request.horizon())) {
            return fit(request.withRegressors(null))
                    .withFallbackReason("the regressors are not known for the next %d steps, they were left out"
                            .formatted(request.horizon()));
        }
        ForecastRequest recent = request.latest(LONGEST_HISTORY);
        if (Arrays.stream(recent.history().values()).allMatch(Double::isNaN)) {
            throw new CannotFit("the last %d values are all missing".formatted(LONGEST_HISTORY));
        }
        Sample sample = Sample.of(recent);
        double[] filled = sample.filled();
        int season = request.season() <= LONGEST_SEASON && filled.length > 2 * request.season() ? request.season() : 1;
        Differencing differencing = Differencing.of(filled, season);
        double[][] columns = sample.regressors(recent);
        OrderSearch search = new OrderSearch(differencing, season, order -> criterion(order, sample, columns));
        SarimaOrder order = search.search();
        return explained(new SarimaxEngine(order).fit(request), order, differencing, search.models());
    }

    private static double criterion(SarimaOrder order, Sample sample, double[][] columns) {
        if (sample.observed() < SarimaxEngine.needed(order, columns.length)) {
            return Double.POSITIVE_INFINITY;
        }
        SarimaEstimator.Estimate estimate = SarimaEstimator.quick(order, sample.values(), columns);
        boolean useful = estimate.usable() && estimate.identified() && estimate.nearestRoot() < NEARLY_ONE;
        return !useful
                ? Double.POSITIVE_INFINITY
                : estimate.parameters().variance() == 0 ? -Double.MAX_VALUE : estimate.aicc();
    }

    private static FittedModel explained(FittedModel model, SarimaOrder order, Differencing differencing, int models) {
        String tests = "%s across seasons and %s from step to step"
                .formatted(times(differencing.seasonalD()), times(differencing.d()));
        return new FittedModel(
                model.id(),
                model.version(),
                model.parameters(),
                model.logLikelihood(),
                model.aicc(),
                model.trainedFrom(),
                model.trainedUntil(),
                model.observations(),
                model.members(),
                model.fallbackReason(),
                String.format(
                        Locale.ROOT,
                        "Tests asked for differences %s; of %d orders tried, %s has the least AICc.",
                        tests,
                        models,
                        order.spec()));
    }

    private static String times(int count) {
        return count == 0 ? "never" : count == 1 ? "once" : "twice";
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        return engines.apply(model.id()).path(model, request);
    }
}

package io.smartdata.core.forecast.engine;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.util.Arrays;

/**
 * Another engine on the logarithms of a positive series, whose ups and downs grow with its level. The prediction is the
 * median; the exponential keeps it and every other quantile.
 */
public final class LogEngine extends OuterEngine {
    public static final String PREFIX = "log:";

    public LogEngine(Engine inner) {
        super(PREFIX, Inside.ITSELF, inner);
    }

    public static boolean possible(ForecastRequest request) {
        return Arrays.stream(request.history().values()).noneMatch(value -> value <= 0);
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        FittedModel model = inner.fit(logarithms(request));
        return new FittedModel(
                PREFIX + model.id(),
                model.version(),
                model.parameters(),
                null,
                null,
                model.trainedFrom(),
                model.trainedUntil(),
                model.observations(),
                model.members(),
                model.fallbackReason(),
                model.explanation() + " It works on logarithms.");
    }

    private ForecastRequest logarithms(ForecastRequest request) throws CannotFit {
        if (!possible(request)) {
            throw new CannotFit(id() + " needs values above zero");
        }
        TimeSeries history = request.history();
        double[] logs = Arrays.stream(history.values()).map(Math::log).toArray();
        return request.withHistory(
                TimeSeries.of(history.start(), history.step(), history.unit(), history.zone(), logs));
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        Path path = inner.path(within(model), logarithms(request));
        double[] mean = Arrays.stream(path.mean()).map(Math::exp).toArray();
        Quantiles logs = path.quantiles();
        return new Path(mean, (step, probability) -> Math.exp(logs.at(step, probability)));
    }
}

package io.smartdata.core.forecast.engine;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Another engine on a power of a positive series, chosen by Guerrero's method between logarithms and the values as they are.
 * The prediction is the mean, corrected for the bend of the power; quantiles are carried back as they are.
 */
public final class BoxCoxEngine extends OuterEngine {
    public static final String PREFIX = "boxcox:";
    /** Powers below zero have no inverse for high values, powers above one are hardly ever meant. */
    private static final double LEAST = 0;

    private static final double MOST = 1;
    /** Two cycles of the shortest season. */
    private static final int FEWEST = 4;

    private static final String LAMBDA = "lambda";
    /** Probability of a value one deviation above the mean. */
    private static final double ONE_ABOVE = 0.8413447;
    /** The correction may not lift the mean above this quantile. */
    private static final double HIGHEST_MEAN = 0.9;

    public BoxCoxEngine(Engine inner) {
        super(PREFIX, Inside.MEMBER, inner);
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double[] filled = sample.filled();
        if (!LogEngine.possible(request) || filled.length < FEWEST) {
            throw new CannotFit("%s needs %d values, all above zero".formatted(id(), FEWEST));
        }
        int season = 2 * request.season() <= filled.length ? Math.max(2, request.season()) : 2;
        BoxCox power = BoxCox.guerrero(filled, season, LEAST, MOST);
        FittedModel model = inner.fit(transformed(request, power));
        return sample.model(
                request,
                PREFIX + model.id(),
                Map.of(LAMBDA, power.lambda()),
                null,
                null,
                List.of(model),
                model.explanation()
                        + String.format(Locale.ROOT, " It works on values to the power of %.2f.", power.lambda()));
    }

    private ForecastRequest transformed(ForecastRequest request, BoxCox power) throws CannotFit {
        if (!LogEngine.possible(request)) {
            throw new CannotFit(id() + " needs values above zero");
        }
        TimeSeries history = request.history();
        double[] values = Arrays.stream(history.values()).map(power::of).toArray();
        return request.withHistory(
                TimeSeries.of(history.start(), history.step(), history.unit(), history.zone(), values));
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        BoxCox power = new BoxCox(ConstantEngine.parameter(model, LAMBDA));
        Path path = inner.path(within(model), transformed(request, power));
        Quantiles quantiles = path.quantiles();
        double[] mean = new double[path.mean().length];
        for (int h = 0; h < mean.length; h++) {
            double deviation = (quantiles.at(h, ONE_ABOVE) - quantiles.at(h, 1 - ONE_ABOVE)) / 2;
            double median = power.inverse(path.mean()[h]);
            double highest = Math.max(median, power.inverse(quantiles.at(h, HIGHEST_MEAN)));
            mean[h] = Math.min(highest, power.inverseMean(path.mean()[h], deviation));
        }
        return new Path(mean, (step, probability) -> power.inverse(quantiles.at(step, probability)));
    }
}

package io.smartdata.core.forecast.decomposition;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Continuation;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.OuterEngine;
import io.smartdata.core.forecast.engine.Quantiles;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Another engine on the series without its seasons; the last cycle of each season is expected to repeat. For several
 * seasons at once and for long ones. Gaps are filled along straight lines for the decomposition only.
 */
public final class MstlEngine extends OuterEngine {
    public static final String PREFIX = "mstl:";
    /** Cycles a season needs to be told from the trend. */
    private static final int FEWEST_CYCLES = 2;

    private static final String CYCLE = "cycle.";
    /**
     * Of the intervals: the seasons took noise out of the series that the engine within never saw, and carry it into what
     * they add.
     */
    private static final String WIDENING = "widening";

    public MstlEngine(Engine inner) {
        super(PREFIX, Inside.MEMBER, inner);
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double[] filled = sample.filled();
        List<Integer> periods = request.seasons().stream()
                .filter(season -> filled.length >= FEWEST_CYCLES * season)
                .toList();
        double[][] seasons = Mstl.of(filled, periods).seasons();
        double[] adjusted = sample.values().clone();
        for (double[] season : seasons) {
            Arrays.setAll(adjusted, t -> adjusted[t] - season[t]);
        }
        if (Arrays.stream(seasons).flatMapToDouble(Arrays::stream).anyMatch(it -> !Double.isFinite(it))) {
            throw new CannotFit("the values are too large for " + id());
        }
        FittedModel model = inner.fit(onto(request, sample.start(), adjusted));
        Map<String, Double> parameters = new LinkedHashMap<>();
        double widening = 1;
        for (int i = 0; i < seasons.length; i++) {
            int period = periods.get(i);
            for (int k = 0; k < period; k++) {
                parameters.put(CYCLE + period + "." + k, seasons[i][filled.length - period + k]);
            }
            double leverage = Mstl.leverage(i, (double) filled.length / period);
            widening *= Math.sqrt((1 + leverage) / (1 - leverage));
        }
        parameters.put(WIDENING, widening);
        return sample.model(
                request,
                PREFIX + model.id(),
                parameters,
                null,
                null,
                List.of(model),
                explanation(model, request, periods));
    }

    private static String explanation(FittedModel model, ForecastRequest request, List<Integer> periods) {
        if (periods.isEmpty()) {
            return model.explanation()
                    + (request.seasons().isEmpty()
                            ? " There is no season to take out."
                            : " There are too few values to take a season out.");
        }
        return model.explanation()
                + " Cycles of %s steps were taken out before and repeat."
                        .formatted(periods.stream().map(String::valueOf).collect(Collectors.joining(" and ")));
    }

    private static ForecastRequest onto(ForecastRequest request, int start, double[] adjusted) {
        TimeSeries history = request.history();
        var regressors = request.regressors();
        return request.withHistory(TimeSeries.of(
                        history.localTime(start), history.step(), history.unit(), history.zone(), adjusted))
                .withRegressors(regressors == null ? null : regressors.from(start))
                .withSeasons(List.of());
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        List<double[]> cycles = cycles(model);
        TimeSeries history = request.history();
        // places are counted from the end of the training: the first of a cycle belongs to the value after it
        long origin = -Continuation.index(history, model.trainedUntil());
        double[] adjusted = history.values();
        Arrays.setAll(adjusted, t -> adjusted[t] - season(cycles, origin + t));
        Path path = inner.path(within(model), onto(request, 0, adjusted));
        long next = origin + adjusted.length;
        double[] mean = path.mean().clone();
        Arrays.setAll(mean, h -> mean[h] + season(cycles, next + h));
        Quantiles quantiles = path.quantiles();
        double widening = ConstantEngine.parameter(model, WIDENING);
        double[] center = path.mean();
        return new Path(
                mean, (step, probability) -> mean[step] + widening * (quantiles.at(step, probability) - center[step]));
    }

    private static double season(List<double[]> cycles, long place) {
        double sum = 0;
        for (double[] cycle : cycles) {
            sum += cycle[(int) Math.floorMod(place, (long) cycle.length)];
        }
        return sum;
    }

    private static List<double[]> cycles(FittedModel model) {
        Map<String, List<Double>> byPeriod = model.parameters().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(CYCLE))
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().substring(0, entry.getKey().lastIndexOf('.')),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        return byPeriod.values().stream()
                .map(cycle -> cycle.stream().mapToDouble(Double::doubleValue).toArray())
                .toList();
    }
}

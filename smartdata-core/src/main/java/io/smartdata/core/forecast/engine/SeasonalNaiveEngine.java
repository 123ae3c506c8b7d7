package io.smartdata.core.forecast.engine;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The value of one season ago, or the latest one observed at that place of the cycle. The interval comes from the
 * differences between one cycle and the next and widens with the square root of the cycles ahead.
 */
public final class SeasonalNaiveEngine implements Engine {
    public static final String ID = "seasonal-naive";
    private static final String SEASON = "season";
    private static final String VARIANCE = "sigma2";
    /** Below this many differences the interval would be a guess. */
    private static final int FEWEST_DIFFERENCES = 3;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double[] y = sample.values();
        int season = request.season();
        double squares = 0;
        int differences = 0;
        for (int t = season; t < y.length; t++) {
            double difference = y[t] - y[t - season];
            if (!Double.isNaN(difference)) {
                squares += difference * difference;
                differences++;
            }
        }
        if (differences < FEWEST_DIFFERENCES) {
            throw new CannotFit("seasonal-naive needs %d pairs of values %d steps apart, there are %d"
                    .formatted(FEWEST_DIFFERENCES, season, differences));
        }
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put(SEASON, (double) season);
        parameters.put(VARIANCE, squares / differences);
        return sample.model(
                request,
                ID,
                parameters,
                null,
                null,
                List.of(),
                season == 1
                        ? "The last observed value is expected to go on."
                        : "The last observed cycle of %d steps is expected to repeat.".formatted(season));
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        double[] y = Sample.of(request).values();
        int season = (int) ConstantEngine.parameter(model, SEASON);
        double variance = ConstantEngine.parameter(model, VARIANCE);
        double[] mean = new double[request.horizon()];
        double[] deviation = new double[mean.length];
        for (int h = 0; h < mean.length; h++) {
            int t = y.length + h % season - season;
            int cycles = h / season + 1;
            while (t >= 0 && Double.isNaN(y[t])) {
                t -= season;
                cycles++;
            }
            mean[h] = t >= 0 ? y[t] : lastObserved(y);
            deviation[h] = Math.sqrt(variance * cycles);
        }
        return Path.normal(mean, deviation);
    }

    private static double lastObserved(double[] y) {
        int t = y.length - 1;
        while (Double.isNaN(y[t])) {
            t--;
        }
        return y[t];
    }
}

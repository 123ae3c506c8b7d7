package io.smartdata.core.forecast.engine;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.List;
import java.util.Map;

/**
 * The same value for every step: the last one or the mean of all, whichever foretold the next value better so far. The
 * interval comes from those one-step errors: it widens with the square root of the step for the last value, and stays
 * for the mean. A constant or single value has intervals of zero width.
 */
public final class ConstantEngine implements Engine {
    public static final String ID = "constant";
    private static final String MEAN_SHARE = "mean_share";
    private static final String VARIANCE = "sigma2";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double sum = 0;
        double last = 0;
        double lastErrors = 0;
        double meanErrors = 0;
        int n = 0;
        for (double value : sample.values()) {
            if (Double.isNaN(value)) {
                continue;
            }
            if (n > 0) {
                lastErrors += (value - last) * (value - last);
                meanErrors += (value - sum / n) * (value - sum / n);
            }
            sum += value;
            last = value;
            n++;
        }
        boolean mean = meanErrors < lastErrors;
        double variance = n < 2 ? 0 : Math.min(meanErrors, lastErrors) / (n - 1);
        return sample.model(
                request,
                ID,
                Map.of(MEAN_SHARE, mean ? 1.0 : 0.0, VARIANCE, Double.isFinite(variance) ? variance : Double.MAX_VALUE),
                null,
                null,
                List.of(),
                (mean ? "The mean of all %d observed values" : "The last of %d observed values").formatted(n)
                        + " is expected to go on.");
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        double[] values = Sample.of(request).values();
        double sum = 0;
        double last = 0;
        int n = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                sum += value;
                last = value;
                n++;
            }
        }
        boolean mean = parameter(model, MEAN_SHARE) == 1;
        double variance = parameter(model, VARIANCE);
        int horizon = request.horizon();
        double[] means = new double[horizon];
        double[] deviations = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            means[h] = mean ? sum / n : last;
            deviations[h] = Math.sqrt(variance * (mean ? 1 + 1.0 / n : h + 1));
        }
        return Path.normal(means, deviations);
    }

    public static double parameter(FittedModel model, String name) throws CannotFit {
        Double value = model.parameters().get(name);
        if (value == null) {
            throw new CannotFit("the stored model %s lacks the parameter %s".formatted(model.id(), name));
        }
        return value;
    }
}

package io.smartdata.core.forecast.engine;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The history from its first observation on.
 *
 * @param start index in the history of the first observation
 * @param values NaN = gap; the first is observed
 */
public record Sample(int start, double[] values) {
    /** @param request its history has at least one observation */
    public static Sample of(ForecastRequest request) {
        double[] all = request.history().values();
        int start = 0;
        while (Double.isNaN(all[start])) {
            start++;
        }
        return new Sample(start, Arrays.copyOfRange(all, start, all.length));
    }

    public int observed() {
        return (int) Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
    }

    /** Gaps filled along straight lines; before the first and after the last observation with its value. */
    public double[] filled() {
        double[] result = values.clone();
        int last = -1;
        for (int t = 0; t < result.length; t++) {
            if (!Double.isNaN(values[t])) {
                double from = values[Math.max(last, 0)];
                for (int gap = last + 1; gap < t; gap++) {
                    result[gap] = last < 0 ? values[t] : from + (values[t] - from) * (gap - last) / (t - last);
                }
                last = t;
            }
        }
        if (last >= 0) {
            Arrays.fill(result, last, result.length, values[last]);
        }
        return result;
    }

    /** The regressor columns from the first observation on, over history and future; empty if there are none. */
    public double[][] regressors(ForecastRequest request) {
        var regressors = request.regressors();
        if (regressors == null) {
            return new double[0][];
        }
        double[][] columns = new double[regressors.names().size()][regressors.rows() - start];
        for (int k = 0; k < columns.length; k++) {
            for (int t = 0; t < columns[k].length; t++) {
                columns[k][t] = regressors.value(start + t, k);
            }
        }
        return columns;
    }

    /**
     * A model learnt from all of this sample.
     *
     * @throws Engine.CannotFit if a parameter overflowed
     */
    public FittedModel model(
            ForecastRequest request,
            String id,
            Map<String, Double> parameters,
            @Nullable Double logLikelihood,
            @Nullable Double aicc,
            List<FittedModel> members,
            String explanation)
            throws Engine.CannotFit {
        if (!parameters.values().stream().allMatch(Double::isFinite)) {
            throw new Engine.CannotFit("the values are too large for " + id);
        }
        TimeSeries history = request.history();
        return new FittedModel(
                id,
                Engine.VERSION,
                parameters,
                logLikelihood,
                aicc,
                history.localTime(start),
                history.localTime(history.size()),
                observed(),
                members,
                null,
                explanation);
    }
}

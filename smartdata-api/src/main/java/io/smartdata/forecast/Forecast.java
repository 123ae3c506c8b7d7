package io.smartdata.forecast;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicted values with intervals, and what they rest on.
 *
 * @param model the model that was served
 * @param points one a step, step 1 first; empty only if the history has not one observation
 * @param fallbackReason why a simpler model than the one asked for was served; null if it was not
 * @param explanation one sentence for people
 * @since 0.1.0
 */
public record Forecast(
        FittedModel model,
        List<ForecastPoint> points,
        @Nullable String fallbackReason,
        String explanation) {
    public Forecast {
        requireNonNull(model, "model");
        requireNonNull(explanation, "explanation");
        points = List.copyOf(points);
    }

    /** The model that was served, for example {@code sarimax(1,1,1)(0,1,1)7}. */
    public String modelId() {
        return model.id();
    }

    /** Parameters of the model that was served. */
    public Map<String, Double> parameters() {
        return model.parameters();
    }

    /** Predicted means, step 1 first. */
    public double[] means() {
        return points.stream().mapToDouble(ForecastPoint::mean).toArray();
    }
}

package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.forecast.FittedModel;
import java.util.Map;

/**
 * What a Theta model knows at a moment.
 *
 * @param first value of the line at the first value
 * @param slope of the line
 * @param average of the values so far
 * @param count values so far
 */
record ThetaState(double level, double first, double slope, double average, int count) {
    /** The state of the series times a factor. */
    ThetaState scaled(double factor) {
        return new ThetaState(level * factor, first * factor, slope * factor, average * factor, count);
    }

    void store(String prefix, Map<String, Double> parameters) {
        parameters.put(prefix + "level", level);
        parameters.put(prefix + "first", first);
        parameters.put(prefix + "slope", slope);
        parameters.put(prefix + "average", average);
        parameters.put(prefix + "count", (double) count);
    }

    static ThetaState stored(String prefix, FittedModel model) throws CannotFit {
        return new ThetaState(
                ConstantEngine.parameter(model, prefix + "level"),
                ConstantEngine.parameter(model, prefix + "first"),
                ConstantEngine.parameter(model, prefix + "slope"),
                ConstantEngine.parameter(model, prefix + "average"),
                (int) ConstantEngine.parameter(model, prefix + "count"));
    }
}

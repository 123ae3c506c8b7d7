package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.forecast.FittedModel;
import java.util.Arrays;
import java.util.Map;

/**
 * What a model knows at a moment.
 *
 * @param slope 0 without a trend
 * @param season by steps ahead: the first belongs to the next value; length 1 without a season, then not used
 */
record EtsState(double level, double slope, double[] season) {
    /** The state of the series times a factor. */
    EtsState scaled(double factor, boolean product) {
        return new EtsState(
                level * factor,
                slope * factor,
                product ? season : Arrays.stream(season).map(it -> it * factor).toArray());
    }

    /** Adds it to the parameters of a model, all names with a prefix. */
    void store(String prefix, Map<String, Double> parameters) {
        parameters.put(prefix + "level", level);
        parameters.put(prefix + "slope", slope);
        for (int k = 0; k < season.length; k++) {
            parameters.put(prefix + "season." + k, season[k]);
        }
    }

    static EtsState stored(String prefix, FittedModel model) throws CannotFit {
        int length = 0;
        while (model.parameters().containsKey(prefix + "season." + length)) {
            length++;
        }
        double[] season = new double[length];
        for (int k = 0; k < length; k++) {
            season[k] = ConstantEngine.parameter(model, prefix + "season." + k);
        }
        return new EtsState(
                ConstantEngine.parameter(model, prefix + "level"),
                ConstantEngine.parameter(model, prefix + "slope"),
                season);
    }
}

package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.forecast.FittedModel;
import java.util.Arrays;
import java.util.Map;

/**
 * What complex smoothing knows at a moment.
 *
 * @param potential the imaginary part that carries trends
 * @param season by steps ahead, the first for the next value; length 1 without a season, then not used
 * @param potentials of the season, as long; zero unless it is a full one
 */
record CesState(double level, double potential, double[] season, double[] potentials) {
    CesState scaled(double factor) {
        return new CesState(level * factor, potential * factor, scaled(season, factor), scaled(potentials, factor));
    }

    /** The state for values that come in the opposite order of time. */
    CesState reversed() {
        return new CesState(level, potential, reversed(season), reversed(potentials));
    }

    private static double[] reversed(double[] values) {
        double[] result = new double[values.length];
        Arrays.setAll(result, k -> values[values.length - 1 - k]);
        return result;
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(it -> it * factor).toArray();
    }

    void store(String prefix, Map<String, Double> parameters) {
        parameters.put(prefix + "level", level);
        parameters.put(prefix + "potential", potential);
        for (int k = 0; k < season.length; k++) {
            parameters.put(prefix + "season." + k, season[k]);
            parameters.put(prefix + "potential." + k, potentials[k]);
        }
    }

    static CesState stored(String prefix, FittedModel model) throws CannotFit {
        int length = 0;
        while (model.parameters().containsKey(prefix + "season." + length)) {
            length++;
        }
        double[] season = new double[length];
        double[] potentials = new double[length];
        for (int k = 0; k < length; k++) {
            season[k] = ConstantEngine.parameter(model, prefix + "season." + k);
            potentials[k] = ConstantEngine.parameter(model, prefix + "potential." + k);
        }
        return new CesState(
                ConstantEngine.parameter(model, prefix + "level"),
                ConstantEngine.parameter(model, prefix + "potential"),
                season,
                potentials);
    }
}

package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.forecast.FittedModel;
import java.util.Map;

/**
 * What is known of a rare demand at a moment.
 *
 * @param size of a demand
 * @param interval steps from one demand to the next
 * @param probability of a demand in a step
 * @param waited steps since the last demand
 */
record DemandState(double size, double interval, double probability, int waited) {
    /** The state after one more step; a gap does not count as a step. */
    DemandState after(double value, double ofSize, double ofTime) {
        if (Double.isNaN(value)) {
            return this;
        }
        if (value == 0) {
            return new DemandState(size, interval, probability * (1 - ofTime), waited + 1);
        }
        return new DemandState(
                size + ofSize * (value - size),
                interval + ofTime * (waited + 1 - interval),
                probability + ofTime * (1 - probability),
                0);
    }

    void store(String prefix, Map<String, Double> parameters) {
        parameters.put(prefix + "size", size);
        parameters.put(prefix + "interval", interval);
        parameters.put(prefix + "probability", probability);
        parameters.put(prefix + "waited", (double) waited);
    }

    static DemandState stored(String prefix, FittedModel model) throws CannotFit {
        return new DemandState(
                ConstantEngine.parameter(model, prefix + "size"),
                ConstantEngine.parameter(model, prefix + "interval"),
                ConstantEngine.parameter(model, prefix + "probability"),
                (int) ConstantEngine.parameter(model, prefix + "waited"));
    }
}

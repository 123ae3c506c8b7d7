package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.Engine.CannotFit;
import java.util.Arrays;

/** A typical absolute value, by which a series is divided before its model is estimated. */
final class Scale {
    private Scale() {}

    /**
     * The mean absolute value.
     *
     * @param y NaN = gap
     * @throws CannotFit if all are zero or too small or large for arithmetic
     */
    static double of(double[] y, String model) throws CannotFit {
        double scale = Arrays.stream(y)
                .filter(it -> !Double.isNaN(it))
                .map(Math::abs)
                .average()
                .orElse(0);
        if (!(scale > Double.MIN_NORMAL && Double.isFinite(scale))) {
            throw new CannotFit(model + " needs values that are not all zero and whose sum is finite");
        }
        return scale;
    }

    static double[] divided(double[] y, double scale) {
        return Arrays.stream(y).map(it -> it / scale).toArray();
    }
}

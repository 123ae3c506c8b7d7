package io.smartdata.core.forecast.engine;

import java.util.List;
import org.apache.commons.math3.special.Erf;

/** The predicted distributions of the steps of a horizon. */
@FunctionalInterface
public interface Quantiles {
    /**
     * The value that the step stays below with a probability.
     *
     * @param step from 0
     * @param probability between 0 and 1, exclusive
     */
    double at(int step, double probability);

    /** @param deviation standard deviations, at least 0 */
    static Quantiles normal(double[] mean, double[] deviation) {
        return (step, probability) -> mean[step] + deviation[step] * standardNormal(probability);
    }

    /** Quantile by quantile the weighted mean of others (Vincent 1912). */
    static Quantiles weighted(List<Quantiles> parts, double[] weights) {
        return (step, probability) -> {
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                sum += weights[k] * parts.get(k).at(step, probability);
            }
            return sum;
        };
    }

    /** The quantile of the standard normal distribution. */
    static double standardNormal(double probability) {
        return Math.sqrt(2) * Erf.erfInv(2 * probability - 1);
    }
}

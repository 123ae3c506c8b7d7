package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.core.forecast.engine.Quantiles;
import io.smartdata.forecast.FittedModel;
import java.util.Arrays;
import java.util.Map;

/**
 * A fixed season taken out before a model and put back after it.
 *
 * @param indices one a place in the cycle, that of the first value learnt from first; length 1 without a season
 * @param ratios true if the season multiplies
 */
record SeasonalAdjustment(double[] indices, boolean ratios) {
    private static final SeasonalAdjustment NONE = new SeasonalAdjustment(new double[1], false);

    /**
     * Classical decomposition where the autocorrelation at the season is significant; as ratios where all values are above
     * zero.
     *
     * @param filled without NaN
     */
    static SeasonalAdjustment of(double[] filled, int season) {
        if (season == 1 || filled.length <= 2 * season || !ClassicalSeason.significant(filled, season)) {
            return NONE;
        }
        boolean ratios = Arrays.stream(filled).allMatch(value -> value > 0);
        return new SeasonalAdjustment(ClassicalSeason.indices(filled, season, ratios), ratios);
    }

    boolean seasonal() {
        return indices.length > 1;
    }

    /** @param from index of the first value, counted from the first learnt from */
    double[] without(double[] y, int from) {
        double[] result = new double[y.length];
        Arrays.setAll(result, t -> ratios ? y[t] / index(from + t) : y[t] - index(from + t));
        return result;
    }

    /** @param from index of the first step, counted from the first value learnt from */
    Path with(Path path, int from) {
        Quantiles inner = path.quantiles();
        return new Path(with(path.mean(), from), (step, probability) -> with(inner.at(step, probability), from + step));
    }

    private double[] with(double[] mean, int from) {
        double[] result = new double[mean.length];
        Arrays.setAll(result, h -> with(mean[h], from + h));
        return result;
    }

    private double with(double value, int t) {
        return ratios ? value * index(t) : value + index(t);
    }

    private double index(int t) {
        return indices[t % indices.length];
    }

    void store(Map<String, Double> parameters) {
        parameters.put("ratios", ratios ? 1.0 : 0.0);
        for (int k = 0; k < indices.length; k++) {
            parameters.put("season." + k, indices[k]);
        }
    }

    static SeasonalAdjustment stored(FittedModel model) throws CannotFit {
        double[] indices = model.parameters().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("season."))
                .mapToDouble(Map.Entry::getValue)
                .toArray();
        return new SeasonalAdjustment(indices, ConstantEngine.parameter(model, "ratios") == 1);
    }
}

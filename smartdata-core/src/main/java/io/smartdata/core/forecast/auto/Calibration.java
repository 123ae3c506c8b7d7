package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.core.forecast.engine.Quantiles;
import java.util.Arrays;
import java.util.List;

/**
 * By how much the intervals of a combination must be stretched to hold what they promise. The errors of the trials, in
 * units of the predicted deviations, say how much of them the intervals should have held; the fewer the trials the more
 * weight has what was found on other series, and the shorter the history the wider: its parameters are less certain.
 * Source: split conformal prediction (Vovk, Gammerman and Shafer 2005), shrunk.
 *
 * @param inner factor of the quantiles up to those of the 80 % interval
 * @param outer factor from those of the 95 % interval on; between them the product with the normal quantile is linear
 */
record Calibration(double inner, double outer) {
    private static final double INNER = Quantiles.standardNormal(0.9);
    private static final double OUTER = Quantiles.standardNormal(0.975);
    private static final double INNER_SHARE = 0.8;
    private static final double OUTER_SHARE = 0.95;

    /** Trials that the experience with other series weighs as much as. */
    private static final double EXPERIENCE = 12;

    private static final double USUAL_INNER = 0.9;
    private static final double USUAL_OUTER = 1.15;
    /** Extra width of a series of n values: this / n. */
    private static final double SHORTNESS = 5;

    private static final double NARROWEST = 0.3;
    private static final double WIDEST = 5;

    static Calibration of(List<Path> paths, Trials trials, int observed) {
        double[] sizes = sizes(paths, trials);
        double shortness = 1 + SHORTNESS / Math.max(SHORTNESS, observed);
        double inner = shortness * factor(sizes, INNER_SHARE, INNER, USUAL_INNER, paths.size());
        double outer = shortness * factor(sizes, OUTER_SHARE, OUTER, USUAL_OUTER, paths.size());
        return new Calibration(inner, Math.max(outer, inner * INNER / OUTER));
    }

    private static double factor(double[] sizes, double share, double quantile, double usual, int trials) {
        if (sizes.length == 0) {
            return usual;
        }
        double seen = sizes[(int) Math.min(sizes.length - 1, Math.ceil(share * sizes.length))] / quantile;
        double bounded = Math.max(NARROWEST, Math.min(WIDEST, seen));
        return Math.exp((EXPERIENCE * Math.log(usual) + trials * Math.log(bounded)) / (EXPERIENCE + trials));
    }

    /** Absolute errors in predicted standard deviations, ascending. */
    private static double[] sizes(List<Path> paths, Trials trials) {
        double[] result = new double[paths.size() * trials.stretch()];
        int n = 0;
        for (int k = 0; k < paths.size(); k++) {
            Path path = paths.get(k);
            for (int h = 0; h < path.mean().length; h++) {
                double deviation =
                        (path.quantiles().at(h, 0.9) - path.quantiles().at(h, 0.1)) / (2 * INNER);
                double size = Math.abs(trials.actual()[trials.origins().get(k) + h] - path.mean()[h]) / deviation;
                if (Double.isFinite(size)) {
                    result[n++] = size;
                }
            }
        }
        result = Arrays.copyOf(result, n);
        Arrays.sort(result);
        return result;
    }

    /** As of a normal distribution with the same 80 % interval. */
    static double deviation(Quantiles quantiles, int step) {
        return (quantiles.at(step, 0.9) - quantiles.at(step, 0.1)) / (2 * INNER);
    }

    /** The same path with stretched quantiles. */
    Path stretched(Path path) {
        double[] mean = path.mean();
        return new Path(
                mean,
                (step, probability) ->
                        mean[step] + factor(probability) * (path.quantiles().at(step, probability) - mean[step]));
    }

    private double factor(double probability) {
        double size = Math.abs(Quantiles.standardNormal(probability));
        if (size <= INNER) {
            return inner;
        }
        if (size >= OUTER) {
            return outer;
        }
        double between = (size - INNER) / (OUTER - INNER);
        return (INNER * inner + between * (OUTER * outer - INNER * inner)) / size;
    }
}

package io.smartdata.core.forecast.smoothing;

import java.util.Arrays;

/** First guesses of the states before the first value, which the estimation refines. */
final class EtsStart {
    /** Values the first level and slope are taken from. */
    private static final int FIRST = 10;

    private EtsStart() {}

    /**
     * The classical seasonal indices; level and slope by a straight line through the first adjusted values (Hyndman,
     * Koehler, Snyder and Grose 2002).
     *
     * @param filled without NaN, at least two cycles for a seasonal form
     */
    static EtsState of(EtsForm form, int season, double[] filled) {
        double[] indices = new double[season];
        double[] adjusted = filled;
        if (form.seasonal()) {
            indices = ClassicalSeason.indices(filled, season, form.product());
            adjusted = ClassicalSeason.adjusted(filled, indices, form.product());
        }
        int n = Math.min(FIRST, adjusted.length);
        double mean = Arrays.stream(adjusted, 0, n).average().orElse(0);
        if (!form.trended()) {
            return new EtsState(mean, 0, indices);
        }
        double middle = (n - 1) / 2.0;
        double above = 0;
        double below = 0;
        for (int t = 0; t < n; t++) {
            above += (t - middle) * adjusted[t];
            below += (t - middle) * (t - middle);
        }
        double slope = below == 0 ? 0 : above / below;
        double level = mean - slope * (middle + 1);
        return form.needsPositive() && !(level > 0)
                ? new EtsState(mean, 0, indices)
                : new EtsState(level, slope, indices);
    }
}

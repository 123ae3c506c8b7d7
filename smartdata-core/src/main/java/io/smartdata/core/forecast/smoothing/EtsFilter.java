package io.smartdata.core.forecast.smoothing;

/**
 * The recursion of exponential smoothing in error correction form (Hyndman et al. 2008, chapter 2). It is the same for
 * additive and multiplicative errors: only the likelihood tells them apart.
 */
final class EtsFilter {
    private final boolean product;
    private final boolean seasonal;
    private final double alpha;
    private final double beta;
    private final double gamma;
    private final double phi;
    private final double[] season;
    private int place;
    private double level;
    private double slope;

    EtsFilter(EtsForm form, EtsSmoothing smoothing, EtsState start) {
        product = form.product();
        seasonal = form.seasonal();
        alpha = smoothing.alpha();
        beta = smoothing.beta();
        gamma = smoothing.gamma();
        phi = smoothing.phi();
        level = start.level();
        slope = start.slope();
        season = start.season().clone();
    }

    /** Level and trend of the next value, before the season. */
    double base() {
        return level + phi * slope;
    }

    /** The season of the next value. */
    double season() {
        return season[place];
    }

    /** Prediction of the next value. */
    double mean() {
        return mean(base(), season[place]);
    }

    private double mean(double base, double now) {
        return !seasonal ? base : product ? base * now : base + now;
    }

    /** Moves on by a value; NaN is a gap and changes nothing but the time. */
    void next(double value) {
        double base = base();
        double now = season[place];
        slope *= phi;
        level = base;
        if (!Double.isNaN(value)) {
            double error = value - mean(base, now);
            double ofBase = product ? error / now : error;
            level += alpha * ofBase;
            slope += beta * ofBase;
            if (seasonal) {
                season[place] += gamma * (product ? error / base : error);
            }
        }
        place = place + 1 == season.length ? 0 : place + 1;
    }

    /** The states after all values so far. */
    EtsState state() {
        double[] ahead = new double[season.length];
        for (int k = 0; k < ahead.length; k++) {
            ahead[k] = season[(place + k) % season.length];
        }
        return new EtsState(level, slope, ahead);
    }
}

package io.smartdata.core.forecast.smoothing;

import java.util.Arrays;

/**
 * Where the parameters of a form stand in the vector an optimiser sees, and their bounds. The trend's smoothing is given
 * as a part of alpha and that of the season as a part of 1 - alpha, so that the usual region (Hyndman et al. 2008, section
 * 2.5) is a box. One seasonal state is what the others leave: they sum to zero, or to the season if they multiply.
 *
 * @param season length of the cycle, 1 without one
 */
record EtsLayout(EtsForm form, int season) {
    private static final double SMALLEST = 1e-4;
    private static final double LEAST_DAMPED = 0.98;
    private static final double MOST_DAMPED = 0.8;
    /** Scaled values are of order one. */
    private static final double LARGEST_STATE = 1e3;

    static final int ALPHA = 0;

    /** Trend smoothing over alpha. */
    int beta() {
        return form.trended() ? 1 : -1;
    }

    /** Season smoothing over 1 - alpha. */
    int gamma() {
        return form.seasonal() ? 1 + (form.trended() ? 1 : 0) : -1;
    }

    int phi() {
        return damped() ? 2 + (form.seasonal() ? 1 : 0) : -1;
    }

    int level() {
        return 1 + (form.trended() ? 1 : 0) + (form.seasonal() ? 1 : 0) + (damped() ? 1 : 0);
    }

    int slope() {
        return form.trended() ? level() + 1 : -1;
    }

    /** The first of {@code season - 1} seasonal states. */
    int seasons() {
        return level() + (form.trended() ? 2 : 1);
    }

    int size() {
        return seasons() + (form.seasonal() ? season - 1 : 0);
    }

    private boolean damped() {
        return form.trend() == EtsForm.Trend.DAMPED;
    }

    double[] lower() {
        double[] bounds = filled(-LARGEST_STATE);
        Arrays.fill(bounds, 0, level(), SMALLEST);
        if (damped()) {
            bounds[phi()] = MOST_DAMPED;
        }
        return bounds;
    }

    double[] upper() {
        double[] bounds = filled(LARGEST_STATE);
        Arrays.fill(bounds, 0, level(), 1 - SMALLEST);
        if (damped()) {
            bounds[phi()] = LEAST_DAMPED;
        }
        return bounds;
    }

    private double[] filled(double value) {
        double[] result = new double[size()];
        Arrays.fill(result, value);
        return result;
    }

    /** The constants of smoothing in a vector. */
    EtsSmoothing smoothing(double[] x) {
        double alpha = x[ALPHA];
        return new EtsSmoothing(
                alpha,
                form.trended() ? alpha * x[beta()] : 0,
                form.seasonal() ? (1 - alpha) * x[gamma()] : 0,
                damped() ? x[phi()] : 1);
    }

    /** The states before the first value in a vector. */
    EtsState start(double[] x) {
        double[] states = new double[season];
        if (form.seasonal()) {
            states[season - 1] = form.product() ? season : 0;
            for (int k = 0; k < season - 1; k++) {
                states[k] = x[seasons() + k];
                states[season - 1] -= states[k];
            }
        }
        return new EtsState(x[level()], form.trended() ? x[slope()] : 0, states);
    }

    /** The vector of constants and states. */
    double[] vector(double alpha, double betaPart, double gammaPart, double phi, EtsState start) {
        double[] x = new double[size()];
        x[ALPHA] = alpha;
        x[level()] = start.level();
        if (form.trended()) {
            x[beta()] = betaPart;
            x[slope()] = start.slope();
        }
        if (damped()) {
            x[phi()] = phi;
        }
        if (form.seasonal()) {
            x[gamma()] = gammaPart;
            System.arraycopy(start.season(), 0, x, seasons(), season - 1);
        }
        return x;
    }
}

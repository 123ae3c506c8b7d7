package io.smartdata.core.forecast.smoothing;

/**
 * The Theta model in state space form (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016): simple exponential
 * smoothing plus a share of the straight line through the data, which is fixed or follows the data as they come.
 */
final class ThetaFilter {
    private final double alpha;
    private final double share;
    private final boolean dynamic;
    private double level;
    private double first;
    private double slope;
    private double average;
    private int count;
    /** Weight of what was before the first value: (1 - alpha) to the power of the values so far. */
    private double power;

    /**
     * @param share of the line, 1 - 1/theta
     * @param dynamic true if the line is the regression on the values so far
     */
    ThetaFilter(double alpha, double share, boolean dynamic, ThetaState start) {
        this.alpha = alpha;
        this.share = share;
        this.dynamic = dynamic;
        level = start.level();
        first = start.first();
        slope = start.slope();
        average = start.average();
        count = start.count();
        power = Math.pow(1 - alpha, count);
    }

    /** Prediction of the next value. */
    double mean() {
        return level + share * (power * first + (1 - power) / alpha * slope);
    }

    /** Moves on by a value; a gap counts as the value predicted. */
    void next(double value) {
        double y = Double.isNaN(value) ? mean() : value;
        level += alpha * (y - level);
        power *= 1 - alpha;
        count++;
        if (dynamic) {
            slope = count == 1 ? 0 : ((count - 2) * slope + 6.0 / count * (y - average)) / (count + 1);
            average += (y - average) / count;
            first = average - (count - 1) / 2.0 * slope;
        }
    }

    ThetaState state() {
        return new ThetaState(level, first, slope, average, count);
    }
}

package io.smartdata.core.forecast.reliability;

import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.Interval;
import java.util.List;
import java.util.Optional;

/** Running sums of forecast errors; each compared step counts once. */
final class Errors {
    private int points;
    private double absolute;
    private double squared;
    private double signed;
    private double symmetric;
    private double relative;
    private double actuals;
    private int zeros;
    private double scaled;
    private int unscaled;
    private int inside;
    private int judged;

    /** @param scale mean absolute seasonal difference of the training part; 0 or NaN if there is none */
    void add(double actual, ForecastPoint point, double scale) {
        double error = point.mean() - actual;
        double size = Math.abs(error);
        double sum = Math.abs(actual) + Math.abs(point.mean());
        points++;
        absolute += size;
        squared += error * error;
        signed += error;
        symmetric += sum == 0 ? 0 : 200 * size / sum;
        actuals += Math.abs(actual);
        if (actual == 0) {
            zeros++;
        } else {
            relative += 100 * size / Math.abs(actual);
        }
        if (scale > 0) {
            scaled += size / scale;
        } else {
            unscaled++;
        }
        List<Interval> intervals = point.intervals();
        if (!intervals.isEmpty()) {
            judged++;
            inside += intervals.get(intervals.size() - 1).contains(actual) ? 1 : 0;
        }
    }

    void add(Errors other) {
        points += other.points;
        absolute += other.absolute;
        squared += other.squared;
        signed += other.signed;
        symmetric += other.symmetric;
        relative += other.relative;
        actuals += other.actuals;
        zeros += other.zeros;
        scaled += other.scaled;
        unscaled += other.unscaled;
        inside += other.inside;
        judged += other.judged;
    }

    /** Empty if nothing was compared. */
    Optional<ForecastErrors> summary() {
        return points == 0
                ? Optional.empty()
                : Optional.of(new ForecastErrors(
                        points,
                        absolute / points,
                        Math.sqrt(squared / points),
                        signed / points,
                        symmetric / points,
                        actuals == 0 ? null : absolute / actuals,
                        zeros > 0 ? null : relative / points,
                        unscaled > 0 ? null : scaled / points,
                        judged == 0 ? null : (double) inside / judged));
    }
}

package io.smartdata.benchmarks.forecast;

import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.Interval;
import java.util.Collection;

/**
 * How far one forecast was off, as the M4 organisers measured it.
 *
 * @param smape mean of 200 |y - f| / (|y| + |f|)
 * @param mase mean absolute error in units of the seasonal difference of the history
 * @param points compared
 * @param inside80 points within the 80 % interval; NaN without intervals
 * @param inside95 points within the 95 % interval; NaN without intervals
 * @param msis mean scaled interval score at 95 % (Gneiting and Raftery 2007); NaN without intervals
 * @param cpuSeconds of the thread that fitted and predicted
 */
record Score(double smape, double mase, int points, double inside80, double inside95, double msis, double cpuSeconds) {
    static Score of(Folder.Case it, Forecast forecast, double scale, double cpuSeconds) {
        Score errors = of(it.future(), forecast.means(), scale);
        double inside80 = 0;
        double inside95 = 0;
        double interval = 0;
        for (ForecastPoint point : forecast.points()) {
            double y = it.future()[point.step() - 1];
            if (!Double.isNaN(y)) {
                Interval wide = point.interval(95).orElseThrow();
                inside80 += point.interval(80).orElseThrow().contains(y) ? 1 : 0;
                inside95 += wide.contains(y) ? 1 : 0;
                interval += wide.upper()
                        - wide.lower()
                        + 2 / 0.05 * (Math.max(0, wide.lower() - y) + Math.max(0, y - wide.upper()));
            }
        }
        return new Score(
                errors.smape,
                errors.mase,
                errors.points,
                inside80,
                inside95,
                interval / errors.points / scale,
                cpuSeconds);
    }

    /** Without intervals and time. */
    static Score of(double[] actual, double[] predicted, double scale) {
        double symmetric = 0;
        double absolute = 0;
        int points = 0;
        for (int h = 0; h < actual.length; h++) {
            if (!Double.isNaN(actual[h])) {
                double error = Math.abs(actual[h] - predicted[h]);
                symmetric += error == 0 ? 0 : 200 * error / (Math.abs(actual[h]) + Math.abs(predicted[h]));
                absolute += error;
                points++;
            }
        }
        return new Score(
                symmetric / points, absolute / points / scale, points, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    boolean comparable() {
        return points > 0 && Double.isFinite(smape) && Double.isFinite(mase);
    }

    /** Means over series; the intervals weigh by points. */
    static Score mean(Collection<Score> scores) {
        double smape = 0;
        double mase = 0;
        double msis = 0;
        double inside80 = 0;
        double inside95 = 0;
        double cpu = 0;
        int points = 0;
        for (Score score : scores) {
            smape += score.smape / scores.size();
            mase += score.mase / scores.size();
            msis += score.msis / scores.size();
            cpu += score.cpuSeconds / scores.size();
            inside80 += score.inside80;
            inside95 += score.inside95;
            points += score.points;
        }
        return new Score(smape, mase, points, inside80, inside95, msis, cpu);
    }

    /** Relative to a reference on the same series, 1 = as good (M4). */
    double owa(Score reference) {
        return (smape / reference.smape + mase / reference.mase) / 2;
    }

    double coverage80() {
        return 100 * inside80 / points;
    }

    double coverage95() {
        return 100 * inside95 / points;
    }
}

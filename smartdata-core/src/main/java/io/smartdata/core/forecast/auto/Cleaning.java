package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.engine.Continuation;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A history without its accidents: values before a shift of the level are moved to the level after it, gross single
 * outliers are replaced by what their neighbours and their place in the cycle suggest. Source: Chen and Liu 1993 name the
 * kinds; here running medians judge them, so that an accident does not hide itself.
 *
 * @param values the cleaned values; NaN = gap
 * @param levelled the same with the outliers left in: what forecasts are judged by
 * @param shifts taken out, of the logarithms if {@code logarithms}
 * @param logarithms true if the values are all above zero, so that levels have ratios
 * @param replaced new values by index
 */
record Cleaning(
        double[] values, double[] levelled, List<Shift> shifts, boolean logarithms, Map<Integer, Double> replaced) {
    /** Robust standard deviations between a value and what was expected. */
    private static final double GROSS = 6;
    /** The last values may be the first of a new level: they are left alone. */
    private static final int LEFT_ALONE = 2;

    private static final int SHORTEST_SIDE = 14;
    private static final int FEWEST_VALUES = 28;
    private static final int FEWEST_CYCLES = 4;
    /** Neighbourhoods of longer cycles would be wide and dear; their values change slowly from step to step. */
    private static final int LONGEST_SEASON = 60;

    private static final int MOST_SHIFTS = 3;

    private static final String OUTLIER = "outlier.";
    private static final String SHIFT = "shift.";
    private static final String RATIO = "ratio.";

    /** Where influences are known, what looks like an accident may be one of them: nothing is taken out. */
    static Cleaning of(ForecastRequest request) {
        double[] y = request.history().values();
        int season = request.season() > LONGEST_SEASON ? 1 : request.season();
        if (request.regressors() != null || y.length < Math.max(FEWEST_VALUES, FEWEST_CYCLES * season)) {
            return new Cleaning(y, y, List.of(), false, Map.of());
        }
        boolean logarithms = positive(y);
        double[] levelled = logarithms ? logarithms(y) : y;
        List<Shift> shifts = new ArrayList<>();
        for (int round = 0; round < MOST_SHIFTS; round++) {
            double[] adjusted = Robust.minus(levelled, Robust.seasonal(levelled, season));
            Optional<Shift> shift = Shift.largest(adjusted, Math.max(SHORTEST_SIDE, 2 * season));
            if (shift.isEmpty()) {
                break;
            }
            shifts.add(shift.get());
            levelled = shift.get().undone(levelled);
        }
        return withoutOutliers(shifts.isEmpty() ? y : levelled(y, shifts, logarithms), season, shifts, logarithms);
    }

    private static boolean positive(double[] y) {
        return Arrays.stream(y).noneMatch(value -> value <= 0);
    }

    private static double[] logarithms(double[] y) {
        return Arrays.stream(y).map(Math::log).toArray();
    }

    private static double[] levelled(double[] y, List<Shift> shifts, boolean logarithms) {
        double[] result = logarithms ? logarithms(y) : y;
        for (Shift shift : shifts) {
            result = shift.undone(result);
        }
        return logarithms ? Arrays.stream(result).map(Math::exp).toArray() : result;
    }

    private static Cleaning withoutOutliers(double[] y, int season, List<Shift> shifts, boolean logarithms) {
        boolean[] gross = gross(y, season);
        if (logarithms) {
            // the peaks of a cycle that grows with the level are gross only before taking logarithms
            boolean[] grossLogs = gross(logarithms(y), season);
            for (int t = 0; t < gross.length; t++) {
                gross[t] &= grossLogs[t];
            }
        }
        double[] cleaned = y.clone();
        double[] expected = Robust.expected(y, season);
        Map<Integer, Double> replaced = new LinkedHashMap<>();
        for (int t = 0; t < y.length; t++) {
            if (gross[t]) {
                cleaned[t] = expected[t];
                replaced.put(t, expected[t]);
            }
        }
        return new Cleaning(cleaned, y, shifts, logarithms, replaced);
    }

    private static boolean[] gross(double[] y, int season) {
        double[] rest = Robust.minus(y, Robust.expected(y, season));
        double limit = GROSS * Robust.sigma(rest);
        boolean[] result = new boolean[y.length];
        for (int t = 0; limit > 0 && t < y.length - LEFT_ALONE; t++) {
            result[t] = Math.abs(rest[t]) > limit && unlike(y, t, t - season, limit) && unlike(y, t, t + season, limit);
        }
        return result;
    }

    /** What came in the cycle before or after, too, is no accident. */
    private static boolean unlike(double[] y, int t, int other, double limit) {
        return other < 0 || other >= y.length || !(Math.abs(y[t] - y[other]) <= limit);
    }

    /** What was taken out, by the steps before the end of the history. */
    Map<String, Double> parameters() {
        Map<String, Double> result = new LinkedHashMap<>();
        shifts.forEach(shift -> result.put((logarithms ? RATIO : SHIFT) + (values.length - shift.at()), shift.size()));
        replaced.forEach((t, value) -> result.put(OUTLIER + (values.length - t), value));
        return result;
    }

    /** The same taken out of a history that may have grown since; what is new is left as it is. */
    static ForecastRequest applied(FittedModel model, ForecastRequest request) {
        TimeSeries history = request.history();
        int end = (int) Continuation.index(history, model.trainedUntil());
        double[] values = history.values();
        for (Map.Entry<String, Double> it : model.parameters().entrySet()) {
            int from = Math.max(it.getKey().indexOf('.') + 1, 0);
            String kind = it.getKey().substring(0, from);
            if (kind.equals(OUTLIER) || kind.equals(SHIFT) || kind.equals(RATIO)) {
                values = applied(kind, end - Integer.parseInt(it.getKey().substring(from)), it.getValue(), values);
            }
        }
        return with(values, request);
    }

    private static double[] applied(String kind, int at, double value, double[] values) {
        if (at < 0 || at >= values.length) {
            return values; // a backtest may end before it happened
        }
        if (kind.equals(OUTLIER)) {
            values[at] = value;
            return values;
        }
        return levelled(values, List.of(new Shift(at, value)), kind.equals(RATIO));
    }

    /** The same question about the cleaned values. */
    ForecastRequest applied(ForecastRequest request) {
        return with(values, request);
    }

    private static ForecastRequest with(double[] values, ForecastRequest request) {
        TimeSeries history = request.history();
        return request.withHistory(
                TimeSeries.of(history.start(), history.step(), history.unit(), history.zone(), values));
    }
}

package io.smartdata.forecast;

import static java.util.Objects.requireNonNull;

import io.smartdata.series.TimeSeries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to predict from what.
 *
 * @param history observed values; NaN is a gap, never a zero
 * @param horizon number of steps to predict, at least 1
 * @param seasons lengths of the seasonal cycles in steps, shortest first, each at least 2; empty = none
 * @param levels interval levels in percent, each between 0 and 100, exclusive; may be empty
 * @param nonNegative true if the quantity cannot be below zero: means and bounds are cut off there
 * @param regressors known influences for the history and the horizon; null = none
 * @param previous a model of the same series learnt earlier, where an estimation may start from; null = none
 * @param seed seed of whatever is random in a forecaster; the built-in ones use no randomness
 * @since 0.1.0
 */
public record ForecastRequest(
        TimeSeries history,
        int horizon,
        List<Integer> seasons,
        List<Double> levels,
        boolean nonNegative,
        @Nullable Regressors regressors,
        @Nullable FittedModel previous,
        long seed) {
    private static final List<Double> USUAL_LEVELS = List.of(80.0, 95.0);

    public ForecastRequest {
        requireNonNull(history, "history");
        if (horizon < 1) {
            throw new IllegalArgumentException("horizon must be at least 1, was " + horizon);
        }
        seasons = seasons.stream().sorted().distinct().toList();
        levels = levels.stream().sorted().distinct().toList();
        if (!seasons.isEmpty() && seasons.get(0) < 2) {
            throw new IllegalArgumentException("a season has at least 2 steps, was " + seasons.get(0));
        }
        if (levels.stream().anyMatch(level -> !(level > 0 && level < 100))) {
            throw new IllegalArgumentException("levels are percentages between 0 and 100, were " + levels);
        }
        if (regressors != null && regressors.rows() < history.size()) {
            throw new IllegalArgumentException(
                    "regressors have %d rows, the history has %d values".formatted(regressors.rows(), history.size()));
        }
    }

    /** Levels 80 % and 95 %, the usual season of the grid (days 7, hours 24, months 12), nothing else. */
    public static ForecastRequest of(TimeSeries history, int horizon) {
        return new ForecastRequest(history, horizon, usualSeasons(history), USUAL_LEVELS, false, null, null, 0);
    }

    private static List<Integer> usualSeasons(TimeSeries history) {
        if (history.step() != 1) {
            return List.of();
        }
        return switch (history.unit()) {
            case DAYS -> List.of(7);
            case HOURS -> List.of(24);
            case MONTHS -> List.of(12);
            default -> List.of();
        };
    }

    /** The same question about other observations. */
    public ForecastRequest withHistory(TimeSeries other) {
        return new ForecastRequest(other, horizon, seasons, levels, nonNegative, regressors, previous, seed);
    }

    /** The same question with at most the last {@code values} values of the history. */
    public ForecastRequest latest(int values) {
        int from = Math.max(0, history.size() - values);
        return from == 0
                ? this
                : new ForecastRequest(
                        history.slice(from, history.size()),
                        horizon,
                        seasons,
                        levels,
                        nonNegative,
                        regressors == null ? null : regressors.from(from),
                        previous,
                        seed);
    }

    /** A copy with another number of steps. */
    public ForecastRequest withHorizon(int steps) {
        return new ForecastRequest(history, steps, seasons, levels, nonNegative, regressors, previous, seed);
    }

    /** A copy with other seasonal cycles, in steps. */
    public ForecastRequest withSeasons(List<Integer> lengths) {
        return new ForecastRequest(history, horizon, lengths, levels, nonNegative, regressors, previous, seed);
    }

    /** A copy with other interval levels, in percent. */
    public ForecastRequest withLevels(List<Double> percentages) {
        return new ForecastRequest(history, horizon, seasons, percentages, nonNegative, regressors, previous, seed);
    }

    /** A copy whose answers are (or are not) cut off at zero. */
    public ForecastRequest withNonNegative(boolean cutOff) {
        return new ForecastRequest(history, horizon, seasons, levels, cutOff, regressors, previous, seed);
    }

    /** A copy with known influences. */
    public ForecastRequest withRegressors(@Nullable Regressors known) {
        return new ForecastRequest(history, horizon, seasons, levels, nonNegative, known, previous, seed);
    }

    /**
     * A copy that says what was learnt earlier. A hint that may save time: what is learnt is as good without it.
     *
     * @param model by a forecaster of the same spec from earlier values of the series; null = none
     */
    public ForecastRequest withPrevious(@Nullable FittedModel model) {
        return new ForecastRequest(history, horizon, seasons, levels, nonNegative, regressors, model, seed);
    }

    /** A copy with another seed. */
    public ForecastRequest withSeed(long other) {
        return new ForecastRequest(history, horizon, seasons, levels, nonNegative, regressors, previous, other);
    }

    /** The shortest seasonal cycle in steps; 1 if there is none. */
    public int season() {
        return seasons.isEmpty() ? 1 : seasons.get(0);
    }
}

package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stretches of the history that models foretell from what is before them. A model is fitted once, to the whole history,
 * and only run here: its few parameters know a little of what they foretell, which {@link Calibration} allows for.
 * Source: rolling origins, Tashman 2000.
 *
 * @param request with the cleaned history
 * @param actual the history the predictions are judged by; NaN = gap
 * @param stretch steps foretold from an origin; fewer from those near the end
 * @param origins numbers of values before each stretch, latest first
 */
record Trials(ForecastRequest request, double[] actual, int stretch, List<Integer> origins) {
    private static final int MOST = 6;
    /** A stretch is at most this part of the history, so that most of it stays before the trials. */
    private static final int STRETCH_PART = 8;
    /** Values before the first origin: at least this part of the history, and this many cycles. */
    private static final int FIRST_PART = 3;

    private static final int FIRST_CYCLES = 2;
    private static final int FEWEST_BEFORE = 4;

    /** Origins half a horizon apart. */
    static Trials of(ForecastRequest request, double[] actual) {
        int size = request.history().size();
        int stretch = Math.max(1, Math.min(request.horizon(), size / STRETCH_PART));
        int apart = (stretch + 1) / 2;
        int first = Math.max(FEWEST_BEFORE, Math.max(size / FIRST_PART, FIRST_CYCLES * request.season()));
        List<Integer> origins = new ArrayList<>();
        for (int k = 1; k <= MOST && size - k * apart >= first; k++) {
            origins.add(size - k * apart);
        }
        return new Trials(request, actual, stretch, origins);
    }

    /** What a model foretells from each origin. */
    List<Path> run(Engine engine, FittedModel model) throws CannotFit {
        List<Path> result = new ArrayList<>();
        for (int origin : origins) {
            result.add(engine.path(
                    model,
                    request.withHistory(request.history().slice(0, origin))
                            .withHorizon(Math.min(stretch, actual.length - origin))));
        }
        return result;
    }

    /** Mean absolute error, every origin counting the same; 0 if nothing can be compared. */
    double error(List<Path> paths) {
        double sum = 0;
        int judged = 0;
        for (int k = 0; k < paths.size(); k++) {
            double[] mean = paths.get(k).mean();
            double absolute = 0;
            int points = 0;
            for (int h = 0; h < mean.length; h++) {
                double error = Math.abs(actual[origins.get(k) + h] - mean[h]);
                if (!Double.isNaN(error)) {
                    absolute += error;
                    points++;
                }
            }
            if (points > 0) {
                sum += absolute / points;
                judged++;
            }
        }
        return judged == 0 ? 0 : sum / judged;
    }

    /** Mean absolute value of what the predictions are judged by. */
    double scale() {
        return Arrays.stream(actual)
                .filter(value -> !Double.isNaN(value))
                .map(value -> Math.abs(value) / actual.length)
                .sum();
    }
}

package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDateTime;
import java.util.Arrays;

/**
 * The values a stored model has to go through before it can predict: those after its training, or all from where that
 * began if the history ends earlier.
 *
 * @param afterTraining true if the values follow the training, false if they begin with it
 * @param values NaN = gap
 */
record Continuation(boolean afterTraining, double[] values) {
    static Continuation of(FittedModel model, ForecastRequest request) throws CannotFit {
        TimeSeries history = request.history();
        int after = index(history, model.trainedUntil());
        int first = index(history, model.trainedFrom());
        if (after < 0 && first < 0) {
            throw new CannotFit("the history does not meet the training of %s from %s to %s"
                    .formatted(model.id(), model.trainedFrom(), model.trainedUntil()));
        }
        double[] values = history.values();
        return new Continuation(after >= 0, Arrays.copyOfRange(values, after >= 0 ? after : first, values.length));
    }

    /** Index of the grid point, the one just after the end included; -1 if there is none. */
    private static int index(TimeSeries history, LocalDateTime time) {
        long guess = history.unit().between(history.start(), time) / history.step();
        // a month counted from its 31st may end early
        for (long index = Math.max(0, guess); index <= Math.min(history.size(), guess + 1); index++) {
            if (history.localTime(index).equals(time)) {
                return (int) index;
            }
        }
        return -1;
    }
}

package io.smartdata.core.forecast.engine;

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
public record Continuation(boolean afterTraining, double[] values) {
    /** @throws CannotFit if the history begins after the training */
    public static Continuation of(FittedModel model, ForecastRequest request) throws CannotFit {
        TimeSeries history = request.history();
        long after = index(history, model.trainedUntil());
        long first = index(history, model.trainedFrom());
        boolean afterTraining = after >= 0 && after <= history.size();
        long from = afterTraining ? after : first;
        if (from < 0 || from > history.size()) {
            throw new CannotFit("the history does not meet the training of %s from %s to %s"
                    .formatted(model.id(), model.trainedFrom(), model.trainedUntil()));
        }
        double[] values = history.values();
        return new Continuation(afterTraining, Arrays.copyOfRange(values, (int) from, values.length));
    }

    /** Steps from the start of a history to a time on its grid, before and after it too. */
    public static long index(TimeSeries history, LocalDateTime time) {
        long guess = history.unit().between(history.start(), time) / history.step();
        // a month counted from its 31st may end early
        return history.localTime(guess + 1).equals(time) ? guess + 1 : guess;
    }
}

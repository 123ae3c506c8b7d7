package io.smartdata.core.forecast.reliability;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Reliability;
import io.smartdata.series.TimeSeries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rolling-origin backtest with an expanding window (Tashman 2000): the last {@code folds} blocks of the horizon's length
 * are predicted one after the other, each from everything before it. The forecaster learns before the first of them and
 * then only runs its model over the values that have come since, as it does when it serves; it learns anew where the history
 * has grown by half, as the model of a young series would.
 *
 * @since 0.1.0
 */
public final class RollingOrigin {
    /** Values before the first origin, at the least. */
    private static final int FEWEST_TRAINING = 8;

    private static final int FEWEST_FOLDS = 2;

    /** By this factor a history grows before a model learns anew. */
    private static final double GROWN = 1.5;

    private RollingOrigin() {}

    /**
     * Tries a forecaster on the history of a request, with its horizon, seasons, levels and regressors.
     *
     * @param folds origins wanted, at least 1; fewer are used if the history is too short for them
     * @return without folds if the history is too short; the score is null under two folds
     * @throws IllegalArgumentException if {@code folds} is below 1
     */
    public static Reliability of(Forecaster forecaster, ForecastRequest request, int folds) {
        if (folds < 1) {
            throw new IllegalArgumentException("folds must be at least 1, was " + folds);
        }
        TimeSeries history = request.history();
        List<Reliability.Fold> judged = new ArrayList<>();
        Errors total = new Errors();
        FittedModel model = null;
        int learntFrom = 0;
        for (int k = folds; k >= 1; k--) {
            int origin = history.size() - k * request.horizon();
            if (origin < FEWEST_TRAINING) {
                continue;
            }
            ForecastRequest past = request.withHistory(history.slice(0, origin));
            if (model == null || origin >= GROWN * learntFrom) {
                model = forecaster.fit(past);
                learntFrom = origin;
            }
            Forecast forecast = forecaster.forecast(model, past);
            Errors errors = errors(forecast, history, origin, request);
            errors.summary()
                    .ifPresent(summary -> judged.add(
                            new Reliability.Fold(forecast.modelId(), history.localTime(origin), origin, summary)));
            total.add(errors);
        }
        @Nullable ForecastErrors summary = total.summary().orElse(null);
        return new Reliability(
                forecaster.spec(),
                request.horizon(),
                judged,
                summary,
                summary == null || judged.size() < FEWEST_FOLDS ? null : score(summary));
    }

    private static Errors errors(Forecast forecast, TimeSeries history, int origin, ForecastRequest request) {
        double scale = seasonalDifference(history, origin, request.season());
        Errors errors = new Errors();
        forecast.points().forEach(point -> {
            double actual = history.value(origin + point.step() - 1);
            if (!Double.isNaN(actual)) {
                errors.add(actual, point, scale);
            }
        });
        return errors;
    }

    /** Mean absolute difference to the value one season before; NaN if there is none. */
    private static double seasonalDifference(TimeSeries history, int end, int season) {
        double sum = 0;
        int count = 0;
        for (int t = season; t < end; t++) {
            double difference = Math.abs(history.value(t) - history.value(t - season));
            if (!Double.isNaN(difference)) {
                sum += difference;
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /**
     * 100 (1 - WAPE), cut to 0..100; where the actuals are all zero 100 (1 - min(1, MASE / 2)); where that is unknown too,
     * 100 if nothing was wrong, else null.
     */
    private static @Nullable Integer score(ForecastErrors errors) {
        if (errors.wape() != null) {
            return (int) Math.round(Math.max(0, Math.min(100, 100 * (1 - errors.wape()))));
        }
        if (errors.mase() != null) {
            return (int) Math.round(100 * (1 - Math.min(1, errors.mase() / 2)));
        }
        return errors.mae() == 0 ? 100 : null;
    }
}

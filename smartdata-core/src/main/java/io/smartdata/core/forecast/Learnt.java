package io.smartdata.core.forecast;

import io.smartdata.core.forecast.engine.SeasonalNaiveEngine;
import io.smartdata.core.forecast.reliability.RollingOrigin;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Reliability;

/**
 * What serves from now on, and how good that very model has been.
 *
 * @param forecast its first one
 */
record Learnt(Forecast forecast, Reliability reliability) {
    /** Origins a backtest tries. */
    private static final int FOLDS = 5;

    /**
     * Learns; where the backtest of the model stays below the threshold, the seasonal naive forecast serves.
     *
     * @param threshold 0 to 100; 0 = never
     */
    static Learnt from(ForecastRequest request, String spec, int threshold) {
        Learnt asked = from(request, Forecasters.of(spec));
        Integer score = asked.reliability.score();
        if (score == null || score >= threshold || spec.equals(SeasonalNaiveEngine.ID)) {
            return asked;
        }
        Forecaster baseline = Forecasters.of(SeasonalNaiveEngine.ID);
        FittedModel model = baseline.fit(request.withPrevious(null));
        String reason = "%s scored %d of 100 in its backtest, less than the %d asked for, so %s serves"
                .formatted(spec, score, threshold, model.id());
        FittedModel known = model.withFallbackReason(
                model.fallbackReason() == null ? reason : reason + "; " + model.fallbackReason());
        return new Learnt(
                baseline.forecast(known, request), RollingOrigin.of(baseline, request.withPrevious(known), FOLDS));
    }

    /** What serves, with all reasons why it is that, so that they are known in later runs of it too. */
    FittedModel model() {
        String reason = forecast.fallbackReason();
        return reason == null ? forecast.model() : forecast.model().withFallbackReason(reason);
    }

    private static Learnt from(ForecastRequest request, Forecaster forecaster) {
        FittedModel model = forecaster.fit(request);
        return new Learnt(
                forecaster.forecast(model, request), RollingOrigin.of(forecaster, request.withPrevious(model), FOLDS));
    }
}

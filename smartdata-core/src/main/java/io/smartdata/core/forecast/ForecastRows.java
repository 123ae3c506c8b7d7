package io.smartdata.core.forecast;

import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.Grade;
import io.smartdata.forecast.Interval;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.series.TimeSeries;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.StoredModel;
import java.util.List;

/** Forecasts as the store keeps them. */
final class ForecastRows {
    private ForecastRows() {}

    /**
     * @param model what made it
     * @param series what tells how fresh it is
     */
    static StoredForecast of(StoredModel model, KpiSeries series, TimeSeries history, Forecast forecast) {
        List<StoredForecast.Point> points = forecast.points().stream()
                .map(point -> point(series.grain(), history, point))
                .toList();
        return new StoredForecast(
                model.series(),
                forecast.modelId(),
                forecast.fallbackReason(),
                model.reliabilityScore(),
                Grade.of(model.reliabilityScore()).label(),
                model.learntAt(),
                series.dataFreshAsOf(),
                points);
    }

    private static StoredForecast.Point point(Grain grain, TimeSeries history, ForecastPoint point) {
        Interval likely = point.interval(80).orElseThrow();
        Interval wide = point.interval(95).orElseThrow();
        return new StoredForecast.Point(
                bucket(grain, history, point),
                point.mean(),
                likely.lower(),
                likely.upper(),
                wide.lower(),
                wide.upper());
    }

    private static String bucket(Grain grain, TimeSeries history, ForecastPoint point) {
        return grain == Grain.HOUR
                ? point.localTime().toString().substring(0, 13)
                        + history.zone().getRules().getOffset(point.localTime())
                : point.localTime().toLocalDate().toString();
    }
}

package io.smartdata.core.forecast;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.forecast.reliability.RollingOrigin;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Interval;
import io.smartdata.forecast.Reliability;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.series.TimeSeries;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredForecast;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Forecasts of the KPIs of one org, with the measured reliability of the very model that is served.
 *
 * @since 0.1.0
 */
public final class Forecasts {
    /** The model spec used unless another is asked for. */
    public static final String DEFAULT_MODEL = "auto";

    /** Origins a backtest tries. */
    private static final int FOLDS = 5;

    private final Storage storage;
    private final Kpis kpis;
    private final Meters meters;
    private final Clock clock;
    private final OrgScope scope;

    public Forecasts(Storage storage, Kpis kpis, Meters meters, Clock clock, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.kpis = requireNonNull(kpis, "kpis");
        this.meters = requireNonNull(meters, "meters");
        this.clock = requireNonNull(clock, "clock");
        this.scope = requireNonNull(scope, "scope");
    }

    /**
     * A forecast and how good its model has been.
     *
     * @param history what was learnt from
     * @param forecast the forecast
     * @param reliability of the same model on the same history
     */
    public record Served(TimeSeries history, Forecast forecast, Reliability reliability) {}

    /** As {@link #forecast(String, int, String)} with the model {@code auto}. */
    public Served forecast(String kpi, int horizon) {
        return forecast(kpi, horizon, DEFAULT_MODEL);
    }

    /**
     * Learns from the whole history of a KPI, complete buckets only, predicts, measures the model by rolling origin, and
     * keeps the result in place of the KPI's earlier forecast.
     *
     * @param horizon steps in the KPI's grain, at least 1
     * @param model spec as {@link Forecasters#of} takes it
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code unknown_model},
     *     {@code not_permitted} without {@link Permission#VIEW} and {@link Permission#OPERATE}
     */
    public Served forecast(String kpi, int horizon, String model) {
        scope.require(Permission.OPERATE);
        Forecaster forecaster = Forecasters.of(model);
        KpiSeries series = completeHistory(kpi);
        TimeSeries history = series.toTimeSeries();
        ForecastRequest request = ForecastRequest.of(history, horizon).withNonNegative(isNonNegative(history));
        long start = System.nanoTime();
        Forecast forecast = forecaster.forecast(request);
        Reliability reliability = RollingOrigin.of(forecaster, request, FOLDS);
        meters.forecastFit(forecast.modelId(), Duration.ofNanos(System.nanoTime() - start));
        storage.results().replaceForecast(scope, stored(kpi, series, history, forecast, reliability));
        return new Served(history, forecast, reliability);
    }

    /**
     * The forecast made last; never learns anew.
     *
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public Optional<StoredForecast> latest(String kpi) {
        scope.require(Permission.VIEW);
        return meters.query("forecast", () -> storage.results().forecast(scope, SeriesKey.of(kpi)));
    }

    /**
     * The forecasts made last of all KPIs.
     *
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<StoredForecast> latest() {
        scope.require(Permission.VIEW);
        return meters.query("forecasts", () -> storage.results().forecasts(scope));
    }

    /** Today is not over: its bucket would look like a drop. */
    private KpiSeries completeHistory(String kpi) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), kpis.settings().zone());
        return kpis.series(KpiQuery.of(kpi).between(CellRange.FIRST_DAY, today));
    }

    /** What never was below zero in its history is taken for a quantity that cannot be. */
    private static boolean isNonNegative(TimeSeries history) {
        for (int i = 0; i < history.size(); i++) {
            if (history.value(i) < 0) {
                return false;
            }
        }
        return true;
    }

    private static StoredForecast stored(
            String kpi, KpiSeries series, TimeSeries history, Forecast forecast, Reliability reliability) {
        List<StoredForecast.Point> points = forecast.points().stream()
                .map(point -> point(series.grain(), history, point))
                .toList();
        return new StoredForecast(
                SeriesKey.of(kpi),
                forecast.modelId(),
                forecast.fallbackReason(),
                reliability.score(),
                reliability.grade().label(),
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

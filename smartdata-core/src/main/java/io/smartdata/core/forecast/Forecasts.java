package io.smartdata.core.forecast;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.forecast.document.ModelDocument;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.forecast.CalendarEvents;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import io.smartdata.forecast.Reliability;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.series.TimeSeries;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.StoredModel;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts of the KPIs of one org, with the measured reliability of the very model that is served.
 *
 * <p>A model is learnt once in a while ({@link #forecast} and {@link #reestimate}) and kept. In between it is only run over
 * what has come since ({@link #update}), which costs a thousandth. Reading ({@link #latest}, {@link #reliability}) does
 * neither.
 *
 * @since 0.1.0
 */
public final class Forecasts {
    /** An update reads the days again that late events may have changed; older ones when the model is learnt anew. */
    private static final int REREAD_DAYS = 31;

    /** By this factor a history grows before a model that has seen little of it learns anew. */
    private static final double GROWN = 1.25;

    private final Storage storage;
    private final Kpis kpis;
    private final ForecastSettings settings;
    private final Meters meters;
    private final Clock clock;
    private final OrgScope scope;

    public Forecasts(
            Storage storage, Kpis kpis, ForecastSettings settings, Meters meters, Clock clock, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.kpis = requireNonNull(kpis, "kpis");
        this.settings = requireNonNull(settings, "settings");
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

    /** As {@link #forecast(String, int, String)} with the model of the settings. */
    public Served forecast(String kpi, int horizon) {
        return forecast(kpi, horizon, settings.model());
    }

    /**
     * Learns from the whole history of a KPI, complete buckets only, predicts, measures the model by rolling origin, and
     * keeps all of it in place of what was learnt before. Where the model's reliability stays below the KPI's threshold, the
     * seasonal naive forecast takes its place and says why.
     *
     * @param horizon steps in the KPI's grain, at least 1
     * @param model spec as {@link Forecasters#of} takes it; {@link #reestimate} stays with it
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code unknown_model},
     *     {@code not_permitted} without {@link Permission#VIEW} and {@link Permission#OPERATE}
     */
    public Served forecast(String kpi, int horizon, String model) {
        scope.require(Permission.OPERATE);
        return learn(kpi, horizon, model, null);
    }

    /**
     * Learns anew with the model spec that the KPI was last asked for with, starting from what was learnt then where that
     * still fits; learns for the first time if nothing was.
     *
     * @throws io.smartdata.SmartDataException as {@link #forecast(String, int, String)}
     */
    public Served reestimate(String kpi, int horizon) {
        scope.require(Permission.OPERATE);
        Optional<StoredModel> stored = storage.results().models(scope, Set.of(SeriesKey.of(kpi))).stream()
                .findFirst();
        FittedModel previous = stored.filter(model -> model.basis().equals(basis()))
                .flatMap(model -> ModelDocument.read(model.document()))
                .map(ModelDocument::model)
                .orElse(null);
        return learn(kpi, horizon, stored.map(StoredModel::spec).orElse(settings.model()), previous);
    }

    private Served learn(String kpi, int horizon, String spec, @Nullable FittedModel previous) {
        KpiSeries series = kpis.series(upTo(today(), kpi, CellRange.FIRST_DAY));
        if (series.points().isEmpty()) {
            kpis.requireExisting(kpi);
        }
        TimeSeries history = series.toTimeSeries();
        Optional<Regressors> regressors = events().regressors(history, horizon);
        ForecastRequest request = request(history, horizon)
                .withRegressors(regressors.orElse(null))
                .withPrevious(previous);
        long start = System.nanoTime();
        Learnt learnt = Learnt.from(request, spec, settings.thresholdOf(kpi));
        meters.forecastFit(learnt.forecast().modelId(), Duration.ofNanos(System.nanoTime() - start));
        StoredModel model = new StoredModel(
                SeriesKey.of(kpi),
                spec,
                basis(series.generation()),
                new ModelDocument(
                                learnt.model(),
                                regressors.map(Regressors::names).orElse(List.of()))
                        .write(),
                learnt.reliability().score(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                history);
        storage.results()
                .replaceForecast(
                        scope, ForecastRows.of(model, series, history, learnt.forecast()), model, learnt.reliability());
        return new Served(history, learnt.forecast(), learnt.reliability());
    }

    /**
     * The forecast as of today by the model learnt last, run over what has come since and nothing estimated; learns if there
     * is no model that still fits.
     *
     * @param horizon steps in the KPI's grain, at least 1
     * @throws io.smartdata.SmartDataException as {@link #forecast(String, int, String)}
     */
    public StoredForecast update(String kpi, int horizon) {
        if (!update(List.of(kpi), horizon).isEmpty()) {
            reestimate(kpi, horizon);
        }
        return latest(kpi).orElseThrow();
    }

    /**
     * As {@link #update(String, int)} for many KPIs, read together and stored together in one transaction, which learns
     * nothing. A model does not fit any more if the zone, a KPI definition or an event was changed since, if it is too old,
     * or if the history has grown by a quarter.
     *
     * @return KPIs left out, since they have no model that still fits
     */
    public List<String> update(Collection<String> names, int horizon) {
        scope.require(Permission.OPERATE);
        String basis = basis();
        List<Known> known = known(names, basis);
        LocalDate today = today();
        List<KpiSeries> news = kpis.series(
                known.stream().map(it -> upTo(today, it.kpi(), it.reread())).toList());
        CalendarEvents events = events();
        List<StoredForecast> updated = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            KpiSeries series = news.get(i);
            if (basis(series.generation()).equals(basis)) {
                known.get(i).run(series, events, horizon).ifPresent(updated::add);
            }
        }
        storage.results().updateForecasts(scope, updated);
        Set<String> done = updated.stream().map(it -> it.series().kpi()).collect(Collectors.toSet());
        return names.stream().filter(kpi -> !done.contains(kpi)).toList();
    }

    /** Names of the KPIs that {@link #update} can do without learning, unless their history has grown too much. */
    public Set<String> updatable() {
        scope.require(Permission.VIEW);
        return storage.results().modelled(scope, basis(), oldest()).stream()
                .map(SeriesKey::kpi)
                .collect(Collectors.toSet());
    }

    private List<Known> known(Collection<String> names, String basis) {
        Instant oldest = oldest();
        List<Known> known = new ArrayList<>();
        for (StoredModel model : storage.results()
                .models(scope, names.stream().map(SeriesKey::of).toList())) {
            if (model.basis().equals(basis) && !model.learntAt().isBefore(oldest)) {
                ModelDocument.read(model.document())
                        .filter(document -> document.model().observations() > 0)
                        .ifPresent(document -> known.add(new Known(model, document)));
            }
        }
        return known;
    }

    private Instant oldest() {
        return clock.instant().minus(settings.maxModelAge());
    }

    /** A stored model that may go on serving. */
    private record Known(StoredModel stored, ModelDocument document) {
        String kpi() {
            return stored.series().kpi();
        }

        /** First day that is read again. */
        LocalDate reread() {
            TimeSeries learnt = stored.history();
            LocalDate day = learnt.localTime(learnt.size()).toLocalDate().minusDays(REREAD_DAYS);
            return day.isBefore(CellRange.FIRST_DAY) ? CellRange.FIRST_DAY : day;
        }

        /** Empty if the model has seen too little of the history or lacks a regressor. */
        Optional<StoredForecast> run(KpiSeries news, CalendarEvents events, int horizon) {
            TimeSeries history = news.continuing(stored.history(), reread());
            Regressors regressors =
                    events.regressors(history, horizon, document.influences()).orElse(null);
            if (history.size() > GROWN * stored.history().size()
                    || regressors == null && !document.influences().isEmpty()) {
                return Optional.empty();
            }
            ForecastRequest request = request(history, horizon).withRegressors(regressors);
            FittedModel model = document.model();
            Forecast forecast = Forecasters.of(model.id()).forecast(model, request);
            return Optional.of(ForecastRows.of(stored, news, history, forecast));
        }
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

    /**
     * The forecasts made last of some KPIs, by name.
     *
     * @param after name of the KPI with which the page before ended; null to start with the first
     * @param limit most to give, at least 1
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<StoredForecast> latest(@Nullable String after, int limit) {
        scope.require(Permission.VIEW);
        return meters.query(
                "forecasts",
                () -> storage.results().forecasts(scope, after == null ? null : SeriesKey.of(after), limit));
    }

    /**
     * How good the model that serves had been when it was learnt, fold by fold.
     *
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public Optional<Reliability> reliability(String kpi) {
        scope.require(Permission.VIEW);
        return meters.query("reliability", () -> storage.results().reliability(scope, SeriesKey.of(kpi)));
    }

    /** Today is not over: its bucket would look like a drop. */
    private static KpiQuery upTo(LocalDate today, String kpi, LocalDate from) {
        return KpiQuery.of(kpi).between(from, from.isAfter(today) ? from : today);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), kpis.settings().zone());
    }

    /** What never was below zero in its history is taken for a quantity that cannot be. */
    private static ForecastRequest request(TimeSeries history, int horizon) {
        return ForecastRequest.of(history, horizon)
                .withNonNegative(Arrays.stream(history.values()).noneMatch(value -> value < 0));
    }

    private CalendarEvents events() {
        return settings.events().apply(scope.org());
    }

    private String basis() {
        return basis(kpis.settings().generation());
    }

    /** All that a model rests on besides the values. New dates of an event that it knows do not change that. */
    private String basis(long generation) {
        return "engine %d, generation %d, events %08x"
                .formatted(Engine.VERSION, generation, events().influences().hashCode());
    }
}

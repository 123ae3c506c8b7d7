package io.smartdata.benchmarks.forecast;

import io.smartdata.benchmarks.Cost;
import io.smartdata.benchmarks.Figures;
import io.smartdata.benchmarks.Options;
import io.smartdata.benchmarks.Place;
import io.smartdata.core.SmartData;
import io.smartdata.core.forecast.Forecasters;
import io.smartdata.core.forecast.Forecasts;
import io.smartdata.core.forecast.reliability.RollingOrigin;
import io.smartdata.event.Event;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Reliability;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.series.TimeSeries;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.StoredModel;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What does the nightly update of thousands of stored daily models cost, and what does a backtest cost beside one fit? Run:
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.forecast.UpdateRunner --db URL}.
 *
 * <p>Each KPI has one event a day. KPIs of one shape have the same values, so a model is learnt once a shape and stored for
 * all KPIs of it; then a day passes, and all are updated on one thread.
 */
public final class UpdateRunner {
    private static final String DATABASE = "update";
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);
    private static final int KPIS_A_CALL = 500;
    private static final int BATCH = 10_000;
    private static final int FOLDS = 5;
    private static final long SEED = 20_260_101;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final int orgs;
    private final int kpisAnOrg;
    private final int days;
    private final int horizon;
    private final String model;
    private final double[][] shapes;

    private UpdateRunner(Options options) {
        this.orgs = options.integer("--orgs");
        this.kpisAnOrg = options.integer("--kpis") / orgs;
        this.days = options.integer("--days");
        this.horizon = options.integer("--horizon");
        this.model = options.text("--model");
        this.shapes = IntStream.range(0, options.integer("--shapes"))
                .mapToObj(shape -> shape(new Random(SEED + shape), days + 1))
                .toArray(double[][]::new);
    }

    /** Sales of a shop: a level with a trend, a week, noise. */
    private static double[] shape(Random random, int size) {
        double level = Math.exp(3 + 4 * random.nextDouble());
        double trend = 0.001 * random.nextGaussian();
        double[] week = random.doubles(7, 0.6, 1.4).toArray();
        double noise = 0.02 + 0.2 * random.nextDouble();
        return IntStream.range(0, size)
                .mapToDouble(
                        day -> Math.rint(level * Math.exp(trend * day + noise * random.nextGaussian()) * week[day % 7]))
                .toArray();
    }

    public static void main(String[] args) throws SQLException {
        Options options = Options.parse(
                args,
                Map.of(
                        "--db", "",
                        "--kpis", "10000",
                        "--orgs", "10",
                        "--days", "365",
                        "--shapes", "50",
                        "--horizon", "28",
                        "--model", "auto",
                        "--rounds", "5",
                        "--server-pid", "0"));
        UpdateRunner runner = new UpdateRunner(options);
        String url = options.text("--db");
        try (Place place = Place.of(url, options.integer("--server-pid"))) {
            try {
                runner.update(place, place.create(DATABASE), options.integer("--rounds"));
            } finally {
                place.drop(DATABASE);
            }
        }
        runner.backtest();
    }

    private void update(Place place, String url, int rounds) throws SQLException {
        InstantSource source = now::get;
        Storage storage = JdbcStorage.open(url);
        try (SmartData smartData = SmartData.builder()
                .storage(storage)
                .accessPolicy(AccessPolicy.singleOperator())
                .clock((Clock) source.withZone(ZoneOffset.UTC))
                .build()) {
            List<OrgScope> scopes = IntStream.range(0, orgs)
                    .mapToObj(org -> smartData
                            .access()
                            .scope(
                                    Caller.of("benchmark"),
                                    OrgId.of("org-" + org),
                                    Permission.INGEST,
                                    Permission.VIEW,
                                    Permission.OPERATE))
                    .toList();
            passTo(days);
            scopes.forEach(scope -> ingest(smartData, scope, 0, days));
            learn(smartData, storage, scopes);
            passTo(days + 1);
            scopes.forEach(scope -> ingest(smartData, scope, days, days + 1));
            Cost[] costs = new Cost[rounds];
            for (int i = -1; i < rounds; i++) {
                costs[Math.max(i, 0)] = Cost.of(
                        place,
                        DATABASE,
                        (long) orgs * kpisAnOrg,
                        () -> scopes.forEach(scope -> update(smartData.forecasts(scope))));
            }
            require(storage, scopes.get(orgs - 1));
            print(place, costs);
        }
    }

    private void passTo(int day) {
        now.set(FIRST.plusDays(day).atTime(2, 15).toInstant(ZoneOffset.UTC));
    }

    private static String event(int kpi) {
        return "e%05d".formatted(kpi);
    }

    private static String kpi(int kpi) {
        return event(kpi) + ".sum";
    }

    private void ingest(SmartData smartData, OrgScope scope, int from, int to) {
        List<Event> batch = new ArrayList<>(BATCH);
        for (int kpi = 0; kpi < kpisAnOrg; kpi++) {
            for (int day = from; day < to; day++) {
                batch.add(
                        Event.named(event(kpi), FIRST.plusDays(day).atTime(1, 0).toInstant(ZoneOffset.UTC))
                                .id(kpi + "/" + day)
                                .source("shop")
                                .value((long) shapes[kpi % shapes.length][day])
                                .build());
                if (batch.size() == BATCH) {
                    smartData.ingest(scope).events(batch);
                    batch.clear();
                }
            }
        }
        if (!batch.isEmpty()) {
            smartData.ingest(scope).events(batch);
        }
        smartData.kpis(scope).compact();
    }

    /** Learns one KPI a shape and gives all others of the shape the same model. */
    private void learn(SmartData smartData, Storage storage, List<OrgScope> scopes) {
        Forecasts forecasts = smartData.forecasts(scopes.get(0));
        for (int shape = 0; shape < shapes.length; shape++) {
            Reliability reliability =
                    forecasts.forecast(kpi(shape), horizon, model).reliability();
            StoredForecast forecast = forecasts.latest(kpi(shape)).orElseThrow();
            StoredModel learnt = storage.results()
                    .models(scopes.get(0), Set.of(forecast.series()))
                    .get(0);
            for (OrgScope scope : scopes) {
                for (int kpi = shape; kpi < kpisAnOrg; kpi += shapes.length) {
                    SeriesKey series = SeriesKey.of(kpi(kpi));
                    storage.results().replaceForecast(scope, copy(forecast, series), copy(learnt, series), reliability);
                }
            }
        }
    }

    private static StoredForecast copy(StoredForecast it, SeriesKey series) {
        return new StoredForecast(
                series,
                it.model(),
                it.fallbackReason(),
                it.reliabilityScore(),
                it.grade(),
                it.learntAt(),
                it.dataFreshAsOf(),
                it.points());
    }

    private static StoredModel copy(StoredModel it, SeriesKey series) {
        return new StoredModel(
                series, it.spec(), it.basis(), it.document(), it.reliabilityScore(), it.learntAt(), it.history());
    }

    private void update(Forecasts forecasts) {
        for (int first = 0; first < kpisAnOrg; first += KPIS_A_CALL) {
            List<String> names = IntStream.range(first, Math.min(first + KPIS_A_CALL, kpisAnOrg))
                    .mapToObj(UpdateRunner::kpi)
                    .toList();
            List<String> leftOut = forecasts.update(names, horizon);
            if (!leftOut.isEmpty()) {
                throw new IllegalStateException("Not updated: " + leftOut);
            }
        }
    }

    private void require(Storage storage, OrgScope scope) {
        List<StoredForecast> all = storage.results().forecasts(scope);
        String next = FIRST.plusDays(days + 1L).toString();
        if (all.size() != kpisAnOrg
                || all.stream()
                        .anyMatch(it -> it.points().size() != horizon
                                || !it.points().get(0).bucket().equals(next))) {
            throw new IllegalStateException("Not all forecasts begin at " + next);
        }
    }

    private void print(Place place, Cost[] costs) throws SQLException {
        long models = costs[0].events();
        System.out.printf(
                Locale.ROOT,
                "%s; %,d models (%s, %d days, horizon %d) of %d orgs, one thread; medians of %d rounds after one that does not count%n",
                place.description(),
                models,
                model,
                days,
                horizon,
                orgs,
                costs.length);
        System.out.printf(
                Locale.ROOT,
                "nightly update      %6.2f s   CPU: client %5.2f s, server %5.2f s   %5.0f us CPU a model%n",
                median(costs, Cost::seconds),
                median(costs, Cost::clientCpu),
                median(costs, Cost::serverCpu),
                median(costs, Cost::cpuMicrosPerEvent));
    }

    private static double median(Cost[] costs, ToDoubleFunction<Cost> figure) {
        return Figures.median(Arrays.stream(costs).mapToDouble(figure).toArray());
    }

    /** A backtest beside one fit of the same series, CPU of the thread. */
    private void backtest() {
        Forecaster forecaster = Forecasters.of(model);
        double[] fits = new double[shapes.length];
        double[] backtests = new double[shapes.length];
        double[] runs = new double[shapes.length];
        for (int round = 0; round < 2; round++) {
            for (int shape = 0; shape < shapes.length; shape++) {
                TimeSeries history = TimeSeries.daily(FIRST, ZoneOffset.UTC, Arrays.copyOf(shapes[shape], days));
                ForecastRequest request = ForecastRequest.of(history, horizon).withNonNegative(true);
                List<FittedModel> fitted = new ArrayList<>();
                fits[shape] = cpuMillis(() -> fitted.add(forecaster.fit(request)));
                ForecastRequest known = request.withPrevious(fitted.get(0));
                backtests[shape] = cpuMillis(() -> RollingOrigin.of(forecaster, known, FOLDS));
                runs[shape] = cpuMillis(() -> forecaster.forecast(fitted.get(0), request));
            }
        }
        double[] ratios = IntStream.range(0, shapes.length)
                .mapToDouble(shape -> backtests[shape] / fits[shape])
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "one fit %.2f ms, one run %.3f ms, backtest of %d folds %.2f ms CPU: %.2f fits (quartiles %.2f to %.2f of %d series)%n",
                Figures.median(fits),
                Figures.median(runs),
                FOLDS,
                Figures.median(backtests),
                Figures.median(ratios),
                Figures.quantile(0.25, ratios),
                Figures.quantile(0.75, ratios),
                shapes.length);
    }

    private static double cpuMillis(Supplier<?> work) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Object result = work.get();
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        if (result == null) {
            throw new IllegalStateException("nothing was computed");
        }
        return nanos / 1e6;
    }
}

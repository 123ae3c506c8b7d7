package io.smartdata.core.forecast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.SmartData;
import io.smartdata.core.forecast.document.ModelDocument;
import io.smartdata.event.Event;
import io.smartdata.forecast.CalendarEvents;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Reliability;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiQuery;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models that are learnt once and run every night, on any storage. Needs JUnit and AssertJ. */
public abstract class ForecastsContract {
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);
    private static final int DAYS = 120;
    private static final IntToLongFunction WEEKLY = day -> 100 + 20 * (day % 7) + (day * 37 % 11);

    private final AtomicReference<Instant> now = new AtomicReference<>(noonOf(DAYS));
    private @Nullable Storage storage;
    private @Nullable SmartData opened;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    private static Instant noonOf(int day) {
        return FIRST.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC);
    }

    private OrgScope open(ForecastSettings settings) throws Exception {
        InstantSource source = now::get;
        storage = newStorage();
        opened = SmartData.builder()
                .storage(storage)
                .accessPolicy(AccessPolicy.singleOperator())
                .kpis(KpiCatalog.of(
                        Kpi.sum("revenue").event("order_placed"),
                        Kpi.count("visits").event("visit")))
                .forecastSettings(settings)
                .clock((Clock) source.withZone(ZoneOffset.UTC))
                .build();
        return scope();
    }

    private OrgScope scope() {
        return requireNonNull(opened)
                .access()
                .scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
    }

    @AfterEach
    final void close() {
        requireNonNull(opened).close();
    }

    private void ingest(int from, int to, IntToLongFunction revenue) {
        List<Event> events = new ArrayList<>();
        for (int day = from; day < to; day++) {
            events.add(order(day, "order " + day, revenue.applyAsLong(day)));
            events.add(Event.named("visit", noonOf(day))
                    .id("visit " + day)
                    .source("shop")
                    .build());
        }
        assertThat(requireNonNull(opened).ingest(scope()).events(events).accepted())
                .isEqualTo(events.size());
    }

    private static Event order(int day, String id, long value) {
        return Event.named("order_placed", noonOf(day))
                .id(id)
                .source("shop")
                .value(value)
                .build();
    }

    private Forecasts forecasts() {
        return requireNonNull(opened).forecasts(scope());
    }

    private StoredModel model() {
        return requireNonNull(storage)
                .results()
                .models(scope(), Set.of(SeriesKey.of("revenue")))
                .get(0);
    }

    private void passDays(int days) {
        now.updateAndGet(before -> before.plus(Duration.ofDays(days)));
    }

    @Test
    void anUpdateRunsTheStoredModelOverAllThatIsThereAndEstimatesNothing() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        forecasts().forecast("revenue", 14, "theta");
        StoredModel learnt = model();
        passDays(5);
        ingest(DAYS, DAYS + 5, WEEKLY);
        StoredForecast updated = forecasts().update("revenue", 14);
        assertThat(model()).isEqualTo(learnt);
        assertThat(updated.learntAt()).isEqualTo(learnt.learntAt());
        assertThat(updated.points()).extracting(StoredForecast.Point::bucket).startsWith(bucket(DAYS + 5));
        Forecast whole = runOverEverything(learnt);
        assertThat(updated.points())
                .extracting(StoredForecast.Point::mean)
                .containsExactly(whole.points().stream().map(it -> it.mean()).toArray(Double[]::new));
    }

    private static String bucket(int day) {
        return FIRST.plusDays(day).toString();
    }

    private Forecast runOverEverything(StoredModel stored) {
        LocalDate today = LocalDate.ofInstant(now.get(), ZoneOffset.UTC);
        TimeSeries history = requireNonNull(opened)
                .kpis(scope())
                .series(KpiQuery.of("revenue").between(CellRange.FIRST_DAY, today))
                .toTimeSeries();
        FittedModel model = ModelDocument.read(stored.document()).orElseThrow().model();
        return Forecasters.of(model.id())
                .forecast(model, ForecastRequest.of(history, 14).withNonNegative(true));
    }

    @Test
    void aLateEventOfTheLastMonthIsInTheUpdate() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        forecasts().forecast("revenue", 7, "seasonal-naive");
        double before = meanOfStep(1);
        requireNonNull(opened).ingest(scope()).events(List.of(order(DAYS - 7, "late", 1000)));
        forecasts().update("revenue", 7);
        assertThat(meanOfStep(1)).isCloseTo(before + 1000, within(1e-9));
    }

    private double meanOfStep(int step) {
        return forecasts()
                .latest("revenue")
                .orElseThrow()
                .points()
                .get(step - 1)
                .mean();
    }

    @Test
    void readingNeverLearns() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        assertThat(forecasts().latest("revenue")).isEmpty();
        assertThat(forecasts().reliability("revenue")).isEmpty();
        forecasts().forecast("revenue", 14, "theta");
        StoredForecast first = forecasts().latest("revenue").orElseThrow();
        passDays(400);
        assertThat(forecasts().latest("revenue")).contains(first);
        assertThat(forecasts().latest()).containsExactly(first);
        assertThat(model().learntAt()).isEqualTo(first.learntAt());
    }

    @Test
    void theReliabilityKeptIsThatOfTheModelServedWithAllItsFolds() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        Reliability measured = forecasts().forecast("revenue", 14, "theta").reliability();
        assertThat(measured.folds()).hasSize(5);
        assertThat(forecasts().reliability("revenue")).contains(measured);
        assertThat(forecasts().latest("revenue").orElseThrow().reliabilityScore())
                .isEqualTo(measured.score());
    }

    @Test
    void aModelLearnsAnewWhenItIsTooOld() throws Exception {
        open(ForecastSettings.defaults().withMaxModelAge(Duration.ofDays(3)));
        ingest(0, DAYS, WEEKLY);
        Instant learnt = learntAt("theta");
        passDays(3);
        assertThat(forecasts().update("revenue", 14).learntAt()).isEqualTo(learnt);
        passDays(1);
        assertThat(forecasts().updatable()).isEmpty();
        assertThat(forecasts().update("revenue", 14).learntAt()).isEqualTo(now.get());
        assertThat(model().spec()).isEqualTo("theta");
    }

    private Instant learntAt(String spec) {
        forecasts().forecast("revenue", 14, spec);
        assertThat(forecasts().updatable()).containsExactly("revenue");
        return model().learntAt();
    }

    @Test
    void aModelLearnsAnewWhenTheZoneWasChanged() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        learntAt("theta");
        requireNonNull(opened).kpis(scope()).changeZone(ZoneId.of("Asia/Tokyo"));
        passDays(1);
        assertThat(forecasts().updatable()).isEmpty();
        assertThat(forecasts().update(List.of("revenue"), 14)).containsExactly("revenue");
        assertThat(forecasts().update("revenue", 14).learntAt()).isEqualTo(now.get());
        assertThat(model().history().zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }

    @Test
    void aModelOfAnotherVersionOrThatCannotBeReadLearnsAnew() throws Exception {
        OrgScope acme = open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        for (boolean readable : List.of(true, false)) {
            learntAt("theta");
            StoredModel known = model();
            StoredModel other = new StoredModel(
                    known.series(),
                    known.spec(),
                    readable ? "engine 0, " + known.basis() : known.basis(),
                    readable ? known.document() : "{\"model\": 7}",
                    known.reliabilityScore(),
                    known.learntAt(),
                    known.history());
            requireNonNull(storage)
                    .results()
                    .replaceForecast(
                            acme,
                            forecasts().latest("revenue").orElseThrow(),
                            other,
                            forecasts().reliability("revenue").orElseThrow());
            passDays(1);
            assertThat(forecasts().update("revenue", 14).learntAt()).isEqualTo(now.get());
        }
    }

    @Test
    void aModelOfAYoungSeriesLearnsAnewAsTheSeriesGrows() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, 12, WEEKLY);
        now.set(noonOf(12));
        learntAt("theta");
        now.set(noonOf(16));
        ingest(12, 16, WEEKLY);
        now.set(noonOf(15));
        assertThat(forecasts().update(List.of("revenue"), 14)).isEmpty();
        now.set(noonOf(16));
        assertThat(forecasts().update(List.of("revenue"), 14)).containsExactly("revenue");
    }

    @Test
    void manyAreUpdatedAtOnceAndThoseWithoutAModelAreNamed() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        forecasts().forecast("revenue", 14, "theta");
        forecasts().forecast("visits", 14, "constant");
        passDays(1);
        ingest(DAYS, DAYS + 1, WEEKLY);
        assertThat(forecasts().update(List.of("nothing", "revenue", "visits"), 14))
                .containsExactly("nothing");
        assertThat(forecasts().latest())
                .hasSize(2)
                .allSatisfy(forecast ->
                        assertThat(forecast.points().get(0).bucket()).isEqualTo(bucket(DAYS + 1)));
    }

    @Test
    void theNextEstimationStaysWithTheModelThatWasAskedFor() throws Exception {
        open(ForecastSettings.defaults());
        ingest(0, DAYS, WEEKLY);
        forecasts().forecast("revenue", 14, "sarimax(0,1,1)(0,1,1)7");
        passDays(7);
        ingest(DAYS, DAYS + 7, WEEKLY);
        assertThat(forecasts().reestimate("revenue", 14).forecast().modelId()).isEqualTo("sarimax(0,1,1)(0,1,1)7");
        assertThat(model().learntAt()).isEqualTo(now.get());
        assertThat(model().history().size()).isEqualTo(DAYS + 7);
    }

    @Test
    void belowTheThresholdTheBaselineServesAndSaysWhyAlsoInTheUpdatesAfter() throws Exception {
        Random random = new Random(42);
        IntToLongFunction noise = day -> Math.round(1000 * Math.exp(2 * random.nextGaussian()));
        open(ForecastSettings.defaults().withThreshold("revenue", 95));
        ingest(0, DAYS, noise);
        Forecasts.Served served = forecasts().forecast("revenue", 14, "theta");
        assertThat(served.forecast().modelId()).isEqualTo("seasonal-naive");
        assertThat(served.reliability().spec()).isEqualTo("seasonal-naive");
        assertThat(served.forecast().fallbackReason())
                .matches(
                        "theta scored \\d+ of 100 in its backtest, less than the 95 asked for, so seasonal-naive serves");
        passDays(1);
        ingest(DAYS, DAYS + 1, noise);
        StoredForecast updated = forecasts().update("revenue", 14);
        assertThat(updated.model()).isEqualTo("seasonal-naive");
        assertThat(updated.fallbackReason()).isEqualTo(served.forecast().fallbackReason());
        assertThat(model().spec()).isEqualTo("theta");
    }

    @Test
    void theThresholdOfAnotherKpiDoesNotMatter() throws Exception {
        open(ForecastSettings.defaults().withThreshold(95).withThreshold("revenue", 0));
        ingest(0, DAYS, day -> day % 2 == 0 ? day * 37 % 101 : 1);
        Forecasts.Served served = forecasts().forecast("revenue", 14, "theta");
        assertThat(served.reliability().score()).isLessThan(95);
        assertThat(served.forecast().modelId()).isEqualTo("theta");
    }

    @Test
    void eventsOfTheHostAreInTheForecastAndInTheUpdates() throws Exception {
        List<LocalDate> sales = List.of(
                FIRST.plusDays(20), FIRST.plusDays(51), FIRST.plusDays(82), FIRST.plusDays(100), FIRST.plusDays(125));
        CalendarEvents events = CalendarEvents.none().with("sale", sales).with("never before", List.of(noonDate(400)));
        open(ForecastSettings.defaults().withEvents(events));
        IntToLongFunction withSales = day -> WEEKLY.applyAsLong(day) + (sales.contains(FIRST.plusDays(day)) ? 500 : 0);
        ingest(0, DAYS, withSales);
        forecasts().forecast("revenue", 14, "sarimax(0,1,1)(0,1,1)7");
        assertSaleOn(5);
        passDays(2);
        ingest(DAYS, DAYS + 2, withSales);
        assertThat(forecasts().update(List.of("revenue"), 14)).isEmpty();
        assertSaleOn(3);
    }

    private static LocalDate noonDate(int day) {
        return FIRST.plusDays(day);
    }

    /** @param day of the forecast, from 0 */
    private void assertSaleOn(int day) {
        double[] means = forecasts().latest("revenue").orElseThrow().points().stream()
                .mapToDouble(StoredForecast.Point::mean)
                .toArray();
        assertThat(means[day] - means[day + 7]).isCloseTo(500, within(50.0));
    }
}

package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.Reliability;
import io.smartdata.series.TimeSeries;
import io.smartdata.tenancy.OrgScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Anomalies and forecasts. */
public abstract class ResultStoreContract extends StorageContract {
    private static final SeriesKey REVENUE = SeriesKey.of("revenue");
    private static final LocalDate MARCH = LocalDate.of(2026, 3, 1);
    private static final LocalDate APRIL = LocalDate.of(2026, 4, 1);
    private static final Instant LEARNT = Instant.parse("2026-04-01T02:15:00.123456Z");
    private static final Instant FRESH = Instant.parse("2026-04-02T03:04:05.678901Z");

    private static StoredAnomaly anomaly(SeriesKey series, String bucket) {
        return new StoredAnomaly(
                series,
                bucket,
                1.5,
                2.25,
                -0.125,
                1e9,
                -6.1,
                "HIGH",
                "DIP",
                "lowest 'Monday'",
                "auto 1",
                "2026-03-05 revenue",
                FRESH);
    }

    private static StoredForecast forecast(String model, @Nullable Integer score, int points) {
        StoredForecast.Point point = new StoredForecast.Point("2026-04-01", 1, 0.5, 1.5, 0.25, 1.75);
        return new StoredForecast(
                REVENUE,
                model,
                score == null ? "too short" : null,
                score,
                score == null ? "N/A" : "B",
                LEARNT,
                FRESH,
                Collections.nCopies(points, point));
    }

    @Test
    void anomaliesReplaceThoseOfTheirRangeAndSeriesOnly() {
        OrgScope acme = org("acme");
        SeriesKey other = new SeriesKey("revenue", "app", "country=DE");
        replace(acme, REVENUE, MARCH, APRIL, anomaly(REVENUE, "2026-03-05"), anomaly(REVENUE, "2026-03-20T23+02:00"));
        replace(acme, other, MARCH, APRIL, anomaly(other, "2026-03-05"));
        replace(acme, REVENUE, LocalDate.of(2026, 3, 10), APRIL, anomaly(REVENUE, "2026-03-11"));
        assertThat(storage().results().anomalies(acme, Optional.of("revenue"), MARCH, APRIL))
                .containsExactly(
                        anomaly(REVENUE, "2026-03-05"), anomaly(REVENUE, "2026-03-11"), anomaly(other, "2026-03-05"));
        assertThat(storage().results().anomalies(acme, Optional.of("orders"), MARCH, APRIL))
                .isEmpty();
        assertThat(storage().results().anomalies(acme, Optional.empty(), MARCH, MARCH.plusDays(5)))
                .hasSize(2);
    }

    @Test
    void anomaliesOfManySeriesAreReplacedTogether() {
        OrgScope acme = org("acme");
        SeriesKey orders = SeriesKey.of("orders");
        StoredAnomaly noAlert = anomaly(orders, "2026-03-05").withIncident(null);
        replace(acme, REVENUE, MARCH, APRIL, anomaly(REVENUE, "2026-03-04"));
        storage()
                .results()
                .replaceAnomalies(
                        acme,
                        MARCH,
                        APRIL,
                        List.of(
                                new FoundAnomalies(REVENUE, List.of(), FRESH),
                                new FoundAnomalies(orders, List.of(noAlert), FRESH)));
        assertThat(storage().results().anomalies(acme, Optional.empty(), MARCH, APRIL))
                .containsExactly(noAlert);
        storage().results().replaceAnomalies(acme, MARCH, APRIL, List.of());
        assertThat(storage().results().anomalies(acme, Optional.empty(), MARCH, APRIL))
                .hasSize(1);
    }

    @Test
    void pagesOfAnomaliesAddUpToAllOfThem() {
        OrgScope acme = org("acme");
        List<SeriesKey> series = List.of(
                SeriesKey.of("Visits"),
                REVENUE,
                new SeriesKey("revenue", "app", ""),
                new SeriesKey("revenue", "app", "country=DE"),
                SeriesKey.of("übrige"));
        series.forEach(key -> replace(
                acme,
                key,
                MARCH,
                APRIL,
                anomaly(key, "2026-03-05"),
                anomaly(key, "2026-03-05T10+01:00"),
                anomaly(key, "2026-03-31")));
        replace(org("globex"), REVENUE, MARCH, APRIL, anomaly(REVENUE, "2026-03-06"));
        assertThat(paged(acme, null))
                .isEqualTo(storage().results().anomalies(acme, Optional.empty(), MARCH, APRIL))
                .hasSize(15);
        assertThat(paged(acme, "revenue"))
                .isEqualTo(storage().results().anomalies(acme, Optional.of("revenue"), MARCH, APRIL))
                .hasSize(9);
    }

    private List<StoredAnomaly> paged(OrgScope scope, @Nullable String kpi) {
        List<StoredAnomaly> all = new ArrayList<>();
        AnomalyQuery.Place after = null;
        List<StoredAnomaly> page;
        do {
            page = storage().results().anomalies(scope, new AnomalyQuery(kpi, MARCH, APRIL, after, 2));
            all.addAll(page);
            after = page.isEmpty() ? null : AnomalyQuery.Place.of(page.get(page.size() - 1));
        } while (after != null);
        return all;
    }

    @Test
    void pagesOfForecastsAddUpToAllOfThem() {
        OrgScope acme = org("acme");
        for (String kpi : List.of("Visits", "revenue", "revenue.avg", "übrige", "zeal")) {
            learn(acme, forecast(SeriesKey.of(kpi), LEARNT, FRESH, 3));
        }
        learn(org("globex"), forecast(SeriesKey.of("foreign"), LEARNT, FRESH, 1));
        List<StoredForecast> all = new ArrayList<>();
        SeriesKey after = null;
        List<StoredForecast> page;
        do {
            page = storage().results().forecasts(acme, after, 2);
            all.addAll(page);
            after = page.isEmpty() ? null : page.get(page.size() - 1).series();
        } while (after != null);
        assertThat(all).isEqualTo(storage().results().forecasts(acme)).hasSize(5);
        assertThat(all).allSatisfy(forecast -> assertThat(forecast.points()).hasSize(3));
    }

    @Test
    void aMemoryStaysUntilAnotherTakesItsPlace() {
        OrgScope acme = org("acme");
        remember(acme, new FoundAnomalies.Memory("auto 1", MARCH, new byte[] {1, 0, -1}));
        remember(acme, null);
        assertThat(memory(acme)).isPresent().get().satisfies(memory -> {
            assertThat(memory.basis()).isEqualTo("auto 1");
            assertThat(memory.day()).isEqualTo(MARCH);
            assertThat(memory.state()).containsExactly(1, 0, -1);
        });
        remember(acme, new FoundAnomalies.Memory("auto 2", APRIL, new byte[0]));
        assertThat(memory(acme)).get().extracting(FoundAnomalies.Memory::basis).isEqualTo("auto 2");
        assertThat(memory(org("globex"))).isEmpty();
    }

    private void remember(OrgScope scope, FoundAnomalies.@Nullable Memory memory) {
        storage()
                .results()
                .replaceAnomalies(scope, MARCH, APRIL, List.of(new FoundAnomalies(REVENUE, List.of(), FRESH, memory)));
    }

    private Optional<FoundAnomalies.Memory> memory(OrgScope scope) {
        return Optional.ofNullable(storage()
                .results()
                .memories(scope, List.of(REVENUE, SeriesKey.of("orders")))
                .get(REVENUE));
    }

    @Test
    void aMarkTakesThePlaceOfTheSameOneAndIsWrittenDown() {
        OrgScope acme = org("acme");
        AlertMark sale = new AlertMark(AlertMark.Kind.EXPECTED, "", MARCH, MARCH.plusDays(2), "the 'sale'");
        AlertMark longer = new AlertMark(AlertMark.Kind.EXPECTED, "", MARCH, APRIL, "");
        AlertMark muted = new AlertMark(AlertMark.Kind.MUTED, "revenue", MARCH, APRIL, "being rebuilt");
        storage().results().mark(acme, List.of(muted, sale), marked("first"));
        assertThat(storage().results().marks(acme)).containsExactly(sale, muted);
        storage().results().mark(acme, List.of(longer), marked("second"));
        assertThat(storage().results().marks(acme)).containsExactly(longer, muted);
        assertThat(storage().audit().list(acme, AuditQuery.newest(10)))
                .extracting(record -> record.entry().target())
                .containsExactly("second", "first");
    }

    @Test
    void aMarkIsTakenBackOnce() {
        OrgScope acme = org("acme");
        AlertMark muted = new AlertMark(AlertMark.Kind.MUTED, "revenue", MARCH, APRIL, "");
        storage().results().mark(acme, List.of(muted), marked("put"));
        assertThat(storage().results().unmark(acme, AlertMark.Kind.EXPECTED, "revenue", MARCH, marked("other")))
                .isFalse();
        assertThat(storage().results().unmark(acme, AlertMark.Kind.MUTED, "revenue", MARCH, marked("taken")))
                .isTrue();
        assertThat(storage().results().unmark(acme, AlertMark.Kind.MUTED, "revenue", MARCH, marked("again")))
                .isFalse();
        assertThat(storage().results().marks(acme)).isEmpty();
        assertThat(storage().audit().list(acme, AuditQuery.newest(10)))
                .extracting(record -> record.entry().target())
                .containsExactly("taken", "put");
    }

    @Test
    void marksOfAnotherOrgAreNeitherSeenNorTakenBack() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        AlertMark muted = new AlertMark(AlertMark.Kind.MUTED, "revenue", MARCH, APRIL, "");
        storage().results().mark(acme, List.of(muted), marked("put"));
        assertThat(storage().results().marks(globex)).isEmpty();
        assertThat(storage().results().unmark(globex, AlertMark.Kind.MUTED, "revenue", MARCH, marked("taken")))
                .isFalse();
        assertThat(storage().results().marks(acme)).containsExactly(muted);
    }

    private static AuditEntry marked(String target) {
        return AuditEntry.done(AuditAction.MARK_ANOMALIES, target, Map.of());
    }

    private void replace(OrgScope scope, SeriesKey series, LocalDate from, LocalDate to, StoredAnomaly... found) {
        storage()
                .results()
                .replaceAnomalies(scope, from, to, List.of(new FoundAnomalies(series, List.of(found), FRESH)));
    }

    private static StoredModel model(SeriesKey series, String basis, Instant learntAt) {
        TimeSeries history = TimeSeries.daily(MARCH, ZoneId.of("Europe/Berlin"), new double[] {1.5, Double.NaN, -1e9});
        return new StoredModel(series, "auto", basis, "{\"id\": \"it's\"}", 71, learntAt, history);
    }

    private static final ForecastErrors ERRORS = new ForecastErrors(14, 1, 2, -0.5, 20, 0.25, null, 1e-9, 0.93);

    private static Reliability reliability(@Nullable ForecastErrors total, int folds) {
        Reliability.Fold fold = new Reliability.Fold("theta", MARCH.atTime(5, 0), 90, ERRORS);
        return new Reliability("auto", 14, Collections.nCopies(folds, fold), total, total == null ? null : 75);
    }

    private void learn(OrgScope scope, StoredForecast forecast) {
        storage()
                .results()
                .replaceForecast(
                        scope,
                        forecast,
                        model(forecast.series(), "generation 1", forecast.learntAt()),
                        reliability(ERRORS, 2));
    }

    private static StoredForecast forecast(SeriesKey series, Instant learntAt, Instant freshAsOf, int points) {
        StoredForecast one = forecast("theta", 71, points);
        return new StoredForecast(
                series, one.model(), null, one.reliabilityScore(), one.grade(), learntAt, freshAsOf, one.points());
    }

    @Test
    void aForecastReplacesTheOneBeforePointsIncluded() {
        OrgScope acme = org("acme");
        learn(acme, forecast("sarimax(1,1,1)", 71, 14));
        learn(acme, forecast("constant", null, 3));
        assertThat(storage().results().forecast(acme, REVENUE)).contains(forecast("constant", null, 3));
        assertThat(storage().results().forecasts(acme)).containsExactly(forecast("constant", null, 3));
    }

    @Test
    void aModelReplacesTheOneBeforeReliabilityIncluded() {
        OrgScope acme = org("acme");
        assertThat(storage().results().reliability(acme, REVENUE)).isEmpty();
        learn(acme, forecast("theta", 71, 14));
        assertThat(storage().results().reliability(acme, REVENUE)).contains(reliability(ERRORS, 2));
        Instant later = LEARNT.plusSeconds(1);
        StoredModel second = model(REVENUE, "generation 2", later);
        storage().results().replaceForecast(acme, forecast(REVENUE, later, FRESH, 1), second, reliability(null, 0));
        assertThat(storage().results().models(acme, List.of(REVENUE, SeriesKey.of("orders"))))
                .containsExactly(second);
        assertThat(storage().results().reliability(acme, REVENUE)).contains(reliability(null, 0));
    }

    @Test
    void aForecastOfAnotherModelIsRefused() {
        OrgScope acme = org("acme");
        StoredModel model = model(REVENUE, "generation 1", LEARNT.plusSeconds(1));
        assertThatThrownBy(() -> storage()
                        .results()
                        .replaceForecast(acme, forecast("theta", 71, 14), model, reliability(null, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(storage().results().forecasts(acme)).isEmpty();
    }

    @Test
    void modelsOfAnotherBasisOrAnEarlierMomentDoNotServe() {
        OrgScope acme = org("acme");
        SeriesKey orders = new SeriesKey("orders", "app", "country=DE");
        learn(acme, forecast(REVENUE, LEARNT, FRESH, 1));
        learn(acme, forecast(orders, LEARNT.plusSeconds(60), FRESH, 1));
        ResultStore results = storage().results();
        assertThat(results.modelled(acme, "generation 1", LEARNT)).containsExactlyInAnyOrder(REVENUE, orders);
        assertThat(results.modelled(acme, "generation 1", LEARNT.plusSeconds(60)))
                .containsExactly(orders);
        assertThat(results.modelled(acme, "generation 2", LEARNT)).isEmpty();
        assertThat(results.modelled(org("globex"), "generation 1", LEARNT)).isEmpty();
    }

    @Test
    void anUpdateLeavesOutForecastsWhoseModelWasReplacedMeanwhile() {
        OrgScope acme = org("acme");
        SeriesKey orders = SeriesKey.of("orders");
        SeriesKey unknown = SeriesKey.of("unknown");
        Instant later = FRESH.plusSeconds(60);
        learn(acme, forecast(REVENUE, LEARNT, FRESH, 14));
        learn(acme, forecast(orders, LEARNT.plusSeconds(1), FRESH, 14));
        StoredForecast updated = forecast(REVENUE, LEARNT, later, 7);
        int count = storage()
                .results()
                .updateForecasts(
                        acme,
                        List.of(updated, forecast(orders, LEARNT, later, 7), forecast(unknown, LEARNT, later, 7)));
        assertThat(count).isOne();
        assertThat(storage().results().forecasts(acme))
                .containsExactly(forecast(orders, LEARNT.plusSeconds(1), FRESH, 14), updated);
        assertThat(storage().results().derivedAsOf(acme)).containsEntry(DerivedAnswer.FORECASTS, FRESH);
    }

    @Test
    void manyForecastsAreReplacedAtOnce() {
        OrgScope acme = org("acme");
        List<SeriesKey> series = IntStream.range(10, 60)
                .mapToObj(i -> new SeriesKey("kpi " + i, "app", "city=Köln"))
                .toList();
        series.forEach(it -> learn(acme, forecast(it, LEARNT, FRESH, 3)));
        List<StoredForecast> later = series.stream()
                .map(it -> forecast(it, LEARNT, FRESH.plusSeconds(60), 28))
                .toList();
        assertThat(storage().results().updateForecasts(acme, later)).isEqualTo(50);
        assertThat(storage().results().forecasts(acme)).isEqualTo(later);
        assertThat(storage().results().models(acme, series)).hasSize(50);
        assertThat(storage().results().derivedAsOf(acme)).containsEntry(DerivedAnswer.FORECASTS, FRESH.plusSeconds(60));
    }

    @Test
    void anAnswerIsAsOldAsTheSeriesWhoseLastRunIsOldest() {
        OrgScope acme = org("acme");
        SeriesKey orders = SeriesKey.of("orders");
        replaceAsOf(acme, REVENUE, FRESH);
        replaceAsOf(acme, orders, FRESH.plusSeconds(60));
        assertThat(storage().results().derivedAsOf(acme)).containsExactly(entry(DerivedAnswer.ANOMALIES, FRESH));
        replaceAsOf(acme, REVENUE, FRESH.plusSeconds(120));
        learn(acme, forecast("constant", null, 1));
        assertThat(storage().results().derivedAsOf(acme))
                .containsOnly(
                        entry(DerivedAnswer.ANOMALIES, FRESH.plusSeconds(60)), entry(DerivedAnswer.FORECASTS, FRESH));
    }

    @Test
    void theOldestOfAllOrgsIsForTheSystem() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        replaceAsOf(acme, REVENUE, FRESH);
        replaceAsOf(globex, REVENUE, FRESH.minusSeconds(1));
        assertThat(storage().results().derivedAsOf(acme)).containsExactly(entry(DerivedAnswer.ANOMALIES, FRESH));
        assertThat(storage().results().derivedAsOf(system()))
                .containsExactly(entry(DerivedAnswer.ANOMALIES, FRESH.minusSeconds(1)));
        assertThat(storage().results().derivedAsOf(scope("nobody"))).isEmpty();
    }

    @Test
    void anAnswerIsNotDerivedFromTheDefinitionsOfANewGeneration() {
        OrgScope acme = org("acme");
        replaceAsOf(acme, REVENUE, FRESH);
        storage().orgs().activate(acme, ZoneOffset.UTC, List.of(), backfill -> {});
        assertThat(storage().results().derivedAsOf(acme)).isEmpty();
    }

    /** A run that found nothing. */
    private void replaceAsOf(OrgScope scope, SeriesKey series, Instant dataFreshAsOf) {
        storage()
                .results()
                .replaceAnomalies(scope, MARCH, APRIL, List.of(new FoundAnomalies(series, List.of(), dataFreshAsOf)));
    }

    @Test
    void resultsOfAnotherOrgAreUnknown() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        learn(globex, forecast("constant", null, 1));
        replace(globex, REVENUE, MARCH, APRIL, anomaly(REVENUE, "2026-03-05"));
        assertThat(storage().results().forecast(acme, REVENUE)).isEmpty();
        assertThat(storage().results().forecasts(acme)).isEmpty();
        assertThat(storage().results().models(acme, List.of(REVENUE))).isEmpty();
        assertThat(storage().results().reliability(acme, REVENUE)).isEmpty();
        assertThat(storage().results().updateForecasts(acme, List.of(forecast("constant", null, 1))))
                .isZero();
        assertThat(storage().results().anomalies(acme, Optional.empty(), MARCH, APRIL))
                .isEmpty();
    }
}

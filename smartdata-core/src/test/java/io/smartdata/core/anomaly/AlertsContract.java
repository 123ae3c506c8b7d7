package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AlertMark;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditQuery;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.forecast.ForecastSettings;
import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import io.smartdata.forecast.CalendarEvents;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Alerts of a shop whose German orders fail for one day, on any storage. Needs JUnit and AssertJ.
 */
public abstract class AlertsContract {
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);
    private static final int DAYS = 120;
    private static final LocalDate TODAY = FIRST.plusDays(DAYS);
    private static final LocalDate OUTAGE = FIRST.plusDays(110);
    private static final String INCIDENT = OUTAGE + " orders";

    private @Nullable Storage storage;
    private @Nullable SmartData opened;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    private SmartData open(CalendarEvents calendar) throws Exception {
        Storage fresh = newStorage();
        storage = fresh;
        opened = SmartData.builder()
                .storage(fresh)
                .accessPolicy(AccessPolicy.singleOperator())
                .kpis(KpiCatalog.of(
                        Kpi.sum("revenue").event("order_placed").dimension("country"),
                        Kpi.count("orders").event("order_placed"),
                        Kpi.sum("visits").event("visit")))
                .forecastSettings(ForecastSettings.defaults().withEvents(calendar))
                .clock(Clock.fixed(noonOf(DAYS), ZoneOffset.UTC))
                .build();
        ingest();
        return opened;
    }

    private SmartData open() throws Exception {
        return open(CalendarEvents.none());
    }

    private static Instant noonOf(int day) {
        return FIRST.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC);
    }

    private OrgScope scope() {
        return requireNonNull(opened)
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of("acme"),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.EXPORT,
                        Permission.OPERATE);
    }

    /** Six German orders a day and four French ones; visits come in a weekly rhythm. */
    private void ingest() {
        List<Event> events = new ArrayList<>();
        for (int day = 0; day < DAYS; day++) {
            boolean out = FIRST.plusDays(day).equals(OUTAGE);
            for (int order = out ? 6 : 0; order < 10; order++) {
                events.add(Event.named("order_placed", noonOf(day))
                        .id("order %d-%d".formatted(day, order))
                        .source("shop")
                        .value(100 + day * 37 % 11)
                        .properties(Properties.of(Map.of("country", order < 6 ? "DE" : "FR")))
                        .build());
            }
            events.add(Event.named("visit", noonOf(day))
                    .id("visits " + day)
                    .source("shop")
                    .value(1000 + 200 * (day % 7) + day * 53 % 29)
                    .build());
        }
        assertThat(requireNonNull(opened).ingest(scope()).events(events).accepted())
                .isEqualTo(events.size());
    }

    @AfterEach
    final void close() {
        requireNonNull(opened).close();
    }

    private void night() {
        requireNonNull(opened).jobs().run("anomalies");
    }

    private Alerts alerts() {
        return requireNonNull(opened).alerts(scope());
    }

    private List<Incident> incidents() {
        return alerts().incidents(FIRST, TODAY);
    }

    private List<StoredAnomaly> found() {
        return requireNonNull(opened).anomalies(scope()).found(Optional.empty(), OUTAGE, OUTAGE.plusDays(1));
    }

    @Test
    void relatedKpisOfOneDayAreOneIncident() throws Exception {
        open();
        night();
        assertThat(incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.id()).isEqualTo(INCIDENT);
            assertThat(incident.acknowledged()).isFalse();
            assertThat(incident.firstBucket()).isEqualTo(OUTAGE.toString());
            assertThat(incident.alerts())
                    .extracting(alert -> alert.series().kpi())
                    .containsExactly("orders", "revenue");
        });
        assertThat(found()).allSatisfy(anomaly -> assertThat(anomaly.incident()).isEqualTo(INCIDENT));
    }

    @Test
    void aNightThatGoesOnFromTheLastFindsWhatOneThatReadsAllFinds() throws Exception {
        SmartData smartData = open();
        LocalDate from = TODAY.minusDays(31);
        List<String> names = List.of("orders", "revenue", "visits");
        Anomalies anomalies = smartData.anomalies(scope());
        List<StoredAnomaly> readAll = anomalies.judge(names, from, TODAY).stream()
                .flatMap(kpi -> kpi.found().anomalies().stream())
                .toList();
        for (int night = 5; night > 0; night--) {
            LocalDate before = from.minusDays(night);
            LocalDate end = before.plusDays(31);
            anomalies.keep(anomalies.withIncidents(anomalies.judge(names, before, end)), before, end);
        }
        assertThat(requireNonNull(storage).results().memories(scope(), List.of(SeriesKey.of("visits"))))
                .hasSize(1);
        assertThat(anomalies.judge(names, from, TODAY).stream()
                        .flatMap(kpi -> kpi.found().anomalies().stream())
                        .toList())
                .isNotEmpty()
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataFreshAsOf")
                .isEqualTo(readAll);
    }

    @Test
    void aKpiJudgedAloneHasIncidentsToo() throws Exception {
        SmartData smartData = open();
        assertThat(smartData.anomalies(scope()).detect("revenue", OUTAGE.minusDays(9), TODAY))
                .isNotEmpty();
        assertThat(incidents()).extracting(Incident::id).containsExactly(OUTAGE + " revenue");
    }

    @Test
    void anExpectedDayHasNoAnomaliesFromTheNextNightOn() throws Exception {
        open();
        night();
        alerts().expect("", OUTAGE, OUTAGE.plusDays(1), "the great migration");
        night();
        assertThat(found()).isEmpty();
        assertThat(incidents()).isEmpty();
        assertThat(alerts().withdraw(AlertMark.Kind.EXPECTED, "", OUTAGE)).isTrue();
        night();
        assertThat(incidents()).hasSize(1);
    }

    @Test
    void anEventOfTheHostsCalendarIsNoAnomaly() throws Exception {
        open(CalendarEvents.none().with("strike", List.of(OUTAGE)));
        night();
        assertThat(found()).isEmpty();
    }

    @Test
    void aMutedKpiIsFoundAndIsNoAlert() throws Exception {
        open();
        alerts().mute("orders", OUTAGE, TODAY, "being rebuilt");
        night();
        assertThat(found())
                .hasSize(2)
                .filteredOn(anomaly -> anomaly.incident() == null)
                .extracting(anomaly -> anomaly.series().kpi())
                .containsExactly("orders");
        assertThat(incidents()).extracting(Incident::id).containsExactly(OUTAGE + " revenue");
    }

    @Test
    void anAcknowledgedIncidentStaysSoAfterTheNextNight() throws Exception {
        open();
        night();
        alerts().acknowledge(INCIDENT, "calling the bank");
        night();
        assertThat(incidents())
                .singleElement()
                .satisfies(incident -> assertThat(incident.acknowledged()).isTrue());
    }

    @Test
    void whatIsSaidIsWrittenDown() throws Exception {
        SmartData smartData = open();
        alerts().mute("orders", OUTAGE, TODAY, "being rebuilt");
        alerts().withdraw(AlertMark.Kind.MUTED, "orders", OUTAGE);
        assertThat(smartData.audit(scope()).list(AuditQuery.newest(2)))
                .extracting(record -> record.entry().action())
                .containsOnly(AuditAction.MARK_ANOMALIES);
        assertThat(alerts().marks()).isEmpty();
    }

    @Test
    void anExplanationNamesTheDimensionValuesAndTheRawEvents() throws Exception {
        SmartData smartData = open();
        night();
        Explanation explanation = alerts().explain("revenue", OUTAGE.toString());
        assertThat(explanation.contributions()).first().satisfies(first -> {
            assertThat(first.dimension()).isEqualTo("country");
            assertThat(first.value()).isEqualTo("DE");
            assertThat(first.actual()).isZero();
            assertThat(requireNonNull(first.share())).isCloseTo(1, within(0.05));
        });
        assertThat(explanation.contributions().stream()
                        .mapToDouble(it -> requireNonNull(it.share()))
                        .sum())
                .isCloseTo(1, within(1e-9));
        assertThat(explanation.inWords()).contains("country=DE 0 instead of");
        StringWriter raw = new StringWriter();
        smartData.exports(scope()).events(explanation.events(), ExportFormat.CSV, raw);
        assertThat(raw.toString().lines().filter(line -> line.contains("order 110-")))
                .hasSize(4);
    }

    @Test
    void aSimulationKeepsNothing() throws Exception {
        SmartData smartData = open();
        Simulation simulation =
                smartData.anomalies(scope()).simulate("revenue", FIRST.plusDays(60), TODAY, Detectors.of("auto"));
        assertThat(simulation.judged()).isEqualTo(60);
        assertThat(simulation.weeks()).isCloseTo(60 / 7.0, within(1e-9));
        assertThat(simulation.rows())
                .first()
                .satisfies(row -> assertThat(row.alerts()).isPositive());
        assertThat(found()).isEmpty();
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        open();
        night();
        refused("unknown_kpi", () -> alerts().mute("profit", OUTAGE, TODAY, ""));
        for (String id : List.of("2025-04-26 profit", "profit", "", OUTAGE + " visits")) {
            refused("unknown_incident", () -> alerts().acknowledge(id, ""));
        }
        refused("unknown_anomaly", () -> alerts().explain("visits", OUTAGE.toString()));
        assertThat(alerts().marks()).isEmpty();
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}

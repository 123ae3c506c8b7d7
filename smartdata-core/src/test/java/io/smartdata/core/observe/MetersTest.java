package io.smartdata.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.observe.Meter.Kind;
import io.smartdata.event.Event;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.Backlog;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final MockClock clock = new MockClock();
    private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private static Backlog backlog(long batches, int seconds) {
        return new Backlog(batches, NOON.minusSeconds(seconds), NOON);
    }

    private double lagSeconds() {
        return registry.get("smartdata.kpi.lag").timeGauge().value(TimeUnit.SECONDS);
    }

    @Test
    void metersOfTheSameRegistryShareItsGauges() {
        Meters one = Meters.of(registry);
        Meters two = Meters.of(registry);
        one.inFlight(100);
        two.inFlight(20);
        one.measured(backlog(3, 10), Duration.ZERO);
        two.measured(backlog(4, 50), Duration.ZERO);
        assertThat(registry.get("smartdata.ingest.inflight").gauge().value()).isEqualTo(120);
        assertThat(registry.get("smartdata.kpi.backlog").gauge().value()).isEqualTo(7);
        assertThat(lagSeconds()).isEqualTo(50);
        clock.add(Duration.ofMinutes(2));
        one.measured(backlog(1, 20), Duration.ZERO);
        clock.add(Duration.ofMinutes(1));
        assertThat(lagSeconds()).as("the other is too old").isEqualTo(20);
    }

    @Test
    void aRegistryWithoutAnyoneMeasuringShowsNoLag() {
        Meters.of(registry);
        assertThat(lagSeconds()).isNaN();
        assertThat(registry.get("smartdata.ingest.inflight").gauge().value()).isZero();
    }

    private SmartData open(Meters meters) {
        return SmartData.builder()
                .storage(new InMemoryStorage())
                .accessPolicy(AccessPolicy.singleOperator())
                .meters(meters)
                .build();
    }

    private static OrgScope org(SmartData smartData, String name) {
        return smartData
                .access()
                .scope(Caller.of("test"), OrgId.of(name), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
    }

    private static List<Event> events(int days) {
        List<Event> events = new ArrayList<>();
        for (int day = 0; day < days; day++) {
            events.add(Event.named("sale", NOON.minus(Duration.ofDays(day)))
                    .id("e" + day)
                    .source("shop")
                    .value(day == 3 ? 1_000_000 : 100 + day % 3)
                    .build());
        }
        return events;
    }

    @Test
    void everyRoomIsMeteredWithFewTags() {
        try (SmartData smartData = open(Meters.of(registry))) {
            OrgScope acme = org(smartData, "acme");
            LocalDate to = LocalDate.of(2026, 3, 2);
            smartData.ingest(acme).events(events(60));
            smartData.kpis(acme).series(KpiQuery.of("sale.sum").between(to.minusDays(9), to));
            smartData.anomalies(acme).detect("sale.sum", to.minusDays(30), to);
            smartData.forecasts(acme).forecast("sale.sum", 3);
            smartData.forecasts(acme).latest();
            smartData.health();
        }
        Meters.of(registry).jobRun("compaction", "DONE", Duration.ofMillis(5));
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "smartdata.ingest.events",
                        "smartdata.ingest.duration",
                        "smartdata.ingest.batch.size",
                        "smartdata.ingest.inflight",
                        "smartdata.ingest.throttled",
                        "smartdata.deadletters",
                        "smartdata.kpi.lag",
                        "smartdata.kpi.backlog",
                        "smartdata.derived.overdue",
                        "smartdata.health",
                        "smartdata.query.duration",
                        "smartdata.forecast.fit",
                        "smartdata.anomaly.found",
                        "smartdata.jobs.run");
        assertThat(registry.getMeters()).allSatisfy(MetersTest::isAsItsConstantSays);
        assertThat(registry.get("smartdata.anomaly.found").counters()).isNotEmpty();
        assertThat(registry.get("smartdata.forecast.fit").timer().getId().getTag("model"))
                .matches("[a-z:-]+");
        assertThat(registry.get("smartdata.query.duration")
                        .tag("query", "kpi_series")
                        .timer()
                        .count())
                .isPositive();
        assertThat(registry.get("smartdata.jobs.run")
                        .tags("job", "compaction", "outcome", "done")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    private static void isAsItsConstantSays(Meter meter) {
        Meter.Id id = meter.getId();
        var constant = Arrays.stream(io.smartdata.core.observe.Meter.values())
                .filter(each -> each.meterName().equals(id.getName()))
                .findFirst()
                .orElseThrow();
        assertThat(id.getTags().stream().map(Tag::getKey)).containsExactlyInAnyOrderElementsOf(constant.tags());
        assertThat(id.getDescription()).isEqualTo(constant.description());
        assertThat(id.getBaseUnit()).isEqualTo(constant.unit());
        assertThat(constant.kind())
                .isEqualTo(
                        switch (id.getType()) {
                            case COUNTER -> Kind.COUNTER;
                            case TIMER -> Kind.TIMER;
                            case DISTRIBUTION_SUMMARY -> Kind.SUMMARY;
                            default -> Kind.GAUGE;
                        });
    }

    private Set<String> names() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void orgsAreToldApartOnlyOnRequestAndOnlyTheFirstHundred() {
        try (SmartData smartData = open(Meters.of(registry).withOrgTag())) {
            for (int i = 0; i < 150; i++) {
                smartData.ingest(org(smartData, "org" + i)).events(events(2));
            }
        }
        assertThat(registry.get("smartdata.ingest.events")
                        .tag("outcome", "accepted")
                        .counters())
                .hasSize(101)
                .allMatch(counter -> counter.getId().getTag("org") != null);
        assertThat(registry.get("smartdata.ingest.events")
                        .tags("outcome", "accepted", "org", "*")
                        .counter()
                        .count())
                .isEqualTo(100);
    }

    @Test
    void withoutTheRequestNoMeterNamesAnOrg() {
        try (SmartData smartData = open(Meters.of(registry))) {
            smartData.ingest(org(smartData, "acme")).events(events(2));
            smartData.health();
        }
        assertThat(registry.getMeters())
                .noneMatch(meter -> meter.getId().toString().contains("acme"));
    }

    @Test
    void ingestAndQueryAreObservedByNameAndCodeOnly() {
        List<Observation.Context> stopped = new ArrayList<>();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (SmartData smartData = open(Meters.of(registry).withObservations(observations))) {
            OrgScope acme = org(smartData, "acme");
            smartData.ingest(acme).events(events(2));
            smartData.kpis(acme).names();
            assertThatThrownBy(() -> smartData
                            .kpis(acme)
                            .series(KpiQuery.of("s3cret").between(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2))))
                    .isInstanceOf(SmartDataException.class);
        }
        assertThat(stopped)
                .extracting(context -> context.getName() + " "
                        + context.getLowCardinalityKeyValues().stream()
                                .map(pair -> pair.getKey() + "=" + pair.getValue())
                                .toList())
                .containsExactly(
                        "smartdata.ingest [code=none]",
                        "smartdata.query [code=none, query=kpi_names]",
                        "smartdata.query [code=unknown_kpi, query=kpi_series]");
        assertThat(stopped).allMatch(context -> context.getError() == null);
    }
}

package io.smartdata.core.leak;

import io.smartdata.audit.AuditQuery;
import io.smartdata.core.SmartData;
import io.smartdata.core.anomaly.Alerts;
import io.smartdata.core.anomaly.Anomalies;
import io.smartdata.core.audit.AuditLog;
import io.smartdata.core.correction.Corrections;
import io.smartdata.core.deadletter.DeadLetters;
import io.smartdata.core.event.Events;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.export.Exports;
import io.smartdata.core.forecast.Forecasts;
import io.smartdata.core.ingest.Identity;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.RoutedIngest;
import io.smartdata.core.ingest.Sources;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Properties;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody who may do everything in one org and nothing in any other.
 *
 * @param smartData what all orgs share
 * @param caller may do everything in {@code org}
 * @param org the org
 */
record Member(SmartData smartData, Caller caller, OrgId org) {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);
    static final LocalDate END = LocalDate.of(2026, 5, 1);

    /** Of the same bytes in every org. */
    static final EventRange NOTHING = new EventRange("no source", Instant.EPOCH, NOW);

    /** So that there is an anomaly. */
    private static final int SPIKE_DAY = 50;

    static final LocalDate SPIKE = FIRST_DAY.plusDays(SPIKE_DAY);

    static Member of(SmartData smartData, String org) {
        return new Member(smartData, Caller.of("user of " + org), OrgId.of(org));
    }

    OrgScope scope() {
        return smartData
                .access()
                .scope(
                        caller,
                        org,
                        Permission.VIEW,
                        Permission.VIEW_SUBJECTS,
                        Permission.VIEW_SENSITIVE,
                        Permission.EXPORT,
                        Permission.INGEST,
                        Permission.OPERATE);
    }

    Ingest ingest() {
        return smartData.ingest(scope());
    }

    RoutedIngest routed() {
        return smartData.ingest(caller);
    }

    Kpis kpis() {
        return smartData.kpis(scope());
    }

    Anomalies anomalies() {
        return smartData.anomalies(scope());
    }

    Alerts alerts() {
        return smartData.alerts(scope());
    }

    Forecasts forecasts() {
        return smartData.forecasts(scope());
    }

    DeadLetters letters() {
        return smartData.deadLetters(scope());
    }

    Corrections corrections() {
        return smartData.corrections(scope());
    }

    Sources sources() {
        return smartData.sources(scope());
    }

    Events events() {
        return smartData.events(scope());
    }

    Exports exports() {
        return smartData.exports(scope());
    }

    AuditLog audit() {
        return smartData.audit(scope());
    }

    /** The first dead letter of the member's own. */
    UUID ownLetter() {
        return letters().list(DeadLetterQuery.any(1)).get(0).id();
    }

    static IngestOptions lenient(String source) {
        return IngestOptions.lenient(ReadOptions.defaults(source).withIdentity(Identity.CLIENT));
    }

    /** An event of the member's own. */
    static Event.Builder event(String id) {
        return Event.named("visit", at(0)).id(id).source("web").value(1);
    }

    static Instant at(int day) {
        return FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toInstant().plus(Duration.ofDays(day));
    }

    static byte[] row(String id, String more) {
        return "{\"id\":\"%s\",\"name\":\"visit\",\"time\":\"2026-03-01T10:00:00Z\"%s}"
                .formatted(id, more)
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Fills the org: sixty days of events under a name, one event with every part, one dead letter, one call with an
     * idempotency key, derived answers and an audit entry.
     *
     * @param words what everything is called
     * @return what of it names something
     */
    Map<Probe, String> fill(String words) {
        String source = "source-" + words;
        String name = "name-" + words;
        Map<Probe, String> named = new EnumMap<>(Probe.class);
        List<Event> events = new ArrayList<>();
        for (int day = 0; day < 60; day++) {
            events.add(Event.named(name, at(day))
                    .id(day == 0 ? "id-" + words : "day-" + day)
                    .source(source)
                    .subject("subject-" + words)
                    .entity("entity-" + words)
                    .session("session-" + words)
                    .value(day == SPIKE_DAY ? 10_000 : 100 + day % 7)
                    .properties(Properties.of(Map.of("note", "note-" + words)))
                    .build());
        }
        IngestReceipt receipt = ingest().events(events, "key-" + words);
        String bad =
                "{\"id\":\"bad\",\"name\":\"%1$s\",\"time\":\"bad-%1$s\",\"note\":\"payload-%1$s\"}".formatted(words);
        ingest().batch(bad.getBytes(StandardCharsets.UTF_8), lenient(source));
        String kpi = name + ".sum";
        anomalies().detect(kpi, FIRST_DAY, END);
        alerts().expect(kpi, END, END.plusDays(9), "note-" + words);
        forecasts().forecast(kpi, 3, "seasonal-naive");
        kpis().rebuild(FIRST_DAY, END);
        ExportJob export = exports().request(NOTHING, ExportFormat.NDJSON, false);
        DeadLetter letter = letters().list(DeadLetterQuery.any(1)).get(0);
        named.put(Probe.ORG, org.value());
        named.put(Probe.CALLER, caller.name());
        named.put(Probe.RECEIPT, receipt.id().toString());
        named.put(Probe.LETTER, letter.id().toString());
        named.put(
                Probe.AUDIT_RECORD,
                audit().list(AuditQuery.newest(1)).get(0).id().toString());
        named.put(Probe.EXPORT, export.id().toString());
        named.put(Probe.EVENT_ID, "id-" + words);
        named.put(Probe.IDEMPOTENCY_KEY, "key-" + words);
        named.put(Probe.SOURCE, source);
        named.put(Probe.EVENT_NAME, name);
        named.put(Probe.KPI, kpi);
        named.put(Probe.SUBJECT, "subject-" + words);
        named.put(Probe.ENTITY, "entity-" + words);
        return named;
    }
}

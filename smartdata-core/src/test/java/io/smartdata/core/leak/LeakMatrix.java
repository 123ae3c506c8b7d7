package io.smartdata.core.leak;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.anomaly.Detectors;
import io.smartdata.core.correction.RetractRequest;
import io.smartdata.core.deadletter.ReplayRequest;
import io.smartdata.core.event.EventQuery;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.RoutedEvent;
import io.smartdata.core.kpi.BucketPoint;
import io.smartdata.core.kpi.Comparison;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.AnomalyQuery;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventSelection;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How every operation is tried: with something a foreign org has, and once for all it answers about the own org. A new
 * operation gets a line here, or a reason why it needs none.
 */
final class LeakMatrix {
    private static final KpiQuery VISITS = KpiQuery.of("name-own.sum").between(Member.FIRST_DAY, Member.END);

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, String> excused = new LinkedHashMap<>();

    /** Tries an operation. */
    @FunctionalInterface
    interface Trial {
        @Nullable
        Object on(Member us, String probe) throws Exception;
    }

    /**
     * One line.
     *
     * @param operation as {@link Operations} names it
     * @param probe what is tried; null if the operation takes nothing that could be foreign
     */
    record Row(String operation, @Nullable Probe probe, Trial trial) {
        @Override
        public String toString() {
            return operation + (probe == null ? "" : " with " + probe);
        }
    }

    private void row(String operation, Probe probe, Trial trial) {
        rows.add(new Row(operation, probe, trial));
    }

    private void row(String operation, Function<Member, @Nullable Object> own) {
        rows.add(new Row(operation, null, (us, none) -> own.apply(us)));
    }

    private void excuse(String operation, String reason) {
        excused.put(operation, reason);
    }

    List<Row> rows() {
        return rows;
    }

    /** Operations without a line, and why. */
    Map<String, String> excused() {
        return excused;
    }

    LeakMatrix() {
        access();
        ingest();
        figures();
        letters();
        corrections();
        events();
        exports();
        system();
    }

    private void access() {
        row(
                "Access.scope(Caller, OrgId, Permission, Permission[])",
                Probe.ORG,
                (us, org) ->
                        us.smartData().access().scope(us.caller(), OrgId.of(org), Permission.VIEW, Permission.OPERATE));
        row("Access.crossOrg(Caller)", us -> us.smartData().access().crossOrg(us.caller()));
        row(
                "Access.crossOrg(Caller)",
                Probe.CALLER,
                (us, caller) -> us.smartData().access().crossOrg(Caller.of(caller)));
        for (String read : List.of(
                "orgs()",
                "series(KpiQuery, Collection)",
                "freshness(Collection)",
                "audit(AuditQuery)",
                "runJob(String)")) {
            excuse("CrossOrg." + read, "needs a CrossOrgScope, which Access.crossOrg denies");
        }
        row("AuditLog.list(AuditQuery)", us -> us.audit().list(AuditQuery.newest(1000)));
        row(
                "AuditLog.list(AuditQuery)",
                Probe.CALLER,
                (us, caller) -> us.audit().list(AuditQuery.newest(1000).withCaller(caller)));
        row(
                "AuditLog.list(AuditQuery)",
                Probe.AUDIT_RECORD,
                (us, id) -> us.audit().list(AuditQuery.newest(1000).after(record(id))));
    }

    private static AuditRecord record(String id) {
        Instant late = Instant.parse("2999-01-01T00:00:00Z");
        AuditEntry entry = AuditEntry.begun(AuditAction.EXPORT, "events", Map.of());
        return new AuditRecord(UUID.fromString(id), late, Caller.of("somebody"), entry);
    }

    private void ingest() {
        row(
                "Ingest.events(List)",
                Probe.EVENT_ID,
                (us, id) -> us.ingest().events(List.of(Member.event(id).build())));
        row(
                "Ingest.events(List)",
                Probe.SOURCE,
                (us, source) -> us.ingest()
                        .events(List.of(
                                Member.event("of a source").source(source).build())));
        row(
                "Ingest.events(List)",
                Probe.EVENT_NAME,
                (us, name) -> us.ingest()
                        .events(List.of(Event.named(name, Member.at(0))
                                .id("named")
                                .source("web")
                                .build())));
        row(
                "Ingest.events(List, String)",
                Probe.IDEMPOTENCY_KEY,
                (us, key) ->
                        us.ingest().events(List.of(Member.event("under a key").build()), key));
        row(
                "Ingest.batch(byte[], IngestOptions)",
                Probe.ORG,
                (us, org) ->
                        us.ingest().batch(Member.row("of an org", ",\"org\":\"" + org + "\""), Member.lenient("web")));
        row(
                "Ingest.batch(byte[], IngestOptions)",
                Probe.EVENT_ID,
                (us, id) -> us.ingest().batch(Member.row(id, ",\"value\":7"), Member.lenient("web")));
        row(
                "Ingest.batch(byte[], IngestOptions)",
                Probe.IDEMPOTENCY_KEY,
                (us, key) -> us.ingest()
                        .batch(Member.row("keyed", ""), Member.lenient("web").withIdempotencyKey(key)));
        row(
                "Ingest.input(Input, IngestOptions)",
                Probe.SOURCE,
                (us, source) -> us.ingest()
                        .input(() -> new ByteArrayInputStream(Member.row("input", "")), Member.lenient(source)));
        row("Ingest.file(Path, IngestOptions)", Probe.EVENT_ID, LeakMatrix::file);
        row("Ingest.receipt(UUID)", Probe.RECEIPT, (us, id) -> us.ingest().receipt(UUID.fromString(id)));
        excuse(
                "Ingest.replay(StoredDeadLetter, ReplayOptions, Predicate)",
                "takes a letter that was read with a scope; DeadLetters.replay is what reads it");
        row(
                "RoutedIngest.events(List)",
                Probe.ORG,
                (us, org) -> us.routed()
                        .events(List.of(new RoutedEvent(
                                OrgId.of(org), Member.event("routed").build()))));
        row(
                "RoutedIngest.events(List)",
                Probe.ENTITY,
                (us, entity) -> us.routed()
                        .events(List.of(new RoutedEvent(
                                null, Member.event("resolved").entity(entity).build()))));
        row(
                "RoutedIngest.batch(byte[], IngestOptions)",
                Probe.ORG,
                (us, org) ->
                        us.routed().batch(Member.row("routed", ",\"org\":\"" + org + "\""), Member.lenient("web")));
        row("Sources.list()", us -> us.sources().list());
        row("Sources.declare(String, ConflictPolicy)", Probe.SOURCE, (us, source) -> {
            us.sources().declare(source, ConflictPolicy.REJECT);
            return us.sources().list();
        });
        row("Sources.requireDeclared(boolean)", us -> {
            us.sources().requireDeclared(true);
            us.sources().requireDeclared(false);
            return us.sources().list();
        });
    }

    private static Object file(Member us, String id) throws Exception {
        Path file = Files.createTempFile("leak", ".ndjson");
        try {
            Files.write(file, Member.row(id, ",\"value\":8"));
            return us.ingest().file(file, Member.lenient("web"));
        } finally {
            Files.delete(file);
        }
    }

    private void figures() {
        row("Kpis.series(KpiQuery)", us -> us.kpis().series(VISITS));
        row("Kpis.series(KpiQuery)", Probe.KPI, (us, kpi) -> us.kpis().series(KpiQuery.of(kpi)));
        row("Kpis.series(KpiQuery)", Probe.SOURCE, (us, source) -> us.kpis().series(VISITS.source(source)));
        row(
                "Kpis.top(String, String, LocalDate, LocalDate, int)",
                Probe.KPI,
                (us, kpi) -> us.kpis().top(kpi, "country", Member.FIRST_DAY, Member.END, 10));
        row("Kpis.compare(KpiQuery, With)", us -> us.kpis().compare(VISITS, Comparison.With.PREVIOUS_PERIOD));
        row(
                "Kpis.compare(KpiQuery, With)",
                Probe.KPI,
                (us, kpi) -> us.kpis().compare(KpiQuery.of(kpi), Comparison.With.LAST_YEAR));
        row(
                "Kpis.compare(KpiQuery, With)",
                Probe.SOURCE,
                (us, source) -> us.kpis().compare(VISITS.source(source), Comparison.With.PREVIOUS_PERIOD));
        row("Kpis.names()", us -> us.kpis().names());
        row("Kpis.definitions()", us -> us.kpis().definitions());
        row("Kpis.requireExisting(String)", Probe.KPI, (us, kpi) -> {
            us.kpis().requireExisting(kpi);
            return "there";
        });
        row("Kpis.overview(Period, String, int)", us -> us.kpis().overview(Period.ofYears(100), null, 1000));
        row(
                "Kpis.overview(Period, String, int)",
                Probe.KPI,
                (us, kpi) -> us.kpis().overview(Period.ofYears(100), kpi, 1000));
        row("Kpis.verify(LocalDate, LocalDate)", us -> us.kpis().verify(Member.FIRST_DAY, Member.END));
        row("Kpis.rebuild(LocalDate, LocalDate)", us -> us.kpis().rebuild(Member.FIRST_DAY, Member.END));
        row("Kpis.compact()", us -> us.kpis().compact());
        row("Kpis.settings()", us -> us.kpis().settings());
        row("Kpis.changeZone(ZoneId)", us -> us.kpis().changeZone(ZoneId.of("Asia/Tokyo")));
        row(
                "Anomalies.detect(String, LocalDate, LocalDate)",
                Probe.KPI,
                (us, kpi) -> us.anomalies().detect(kpi, Member.FIRST_DAY, Member.END));
        row(
                "Anomalies.detect(String, LocalDate, LocalDate)",
                us -> us.anomalies().detect("name-own.sum", Member.FIRST_DAY, Member.END));
        excuse(
                "Anomalies.detect(String, LocalDate, LocalDate, AnomalyDetector)",
                "what detect(String, LocalDate, LocalDate) calls with the detector of the library");
        row(
                "Anomalies.found(Optional, LocalDate, LocalDate)",
                Probe.KPI,
                (us, kpi) -> us.anomalies().found(Optional.of(kpi), Member.FIRST_DAY, Member.END));
        row(
                "Anomalies.found(Optional, LocalDate, LocalDate)",
                us -> us.anomalies().found(Optional.empty(), Member.FIRST_DAY, Member.END));
        row(
                "Anomalies.found(AnomalyQuery)",
                us -> us.anomalies().found(new AnomalyQuery(null, Member.FIRST_DAY, Member.END, null, 1000)));
        row(
                "Anomalies.found(AnomalyQuery)",
                Probe.KPI,
                (us, kpi) -> us.anomalies()
                        .found(new AnomalyQuery(
                                kpi,
                                Member.FIRST_DAY,
                                Member.END,
                                new AnomalyQuery.Place(SeriesKey.of(kpi), ""),
                                1000)));
        row(
                "Anomalies.judge(Collection, LocalDate, LocalDate)",
                us -> us.anomalies().judge(List.of("name-own.sum"), Member.FIRST_DAY, Member.END));
        row(
                "Anomalies.judge(Collection, LocalDate, LocalDate)",
                Probe.KPI,
                (us, kpi) -> us.anomalies().judge(List.of(kpi), Member.FIRST_DAY, Member.END));
        row(
                "Anomalies.simulate(String, LocalDate, LocalDate, AnomalyDetector)",
                Probe.KPI,
                (us, kpi) ->
                        us.anomalies().simulate(kpi, Member.FIRST_DAY, Member.END, Detectors.of("rolling-zscore")));
        excuse("Anomalies.withIncidents(List)", "takes what judge answered; says nothing about what it was not given");
        excuse("Anomalies.keep(List, LocalDate, LocalDate)", "takes what judge answered");
        alerts();
        row(
                "Forecasts.forecast(String, int, String)",
                us -> us.forecasts().forecast("name-own.sum", 3, "seasonal-naive"));
        excuse("Forecasts.forecast(String, int)", "forecast(String, int, String) with the model of the library");
        row(
                "Forecasts.forecast(String, int, String)",
                Probe.KPI,
                (us, kpi) -> us.forecasts().forecast(kpi, 3, "seasonal-naive"));
        row("Forecasts.reestimate(String, int)", us -> us.forecasts().reestimate("name-own.sum", 3));
        row(
                "Forecasts.reestimate(String, int)",
                Probe.KPI,
                (us, kpi) -> us.forecasts().reestimate(kpi, 3));
        row("Forecasts.update(String, int)", us -> us.forecasts().update("name-own.sum", 3));
        row(
                "Forecasts.update(String, int)",
                Probe.KPI,
                (us, kpi) -> us.forecasts().update(kpi, 3));
        row("Forecasts.update(Collection, int)", us -> us.forecasts().update(List.of("name-own.sum"), 3));
        row(
                "Forecasts.update(Collection, int)",
                Probe.KPI,
                (us, kpi) -> us.forecasts().update(List.of(kpi), 3));
        row("Forecasts.updatable()", us -> us.forecasts().updatable());
        row(
                "Forecasts.reliability(String)",
                Probe.KPI,
                (us, kpi) -> us.forecasts().reliability(kpi));
        row("Kpis.series(List)", us -> us.kpis().series(List.of(KpiQuery.of("name-own.sum"))));
        row("Kpis.series(List)", Probe.KPI, (us, kpi) -> us.kpis().series(List.of(KpiQuery.of(kpi))));
        row("Forecasts.latest(String)", Probe.KPI, (us, kpi) -> us.forecasts().latest(kpi));
        row("Forecasts.latest()", us -> us.forecasts().latest());
        row("Forecasts.latest(String, int)", us -> us.forecasts().latest(null, 1000));
        row(
                "Forecasts.latest(String, int)",
                Probe.KPI,
                (us, kpi) -> us.forecasts().latest(kpi, 1000));
        row("SmartData.freshness(OrgScope)", us -> us.smartData().freshness(us.scope()));
        row("SmartData.zone(OrgScope)", us -> us.smartData().zone(us.scope()));
    }

    private void alerts() {
        row("Alerts.incidents(LocalDate, LocalDate)", us -> us.alerts().incidents(Member.FIRST_DAY, Member.END));
        row("Alerts.expect(String, LocalDate, LocalDate, String)", Probe.KPI, (us, kpi) -> {
            us.alerts().expect(kpi, Member.END, Member.END.plusDays(1), "a sale");
            return us.alerts().marks();
        });
        row("Alerts.mute(String, LocalDate, LocalDate, String)", Probe.KPI, (us, kpi) -> {
            us.alerts().mute(kpi, Member.END, Member.END.plusDays(1), "known");
            return us.alerts().marks();
        });
        row("Alerts.acknowledge(String, String)", Probe.KPI, (us, kpi) -> {
            us.alerts().acknowledge(Member.SPIKE + " " + kpi, "looked at");
            return us.alerts().marks();
        });
        row(
                "Alerts.withdraw(Kind, String, LocalDate)",
                Probe.KPI,
                (us, kpi) -> us.alerts().withdraw(AlertMark.Kind.EXPECTED, kpi, Member.END));
        row("Alerts.marks()", us -> us.alerts().marks());
        row(
                "Alerts.explain(String, String)",
                Probe.KPI,
                (us, kpi) -> us.alerts().explain(kpi, Member.SPIKE.toString()));
    }

    private void letters() {
        row("DeadLetters.list(DeadLetterQuery)", us -> us.letters().list(DeadLetterQuery.any(1000)));
        row(
                "DeadLetters.list(DeadLetterQuery)",
                Probe.SOURCE,
                (us, source) -> us.letters()
                        .list(DeadLetterQuery.of(DeadLetterFilter.any().withSource(source), 1000)));
        row(
                "DeadLetters.list(DeadLetterQuery)",
                Probe.RECEIPT,
                (us, id) -> us.letters()
                        .list(DeadLetterQuery.of(DeadLetterFilter.any().withReceipt(UUID.fromString(id)), 1000)));
        row("DeadLetters.counts(DeadLetterFilter)", us -> us.letters().counts(DeadLetterFilter.any()));
        row(
                "DeadLetters.counts(DeadLetterFilter)",
                Probe.LETTER,
                (us, id) -> us.letters().counts(letter(id)));
        row("DeadLetters.get(UUID)", us -> us.letters().get(us.ownLetter()));
        row("DeadLetters.get(UUID)", Probe.LETTER, (us, id) -> us.letters().get(UUID.fromString(id)));
        row("DeadLetters.payload(UUID)", us -> us.letters().payload(us.ownLetter()));
        row("DeadLetters.payload(UUID)", Probe.LETTER, (us, id) -> us.letters().payload(UUID.fromString(id)));
        row("DeadLetters.replay(UUID)", Probe.LETTER, (us, id) -> us.letters().replay(UUID.fromString(id)));
        row(
                "DeadLetters.replay(UUID, byte[])",
                Probe.LETTER,
                (us, id) -> us.letters().replay(UUID.fromString(id), Member.row("edited", "")));
        row(
                "DeadLetters.replay(UUID, byte[], boolean)",
                Probe.LETTER,
                (us, id) -> us.letters().replay(UUID.fromString(id), Member.row("replayed", ""), false));
        row(
                "DeadLetters.replay(ReplayRequest)",
                Probe.LETTER,
                (us, id) -> us.letters().replay(ReplayRequest.of(letter(id))));
        row(
                "DeadLetters.replay(ReplayRequest)",
                us -> us.letters()
                        .replay(ReplayRequest.of(DeadLetterFilter.open()).withDryRun(true)));
        row(
                "DeadLetters.discard(DeadLetterFilter, String)",
                Probe.LETTER,
                (us, id) -> us.letters().discard(letter(id), "tried"));
        row(
                "DeadLetters.discard(DeadLetterFilter, String)",
                Probe.SOURCE,
                (us, source) -> us.letters().discard(DeadLetterFilter.any().withSource(source), "tried"));
        row(
                "DeadLetters.reopen(DeadLetterFilter)",
                Probe.RECEIPT,
                (us, id) -> us.letters().reopen(DeadLetterFilter.any().withReceipt(UUID.fromString(id))));
    }

    private static DeadLetterFilter letter(String id) {
        return DeadLetterFilter.any().withIds(Set.of(UUID.fromString(id)));
    }

    private void corrections() {
        retract(Probe.RECEIPT, id -> EventSelection.ofReceipt(UUID.fromString(id)));
        retract(Probe.EVENT_ID, id -> EventSelection.ofIds("web", Set.of(EventId.of(id))));
        retract(Probe.SOURCE, EventSelection::ofSource);
        retract(Probe.EVENT_NAME, EventSelection::ofName);
    }

    private void retract(Probe probe, Function<String, EventSelection> selection) {
        row(
                "Corrections.retract(RetractRequest)",
                probe,
                (us, text) -> us.corrections()
                        .retract(RetractRequest.of(selection.apply(text)).withDryRun(true)));
        row(
                "Corrections.retract(RetractRequest)",
                probe,
                (us, text) -> us.corrections().retract(RetractRequest.of(selection.apply(text))));
    }

    private void events() {
        Instant never = Instant.parse("2999-01-01T00:00:00Z");
        StoredEventFilter any = StoredEventFilter.any();
        row(
                "Events.page(EventQuery)",
                us -> us.events().page(EventQuery.of(any, 100)).events());
        lookFor(Probe.SOURCE, any::withSource);
        lookFor(Probe.EVENT_NAME, any::withName);
        lookFor(Probe.SUBJECT, any::withSubject);
        lookFor(Probe.ENTITY, any::withEntity);
        row(
                "Events.now(StoredEventFilter)",
                us -> us.events().now(any.withReceivedSince(never)).isEmpty());
        row(
                "Events.behind(BucketPoint, int, String)",
                Probe.KPI,
                (us, kpi) -> us.events()
                        .behind(BucketPoint.of(kpi, Member.FIRST_DAY.toString()), 100, null)
                        .events());
        row(
                "Events.behind(BucketPoint, int, String)",
                Probe.SOURCE,
                (us, source) -> us.events()
                        .behind(
                                BucketPoint.of("name-own.sum", Member.FIRST_DAY.toString())
                                        .source(source),
                                100,
                                null)
                        .events());
    }

    private void lookFor(Probe probe, Function<String, StoredEventFilter> filter) {
        row(
                "Events.page(EventQuery)",
                probe,
                (us, text) ->
                        us.events().page(EventQuery.of(filter.apply(text), 100)).events());
        row(
                "Events.arrivals(EventQuery)",
                probe,
                (us, text) -> us.events()
                        .arrivals(EventQuery.of(filter.apply(text), 100))
                        .events());
    }

    private void exports() {
        row("Exports.events(EventRange, ExportFormat, Writer)", us -> export(us, null));
        row("Exports.events(EventRange, ExportFormat, Writer)", Probe.SOURCE, LeakMatrix::export);
        row("Exports.kpis(String, LocalDate, LocalDate, ExportFormat, Writer)", us -> kpis(us, null));
        row("Exports.kpis(String, LocalDate, LocalDate, ExportFormat, Writer)", Probe.SOURCE, LeakMatrix::kpis);
        row("Exports.anomalies(LocalDate, LocalDate, ExportFormat, Writer)", us -> {
            StringWriter out = new StringWriter();
            us.exports().anomalies(Member.FIRST_DAY, Member.END, ExportFormat.CSV, out);
            return out.toString();
        });
        row("Exports.forecasts(ExportFormat, Writer)", us -> {
            StringWriter out = new StringWriter();
            us.exports().forecasts(ExportFormat.NDJSON, out);
            return out.toString();
        });
        row(
                "Exports.request(EventRange, ExportFormat, boolean)",
                us -> us.exports().request(Member.NOTHING, ExportFormat.CSV, false));
        row("Exports.requested()", us -> us.exports().requested());
        row("Exports.status(UUID)", Probe.EXPORT, (us, id) -> us.exports().status(UUID.fromString(id)));
        row("Exports.fetch(UUID, OutputStream)", Probe.EXPORT, (us, id) -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            return List.of(us.exports().fetch(UUID.fromString(id), out), out.toByteArray());
        });
        row("Exports.discard(UUID)", Probe.EXPORT, (us, id) -> {
            us.exports().discard(UUID.fromString(id));
            return us.exports().requested();
        });
    }

    private static String export(Member us, @Nullable String source) {
        StringWriter out = new StringWriter();
        EventRange all = EventRange.all();
        us.exports().events(new EventRange(source, all.from(), all.to()), ExportFormat.CSV, out);
        us.exports().events(new EventRange(source, all.from(), all.to()), ExportFormat.NDJSON, out);
        return out.toString();
    }

    private static String kpis(Member us, @Nullable String source) {
        StringWriter out = new StringWriter();
        us.exports().kpis(source, Member.FIRST_DAY, Member.END, ExportFormat.CSV, out);
        return out.toString();
    }

    private void system() {
        row("SmartData.health()", us -> us.smartData().health());
        row("Jobs.list()", us -> us.smartData().jobs().list());
        row("Jobs.health()", us -> us.smartData().jobs().health());
        row(
                "Maintenance.storage()",
                us -> us.smartData().maintenance().storage().complete());
        String system = "works for the system and shows counts only; a host asks its own permissions first";
        excuse("Maintenance.compact(Duration)", system);
        excuse("Jobs.run(String)", system);
        excuse("Jobs.begin(String)", system);
        excuse("Jobs.runDue()", system);
        excuse("Jobs.history(String, int)", system);
        excuse("SmartData.start()", "answers nothing");
        excuse("SmartData.stop()", "answers nothing");
        excuse("SmartData.close()", "answers nothing");
    }
}

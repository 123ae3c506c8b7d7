package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AlertMark;
import io.smartdata.anomaly.Severity;
import io.smartdata.core.SmartData;
import io.smartdata.core.anomaly.Alerts;
import io.smartdata.core.anomaly.Incident;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The anomalies that somebody should look at, and what people say about them. */
final class AlertRoutes implements RouteGroup {
    private static final Parameter<Cursor> INCIDENT_CURSOR = Cursor.parameter(2);
    private static final Parameter<Cursor> MARK_CURSOR = Cursor.parameter(3);
    private static final Comparator<Cursor> LATEST_FIRST = Comparator.<Cursor, String>comparing(
                    cursor -> cursor.part(0))
            .reversed()
            .thenComparing(cursor -> cursor.part(1));

    private static final Parameter<AlertMark.Kind> KIND =
            Parameter.choice("kind", "What was said.", AlertMark.Kind.class);
    private static final Parameter<String> KPI =
            Parameter.text("kpi", "The KPI it was said of; unless given, all of the org.");
    private static final Parameter<LocalDate> FIRST_DAY = Parameter.day("from", "First local day it was said of.");

    private static final int MAX_NOTE_LENGTH = 500;

    private final SmartData smartData;
    private final int maxDays;

    /** @param maxDays most days of a range */
    AlertRoutes(SmartData smartData, int maxDays) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
    }

    /** A page of them, the latest first. */
    record IncidentPage(
            List<KnownIncident> incidents,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next) {
        /** Alerts that belong together. */
        record KnownIncident(
                @About("First bucket and a KPI of it.") String id,
                String firstBucket,
                String lastBucket,

                @About("Greatest of its alerts.") Severity severity,

                @About("Whether somebody looks after it.") boolean acknowledged,

                @About("Those in the range that was asked for.")
                List<FoundAnomaly> alerts) {
            static KnownIncident of(Incident incident) {
                return new KnownIncident(
                        incident.id(),
                        incident.firstBucket(),
                        incident.lastBucket(),
                        incident.severity(),
                        incident.acknowledged(),
                        incident.alerts().stream().map(FoundAnomaly::of).toList());
            }
        }
    }

    /** Somebody looks after an incident. */
    record Acknowledgement(
            @About("Id of the incident.") String incident,

            @About("Why, at most 500 characters.") @Nullable String note) {
        Acknowledgement {
            requireShort(note);
        }
    }

    /** What may be said of days to come or gone. */
    enum Saying {
        /** Something known makes the values: they are neither judged nor learnt from. */
        EXPECTED,
        /** Nobody wants to hear of it: anomalies are found, and are no alerts. */
        MUTED
    }

    /** Something to say of some days. */
    record DaysToMark(
            @About("expected: neither judged nor learnt from; muted: judged, without alerts.")
            Saying kind,

            @About("Unless given, all of the org.") @Nullable
            String kpi,

            @About("First local day, inclusive.") LocalDate from,
            @About("Last local day, exclusive.") LocalDate to,

            @About("Why, at most 500 characters.") @Nullable String note) {
        DaysToMark {
            requireShort(note);
        }
    }

    private static void requireShort(@Nullable String note) {
        if (note != null && note.length() > MAX_NOTE_LENGTH) {
            throw new SmartDataException(
                    "invalid_request",
                    "A note has at most %d characters. Nothing was changed.".formatted(MAX_NOTE_LENGTH));
        }
    }

    /** A page of what is said, by first day. */
    record MarkPage(
            List<Mark> marks,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next) {
        /** What people say about the anomalies of some days. */
        record Mark(
                AlertMark.Kind kind,
                @About("Null for all of the org.") @Nullable String kpi,

                LocalDate from,
                @About("Exclusive.") LocalDate to,
                String note) {
            static Mark of(AlertMark mark) {
                return new Mark(
                        mark.kind(), mark.kpi().isEmpty() ? null : mark.kpi(), mark.from(), mark.to(), mark.note());
            }
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/incidents", "listIncidents", "Alerts that belong together, the latest first.")
                        .needs(Permission.VIEW)
                        .offers("Alerts.incidents")
                        .with(Days.FROM, Days.TO, Cursor.LIMIT, INCIDENT_CURSOR)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(IncidentPage.class, this::incidents),
                Route.post(
                                "/incidents/acknowledgement",
                                "acknowledgeIncident",
                                "Says that somebody looks after an incident, however it goes on.")
                        .needs(Permission.VIEW, Permission.OPERATE)
                        .offers("Alerts.acknowledge")
                        .body(Acknowledgement.class)
                        .errors(ErrorCode.UNKNOWN_INCIDENT, ErrorCode.UNKNOWN_KPI, ErrorCode.UNKNOWN_ORG)
                        .answersNothing(this::acknowledge),
                Route.get("/marks", "listMarks", "What people say about the anomalies of some days.")
                        .needs(Permission.VIEW)
                        .offers("Alerts.marks")
                        .with(Cursor.LIMIT, MARK_CURSOR)
                        .answers(MarkPage.class, this::marks),
                Route.put(
                                "/marks",
                                "putMark",
                                "Says that days are expected or muted, in place of what was said of the same KPI and first day.")
                        .needs(Permission.VIEW, Permission.OPERATE)
                        .offers("Alerts.expect", "Alerts.mute")
                        .body(DaysToMark.class)
                        .errors(ErrorCode.UNKNOWN_KPI, ErrorCode.UNKNOWN_ORG)
                        .answersNothing(this::mark),
                Route.delete("/marks", "withdrawMark", "Takes back what was said.")
                        .needs(Permission.OPERATE)
                        .offers("Alerts.withdraw")
                        .requires(KIND, FIRST_DAY)
                        .with(KPI)
                        .errors(ErrorCode.UNKNOWN_MARK, ErrorCode.UNKNOWN_ORG)
                        .answersNothing(this::withdraw));
    }

    private Alerts alerts(Call call) {
        return smartData.alerts(call.scope());
    }

    private IncidentPage incidents(Call call) {
        Days days = Days.asked(
                call, maxDays, () -> smartData.kpis(call.scope()).settings().zone());
        Cursor.Page<Incident> page = Cursor.Page.of(
                alerts(call).incidents(days.from(), days.to()),
                call.get(INCIDENT_CURSOR).orElse(null),
                call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT),
                LATEST_FIRST,
                incident -> Cursor.of(incident.firstBucket(), incident.id()));
        return new IncidentPage(page.map(IncidentPage.KnownIncident::of), page.next());
    }

    private void acknowledge(Call call) {
        Acknowledgement said = call.body(Acknowledgement.class);
        alerts(call).acknowledge(said.incident(), note(said.note()));
    }

    private static String note(@Nullable String note) {
        return note == null ? "" : note;
    }

    private MarkPage marks(Call call) {
        Cursor.Page<AlertMark> page = Cursor.Page.of(
                alerts(call).marks(),
                call.get(MARK_CURSOR).orElse(null),
                call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT),
                Cursor.ascending(),
                mark -> Cursor.of(mark.from().toString(), mark.kind().name(), mark.kpi()));
        return new MarkPage(page.map(MarkPage.Mark::of), page.next());
    }

    private void mark(Call call) {
        DaysToMark said = call.body(DaysToMark.class);
        Days days = new Days(said.from(), said.to());
        String kpi = said.kpi() == null ? "" : said.kpi();
        switch (said.kind()) {
            case EXPECTED -> alerts(call).expect(kpi, days.from(), days.to(), note(said.note()));
            case MUTED -> alerts(call).mute(kpi, days.from(), days.to(), note(said.note()));
        }
    }

    private void withdraw(Call call) {
        if (!alerts(call).withdraw(call.required(KIND), call.get(KPI, ""), call.required(FIRST_DAY))) {
            throw new SmartDataException(ErrorCode.UNKNOWN_MARK.code(), ErrorCode.UNKNOWN_MARK.meaning());
        }
    }
}

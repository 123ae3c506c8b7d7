package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AlertMark;
import io.smartdata.anomaly.Severity;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The anomalies of one org that somebody should look at, as incidents, and what people say about them. What is said holds
 * for later runs too, and is written into the org's log.
 *
 * @since 0.1.0
 */
public final class Alerts {
    private final Storage storage;
    private final Kpis kpis;
    private final Meters meters;
    private final OrgScope scope;

    public Alerts(Storage storage, Kpis kpis, Meters meters, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.kpis = requireNonNull(kpis, "kpis");
        this.meters = requireNonNull(meters, "meters");
        this.scope = requireNonNull(scope, "scope");
    }

    /**
     * Incidents with an alert in a range of local days, the latest first; of alerts outside of the range nothing is shown.
     *
     * @throws SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<Incident> incidents(LocalDate from, LocalDate to) {
        scope.require(Permission.VIEW);
        return meters.query("incidents", () -> {
            Map<String, List<StoredAnomaly>> byIncident = new TreeMap<>();
            for (StoredAnomaly anomaly : storage.results().anomalies(scope, Optional.empty(), from, to)) {
                if (anomaly.incident() != null) {
                    byIncident
                            .computeIfAbsent(anomaly.incident(), first -> new ArrayList<>())
                            .add(anomaly);
                }
            }
            List<AlertMark> marks = storage.results().marks(scope);
            return byIncident.entrySet().stream()
                    .map(entry -> incident(entry.getKey(), entry.getValue(), marks))
                    .sorted(Comparator.comparing(Incident::firstBucket)
                            .reversed()
                            .thenComparing(Incident::id))
                    .toList();
        });
    }

    private static Incident incident(String id, List<StoredAnomaly> alerts, List<AlertMark> marks) {
        Severity greatest = alerts.stream()
                .map(alert -> Severity.valueOf(alert.severity()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        boolean acknowledged = marks.stream()
                .anyMatch(mark -> mark.kind() == AlertMark.Kind.ACKNOWLEDGED && mark.covers(kpiOf(id), dayOf(id)));
        return new Incident(id, greatest, acknowledged, alerts);
    }

    /** An id is a bucket, a space and a KPI. */
    private static LocalDate dayOf(String incident) {
        return LocalDate.parse(incident.substring(0, 10));
    }

    private static String kpiOf(String incident) {
        return incident.substring(incident.indexOf(' ') + 1);
    }

    /**
     * Says that something known makes the values of some days, a holiday or a campaign: later runs neither judge nor learn
     * from them.
     *
     * @param kpi empty for all of the org
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW} and {@link Permission#OPERATE}
     */
    public void expect(String kpi, LocalDate from, LocalDate to, String note) {
        mark(new AlertMark(AlertMark.Kind.EXPECTED, kpi, from, to, note));
    }

    /**
     * Says that nobody wants to hear of a KPI for some days: its anomalies are found, and later runs make no alerts of them.
     *
     * @param kpi empty for all of the org
     * @param from first local day, inclusive
     * @param until last local day, exclusive
     * @throws SmartDataException as {@link #expect}
     */
    public void mute(String kpi, LocalDate from, LocalDate until, String note) {
        mark(new AlertMark(AlertMark.Kind.MUTED, kpi, from, until, note));
    }

    /**
     * Says that somebody looks after an incident, however it goes on.
     *
     * @param incident {@link Incident#id()}
     * @throws SmartDataException {@code unknown_incident} if the org has none of that id, {@code not_permitted} without
     *     {@link Permission#VIEW} and {@link Permission#OPERATE}
     */
    public void acknowledge(String incident, String note) {
        scope.require(Permission.OPERATE);
        scope.require(Permission.VIEW);
        LocalDate day = existing(incident);
        mark(new AlertMark(AlertMark.Kind.ACKNOWLEDGED, kpiOf(incident), day, day.plusDays(1), note));
    }

    private LocalDate existing(String incident) {
        try {
            LocalDate day = dayOf(incident);
            if (storage.results().anomalies(scope, Optional.of(kpiOf(incident)), day, day.plusDays(1)).stream()
                    .anyMatch(anomaly -> incident.equals(anomaly.incident()))) {
                return day;
            }
        } catch (DateTimeParseException | IndexOutOfBoundsException e) {
            throw unknownIncident(e);
        }
        throw unknownIncident(null);
    }

    private static SmartDataException unknownIncident(@Nullable Exception cause) {
        return new SmartDataException(
                "unknown_incident",
                "This org has no incident of that id. Nothing was changed. Incidents are listed with their ids.",
                cause);
    }

    private void mark(AlertMark mark) {
        scope.require(Permission.OPERATE);
        if (!mark.kpi().isEmpty()) {
            kpis.series(KpiQuery.of(mark.kpi()).between(mark.from(), mark.from()));
        }
        storage.results()
                .mark(
                        scope,
                        List.of(mark),
                        audit(mark.kind(), mark.kpi(), mark.from(), mark.to().toString()));
    }

    /**
     * Takes back what was said.
     *
     * @param from first local day it was said of
     * @return false if nothing was
     * @throws SmartDataException {@code not_permitted} without {@link Permission#OPERATE}
     */
    public boolean withdraw(AlertMark.Kind kind, String kpi, LocalDate from) {
        scope.require(Permission.OPERATE);
        return storage.results().unmark(scope, kind, kpi, from, audit(kind, kpi, from, "withdrawn"));
    }

    private static AuditEntry audit(AlertMark.Kind kind, String kpi, LocalDate from, String until) {
        return AuditEntry.done(
                AuditAction.MARK_ANOMALIES,
                kpi.isEmpty() ? "all KPIs" : kpi,
                Map.of("kind", kind.name(), "from", from.toString(), "until", until));
    }

    /**
     * All that is said, by first day.
     *
     * @throws SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<AlertMark> marks() {
        scope.require(Permission.VIEW);
        return storage.results().marks(scope);
    }

    /**
     * What is behind an anomaly that was found: the dimension values that changed, and where its raw events are.
     *
     * @param bucket as in {@link StoredAnomaly#bucket()}
     * @throws SmartDataException {@code unknown_anomaly} if none was found there, {@code unknown_org},
     *     {@code not_permitted} without {@link Permission#VIEW}
     */
    public Explanation explain(String kpi, String bucket) {
        scope.require(Permission.VIEW);
        StoredAnomaly anomaly =
                storage.results().anomalies(scope, Optional.of(kpi), CellRange.FIRST_DAY, CellRange.END).stream()
                        .filter(found -> found.bucket().equals(bucket))
                        .findFirst()
                        .orElseThrow(() -> new SmartDataException(
                                "unknown_anomaly",
                                "This org has no anomaly of that KPI and bucket. Anomalies are listed with both."));
        return new Explainer(kpis, anomaly).explain();
    }
}

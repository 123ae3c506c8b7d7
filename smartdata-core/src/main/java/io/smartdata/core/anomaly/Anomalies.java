package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AlertMark;
import io.smartdata.anomaly.Anomaly;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.forecast.CalendarEvents;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.AnomalyQuery;
import io.smartdata.storage.FoundAnomalies;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Clock;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Anomalies in the KPIs of one org. A requested range is warmed up from the history before it; only complete buckets are
 * judged. Days on which something known happens, told by the host's calendar or marked in {@link Alerts#expect}, are
 * neither judged nor learnt from.
 *
 * @since 0.1.0
 */
public final class Anomalies {
    /** Two years hold every season a KPI of days or hours has. */
    private static final Period WARM_UP = Period.ofYears(2);

    /** Four weeks, as far as a night looks back. */
    private static final int NIGHTS = 28;

    private static final Logger LOG = LoggerFactory.getLogger(Anomalies.class);

    private final Storage storage;
    private final Kpis kpis;
    private final AlertBudget budget;
    private final Function<OrgId, CalendarEvents> events;
    private final Meters meters;
    private final Clock clock;
    private final OrgScope scope;

    /** @param events days that matter, by org */
    public Anomalies(
            Storage storage,
            Kpis kpis,
            AlertBudget budget,
            Function<OrgId, CalendarEvents> events,
            Meters meters,
            Clock clock,
            OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.kpis = requireNonNull(kpis, "kpis");
        this.budget = requireNonNull(budget, "budget");
        this.events = requireNonNull(events, "events");
        this.meters = requireNonNull(meters, "meters");
        this.clock = requireNonNull(clock, "clock");
        this.scope = requireNonNull(scope, "scope");
    }

    /** As {@link #detect(String, LocalDate, LocalDate, AnomalyDetector)} with the detector {@code auto}. */
    public List<Anomaly> detect(String kpi, LocalDate from, LocalDate to) {
        return detect(kpi, from, to, Detectors.of(Detectors.DEFAULT));
    }

    /**
     * Judges a range of a KPI and keeps what it finds, in place of what was found there before.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @return anomalies in the range, alerts or not, oldest first
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW} and {@link Permission#OPERATE}
     */
    public List<Anomaly> detect(String kpi, LocalDate from, LocalDate to, AnomalyDetector detector) {
        scope.require(Permission.OPERATE);
        KpiSeries series = kpis.series(warmedUp(kpi, from, to));
        if (series.points().isEmpty()) {
            kpis.requireExisting(kpi);
        }
        JudgedKpi judged = new KpiJudge(detector, from, clock.instant()).judge(series, expected(kpi), null, null);
        keep(withIncidents(List.of(judged)), from, to);
        return judged.anomalies();
    }

    private static KpiQuery warmedUp(String kpi, LocalDate from, LocalDate to) {
        return KpiQuery.of(kpi).between(from.minus(WARM_UP), to);
    }

    private Predicate<LocalDate> expected(String kpi) {
        return expected(kpi, storage.results().marks(scope));
    }

    private Predicate<LocalDate> expected(String kpi, List<AlertMark> marks) {
        CalendarEvents known = events.apply(scope.org());
        List<AlertMark> own = marks.stream()
                .filter(mark -> mark.kind() == AlertMark.Kind.EXPECTED)
                .filter(mark -> mark.kpi().isEmpty() || mark.kpi().equals(kpi))
                .toList();
        return day -> known.affect(day) || own.stream().anyMatch(mark -> mark.covers(kpi, day));
    }

    /**
     * Judges a range of many KPIs, read together, by the detector {@code auto}. Goes on from what the detector remembers of
     * the last night where it can, so that days before the range are not read again; once in four weeks, each KPI another
     * night, it reads all. Keeps nothing.
     *
     * @param names all judged at once are held in memory: some dozens of KPIs
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW}
     */
    public List<JudgedKpi> judge(Collection<String> names, LocalDate from, LocalDate to) {
        AnomalyDetector detector = Detectors.of(Detectors.DEFAULT);
        long generation = kpis.settings().generation();
        String basis = "%s %s, generation %d".formatted(detector.id(), detector.version(), generation);
        Map<String, Known> known = known(names, from, basis, detector);
        List<AlertMark> marks = storage.results().marks(scope);
        KpiJudge judge = new KpiJudge(detector, from, clock.instant());
        List<JudgedKpi> judged = new ArrayList<>();
        for (KpiSeries series : kpis.series(names.stream()
                .map(kpi -> Optional.ofNullable(known.get(kpi))
                        .map(it -> KpiQuery.of(kpi).between(it.day(), to))
                        .orElse(warmedUp(kpi, from, to)))
                .toList())) {
            String kpi = series.kpi().name();
            Known before = known.get(kpi);
            // a definition was changed just now: another night learns anew
            boolean moved = series.generation() != generation;
            judged.add(judge.judge(
                    moved && before != null ? kpis.series(warmedUp(kpi, from, to)) : series,
                    expected(kpi, marks),
                    moved || before == null ? null : before.state(),
                    moved ? null : basis));
        }
        return judged;
    }

    /** What a detector remembers of the days before one. */
    private record Known(LocalDate day, DetectorState state) {}

    private Map<String, Known> known(Collection<String> names, LocalDate from, String basis, AnomalyDetector detector) {
        Map<String, Known> known = new HashMap<>();
        storage.results()
                .memories(scope, names.stream().map(SeriesKey::of).toList())
                .forEach((series, memory) -> {
                    if (memory.basis().equals(basis)
                            && !memory.day().isAfter(from)
                            && !anew(series.kpi(), memory.day(), from)) {
                        resumed(detector, memory)
                                .ifPresent(state -> known.put(series.kpi(), new Known(memory.day(), state)));
                    }
                });
        return known;
    }

    /** Events may have come late for days that are not read any more: every KPI reads all on its own night of four weeks. */
    private static boolean anew(String kpi, LocalDate seen, LocalDate from) {
        int night = Math.floorMod(kpi.hashCode(), NIGHTS);
        return seen.until(from, ChronoUnit.DAYS) >= NIGHTS
                || seen.datesUntil(from.plusDays(1))
                        .skip(1)
                        .anyMatch(day -> Math.floorMod(day.toEpochDay(), NIGHTS) == night);
    }

    private static Optional<DetectorState> resumed(AnomalyDetector detector, FoundAnomalies.Memory memory) {
        try {
            return Optional.of(detector.resume(memory.state()));
        } catch (SmartDataException e) {
            LOG.warn("A detector starts anew, since its memory does not fit, code={}", e.code(), e);
            return Optional.empty();
        }
    }

    /**
     * The same, those anomalies that are alerts each with its incident: which ones is decided for all KPIs together, by the
     * {@linkplain AlertBudget budget} and by what is muted.
     *
     * @param judged all KPIs that the budget is for
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<JudgedKpi> withIncidents(List<JudgedKpi> judged) {
        scope.require(Permission.VIEW);
        return Alerting.apply(budget, storage.results().marks(scope), judged);
    }

    /**
     * Keeps what was found in some KPIs, in place of what was found there before, in one transaction.
     *
     * @param from first local day that was judged, inclusive
     * @param to last local day, exclusive
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#OPERATE}
     */
    public void keep(List<JudgedKpi> judged, LocalDate from, LocalDate to) {
        scope.require(Permission.OPERATE);
        storage.results()
                .replaceAnomalies(
                        scope, from, to, judged.stream().map(JudgedKpi::found).toList());
        judged.forEach(kpi -> kpi.anomalies()
                .forEach(anomaly -> meters.anomalyFound(anomaly.severity().name())));
    }

    /**
     * Anomalies found earlier, alerts or not.
     *
     * @param kpi one KPI, or empty for all
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<StoredAnomaly> found(Optional<String> kpi, LocalDate from, LocalDate to) {
        scope.require(Permission.VIEW);
        return meters.query("anomalies", () -> storage.results().anomalies(scope, kpi, from, to));
    }

    /**
     * A page of the same, by KPI, source, dimension and bucket.
     *
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<StoredAnomaly> found(AnomalyQuery query) {
        scope.require(Permission.VIEW);
        return meters.query("anomalies", () -> storage.results().anomalies(scope, query));
    }

    /**
     * What a detector would have said about a range of a KPI, at every sensitivity at once. Keeps nothing.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW}
     */
    public Simulation simulate(String kpi, LocalDate from, LocalDate to, AnomalyDetector detector) {
        KpiSeries series = kpis.series(warmedUp(kpi, from, to));
        Predicate<LocalDate> expected = expected(kpi);
        DetectionResult result = Detection.run(
                detector,
                KpiJudge.info(series),
                KpiJudge.complete(series, clock.instant()).stream()
                        .map(point -> KpiJudge.observation(series, point, expected))
                        .toList());
        return Simulation.of(result, from.atStartOfDay(series.zone()).toInstant());
    }
}

package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.anomaly.Anomaly;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.forecast.CalendarEvents;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

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
        List<JudgedKpi> judged = judge(List.of(kpi), from, to, detector);
        keep(withIncidents(judged), from, to);
        return judged.get(0).anomalies();
    }

    /**
     * Judges a range of many KPIs, read together, by the detector {@code auto}. Keeps nothing.
     *
     * @param names all judged at once are held in memory: some dozens of KPIs
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW}
     */
    public List<JudgedKpi> judge(Collection<String> names, LocalDate from, LocalDate to) {
        return judge(names, from, to, Detectors.of(Detectors.DEFAULT));
    }

    private List<JudgedKpi> judge(Collection<String> names, LocalDate from, LocalDate to, AnomalyDetector detector) {
        List<AlertMark> marks = storage.results().marks(scope);
        CalendarEvents known = events.apply(scope.org());
        List<JudgedKpi> judged = new ArrayList<>();
        for (KpiSeries series : kpis.series(names.stream()
                .map(kpi -> KpiQuery.of(kpi).between(from.minus(WARM_UP), to))
                .toList())) {
            judged.add(judge(
                    series,
                    from,
                    day -> known.affect(day)
                            || marks.stream()
                                    .anyMatch(mark -> mark.kind() == AlertMark.Kind.EXPECTED
                                            && mark.covers(series.kpi().name(), day)),
                    detector));
        }
        return judged;
    }

    private JudgedKpi judge(KpiSeries series, LocalDate from, Predicate<LocalDate> expected, AnomalyDetector detector) {
        List<KpiPoint> points = complete(series);
        DetectionResult result = run(series, points, expected, detector);
        SeriesKey key = SeriesKey.of(series.kpi().name());
        List<Anomaly> anomalies = new ArrayList<>();
        List<StoredAnomaly> stored = new ArrayList<>();
        long judged = 0;
        for (int i = 0; i < points.size(); i++) {
            Judgement judgement = result.judgements().get(i);
            if (judgement.judged() && points.get(i).bucket().compareTo(from.toString()) >= 0) {
                judged++;
                if (judgement.anomaly()) {
                    Anomaly anomaly = Anomaly.of(result.observations().get(i), judgement, result.detector());
                    anomalies.add(anomaly);
                    stored.add(stored(key, points.get(i), anomaly, result, series));
                }
            }
        }
        return new JudgedKpi(series.kpi(), judged, anomalies, new FoundAnomalies(key, stored, series.dataFreshAsOf()));
    }

    /** A bucket that the clock has not passed yet may still grow. */
    private List<KpiPoint> complete(KpiSeries series) {
        String today = LocalDate.ofInstant(clock.instant(), series.zone()).toString();
        return series.points().stream()
                .filter(point -> point.bucket().compareTo(today) < 0)
                .toList();
    }

    private static DetectionResult run(
            KpiSeries series, List<KpiPoint> points, Predicate<LocalDate> expected, AnomalyDetector detector) {
        Grain grain = series.grain();
        return Detection.run(
                detector,
                SeriesInfo.every(grain.step(), grain.unit(), series.zone()),
                points.stream()
                        .map(point -> new Observation(
                                point.start(),
                                point.value() == null
                                                || expected.test(LocalDate.ofInstant(point.start(), series.zone()))
                                        ? Double.NaN
                                        : point.value().doubleValue()))
                        .toList());
    }

    private static StoredAnomaly stored(
            SeriesKey key, KpiPoint point, Anomaly anomaly, DetectionResult result, KpiSeries series) {
        return new StoredAnomaly(
                key,
                point.bucket(),
                anomaly.value(),
                anomaly.expected(),
                anomaly.lower(),
                anomaly.upper(),
                anomaly.score(),
                anomaly.severity().name(),
                anomaly.shape().name(),
                anomaly.reason(),
                result.detector() + " " + result.version(),
                null,
                series.dataFreshAsOf());
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
     * What a detector would have said about a range of a KPI, at every sensitivity at once. Keeps nothing.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW}
     */
    public Simulation simulate(String kpi, LocalDate from, LocalDate to, AnomalyDetector detector) {
        KpiSeries series = kpis.series(KpiQuery.of(kpi).between(from.minus(WARM_UP), to));
        DetectionResult result = run(series, complete(series), events.apply(scope.org())::affect, detector);
        return Simulation.of(result, from.atStartOfDay(series.zone()).toInstant());
    }
}

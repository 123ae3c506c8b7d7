package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.anomaly.Anomaly;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Clock;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Anomalies in the KPIs of one org. A requested range is warmed up from the history before it; only complete buckets are
 * judged.
 *
 * @since 0.1.0
 */
public final class Anomalies {
    /** Two years hold every season a KPI of days or hours has. */
    private static final Period WARM_UP = Period.ofYears(2);

    private final Storage storage;
    private final Kpis kpis;
    private final Meters meters;
    private final Clock clock;
    private final OrgScope scope;

    public Anomalies(Storage storage, Kpis kpis, Meters meters, Clock clock, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.kpis = requireNonNull(kpis, "kpis");
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
     * @return anomalies in the range, oldest first
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW} and {@link Permission#OPERATE}
     */
    public List<Anomaly> detect(String kpi, LocalDate from, LocalDate to, AnomalyDetector detector) {
        scope.require(Permission.OPERATE);
        KpiSeries series = kpis.series(KpiQuery.of(kpi).between(from.minus(WARM_UP), to));
        List<KpiPoint> points = series.points().stream()
                .filter(point -> isComplete(point, series))
                .toList();
        Grain grain = series.grain();
        DetectionResult result = Detection.run(
                detector,
                SeriesInfo.every(grain.step(), grain.unit(), series.zone()),
                points.stream()
                        .map(point -> new Observation(
                                point.start(),
                                point.value() == null
                                        ? Double.NaN
                                        : point.value().doubleValue()))
                        .toList());
        List<Anomaly> found = new ArrayList<>();
        List<StoredAnomaly> stored = new ArrayList<>();
        IntStream.range(0, points.size())
                .filter(i -> result.judgements().get(i).anomaly())
                .filter(i -> points.get(i).bucket().compareTo(from.toString()) >= 0)
                .forEach(i -> {
                    Anomaly anomaly = Anomaly.of(
                            result.observations().get(i), result.judgements().get(i), result.detector());
                    found.add(anomaly);
                    stored.add(stored(kpi, points.get(i), anomaly, result, series));
                });
        storage.results().replaceAnomalies(scope, SeriesKey.of(kpi), from, to, stored, series.dataFreshAsOf());
        found.forEach(anomaly -> meters.anomalyFound(anomaly.severity().name()));
        return found;
    }

    /**
     * Anomalies found earlier.
     *
     * @param kpi one KPI, or empty for all
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<StoredAnomaly> found(Optional<String> kpi, LocalDate from, LocalDate to) {
        scope.require(Permission.VIEW);
        return meters.query("anomalies", () -> storage.results().anomalies(scope, kpi, from, to));
    }

    /** A bucket that the clock has not passed yet may still grow. */
    private boolean isComplete(KpiPoint point, KpiSeries series) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), series.zone());
        return point.bucket().compareTo(today.toString()) < 0;
    }

    private static StoredAnomaly stored(
            String kpi, KpiPoint point, Anomaly anomaly, DetectionResult result, KpiSeries series) {
        return new StoredAnomaly(
                SeriesKey.of(kpi),
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
                series.dataFreshAsOf());
    }
}

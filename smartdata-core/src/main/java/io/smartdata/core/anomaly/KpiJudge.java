package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Anomaly;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.FoundAnomalies;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredAnomaly;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Judges the complete buckets of a KPI from a day on; those before it warm the detector up. */
final class KpiJudge {
    private final AnomalyDetector detector;
    private final LocalDate from;
    private final Instant now;

    KpiJudge(AnomalyDetector detector, LocalDate from, Instant now) {
        this.detector = detector;
        this.from = from;
        this.now = now;
    }

    /**
     * @param expected days that are neither judged nor learnt from
     * @param known what the detector remembers of the days before {@code series}; null for nothing; changed
     * @param basis of the memory that is made; null to make none
     */
    JudgedKpi judge(
            KpiSeries series, Predicate<LocalDate> expected, @Nullable DetectorState known, @Nullable String basis) {
        SeriesKey key = SeriesKey.of(series.kpi().name());
        DetectorState state = known == null ? detector.start(info(series)) : known;
        byte[] before = null;
        long judged = 0;
        List<Anomaly> anomalies = new ArrayList<>();
        List<StoredAnomaly> stored = new ArrayList<>();
        for (KpiPoint point : complete(series, now)) {
            boolean wanted = point.bucket().compareTo(from.toString()) >= 0;
            if (wanted && before == null && basis != null) {
                before = state.bytes();
            }
            Observation observation = observation(series, point, expected);
            Judgement judgement = detector.judge(state, observation.time(), observation.value());
            if (wanted && judgement.judged()) {
                judged++;
                if (judgement.anomaly()) {
                    Anomaly anomaly = Anomaly.of(observation, judgement, detector.id());
                    anomalies.add(anomaly);
                    stored.add(stored(key, point, anomaly, series));
                }
            }
        }
        FoundAnomalies.Memory memory =
                basis == null ? null : new FoundAnomalies.Memory(basis, from, before == null ? state.bytes() : before);
        return new JudgedKpi(
                series.kpi(), judged, anomalies, new FoundAnomalies(key, stored, series.dataFreshAsOf(), memory));
    }

    static SeriesInfo info(KpiSeries series) {
        return SeriesInfo.every(series.grain().step(), series.grain().unit(), series.zone());
    }

    /** A bucket that the clock has not passed yet may still grow. */
    static List<KpiPoint> complete(KpiSeries series, Instant now) {
        String today = LocalDate.ofInstant(now, series.zone()).toString();
        return series.points().stream()
                .filter(point -> point.bucket().compareTo(today) < 0)
                .toList();
    }

    static Observation observation(KpiSeries series, KpiPoint point, Predicate<LocalDate> expected) {
        return new Observation(
                point.start(),
                point.value() == null || expected.test(LocalDate.ofInstant(point.start(), series.zone()))
                        ? Double.NaN
                        : point.value().doubleValue());
    }

    private StoredAnomaly stored(SeriesKey key, KpiPoint point, Anomaly anomaly, KpiSeries series) {
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
                detector.id() + " " + detector.version(),
                null,
                series.dataFreshAsOf());
    }
}

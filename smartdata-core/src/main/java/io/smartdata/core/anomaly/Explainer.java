package io.smartdata.core.anomaly;

import io.smartdata.core.anomaly.Explanation.Contribution;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.StoredAnomaly;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for what is behind one anomaly: compares its bucket with that of the same weekday and hour of the weeks before. */
final class Explainer {
    private static final int WEEKS = 4;
    private static final int DAYS_OF_WEEK = 7;

    /** More of a dimension nobody reads. */
    private static final int MOST_VALUES = 5;

    private final Kpis kpis;
    private final StoredAnomaly anomaly;
    private final LocalDate day;

    Explainer(Kpis kpis, StoredAnomaly anomaly) {
        this.kpis = kpis;
        this.anomaly = anomaly;
        this.day = Alerting.day(anomaly);
    }

    Explanation explain() {
        KpiSeries total = kpis.series(query().between(day, day.plusDays(1)));
        List<Contribution> contributions = new ArrayList<>();
        for (String dimension : total.kpi().dimensions()) {
            contributions.addAll(contributions(
                    dimension,
                    kpis.series(query().between(day.minusDays(WEEKS * DAYS_OF_WEEK), day.plusDays(1))
                            .dimension(dimension))));
        }
        contributions.sort(Comparator.comparingDouble(it -> -towards(it.change())));
        return new Explanation(anomaly, contributions, events(total));
    }

    private KpiQuery query() {
        String source = anomaly.series().source();
        return KpiQuery.of(anomaly.series().kpi()).source(source.isEmpty() ? null : source);
    }

    private double towards(double change) {
        return anomaly.score() > 0 ? change : -change;
    }

    private List<Contribution> contributions(String dimension, KpiSeries series) {
        Aggregation aggregation = series.kpi().aggregation();
        boolean additive = aggregation == Aggregation.COUNT || aggregation == Aggregation.SUM;
        Map<String, Double> actual = new HashMap<>();
        Map<String, double[]> before = new HashMap<>();
        Set<LocalDate> weeks = new HashSet<>();
        for (KpiPoint point : series.points()) {
            if (point.value() == null || !atSameTime(point.bucket())) {
                continue;
            }
            if (point.bucket().equals(anomaly.bucket())) {
                actual.put(point.dimension(), point.value().doubleValue());
            } else {
                weeks.add(LocalDate.parse(
                        point.bucket().substring(0, day.toString().length())));
                double[] sumAndCount = before.computeIfAbsent(point.dimension(), first -> new double[2]);
                sumAndCount[0] += point.value().doubleValue();
                sumAndCount[1]++;
            }
        }
        if (weeks.isEmpty()) {
            return List.of();
        }
        Set<String> values = new HashSet<>(before.keySet());
        values.addAll(actual.keySet());
        List<Contribution> all = new ArrayList<>();
        for (String value : values) {
            double[] sumAndCount = before.getOrDefault(value, new double[2]);
            // what was absent in a week was zero then, if it is a quantity; a mean of nothing is none
            double count = additive ? weeks.size() : sumAndCount[1];
            if (additive || actual.containsKey(value) && count > 0) {
                all.add(new Contribution(
                        dimension, value, actual.getOrDefault(value, 0.0), sumAndCount[0] / count, null));
            }
        }
        double change = all.stream().mapToDouble(Contribution::change).sum();
        return all.stream()
                .sorted(Comparator.comparingDouble((Contribution it) -> -towards(it.change()))
                        .thenComparing(Contribution::value))
                .limit(MOST_VALUES)
                .map(it -> additive && change != 0 ? it.withShare(it.change() / change) : it)
                .toList();
    }

    /** Same weekday and, for hours, same local hour. */
    private boolean atSameTime(String bucket) {
        int dayLength = day.toString().length();
        LocalDate other = LocalDate.parse(bucket.substring(0, dayLength));
        int hourEnd = Math.min(bucket.length(), dayLength + "T00".length());
        return other.getDayOfWeek() == day.getDayOfWeek()
                && anomaly.bucket().regionMatches(dayLength, bucket, dayLength, hourEnd - dayLength);
    }

    private EventRange events(KpiSeries total) {
        Instant start = total.points().stream()
                .filter(point -> point.bucket().equals(anomaly.bucket()))
                .map(KpiPoint::start)
                .findFirst()
                .orElse(day.atStartOfDay(total.zone()).toInstant());
        Instant end = total.grain() == Grain.HOUR
                ? start.plus(Duration.ofHours(1))
                : day.plusDays(1).atStartOfDay(total.zone()).toInstant();
        String source = anomaly.series().source();
        return new EventRange(source.isEmpty() ? null : source, start, end);
    }
}

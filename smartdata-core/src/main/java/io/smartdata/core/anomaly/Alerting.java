package io.smartdata.core.anomaly;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.kpi.Kpi;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredAnomaly;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which anomalies are alerts, all series together, and which alerts are one incident. */
final class Alerting {
    /** A series that is quiet for a day in between is still in the same incident. */
    private static final int EPISODE_DAYS = 2;

    private static final int DAY_LENGTH = "2026-03-05".length();

    private Alerting() {}

    /** The same with incidents at the alerts, and none at what is no alert. */
    static List<JudgedKpi> apply(AlertBudget budget, List<AlertMark> marks, List<JudgedKpi> judged) {
        List<AlertMark> muted = marks.stream()
                .filter(mark -> mark.kind() == AlertMark.Kind.MUTED)
                .toList();
        List<Alert> heard = new ArrayList<>();
        for (JudgedKpi kpi : judged) {
            for (StoredAnomaly anomaly : kpi.found().anomalies()) {
                if (muted.stream().noneMatch(mark -> mark.covers(kpi.kpi().name(), day(anomaly)))) {
                    heard.add(new Alert(anomaly, day(anomaly), kpi.kpi()));
                }
            }
        }
        double least = budget.leastScore(
                judged.stream().mapToLong(JudgedKpi::judged).sum(),
                heard.stream().mapToDouble(alert -> alert.anomaly().score()).toArray());
        heard.removeIf(alert -> Math.abs(alert.anomaly().score()) < least);
        Map<StoredAnomaly, String> incidents = incidents(heard);
        return judged.stream()
                .map(kpi -> kpi.with(anomaly -> anomaly.withIncident(incidents.get(anomaly))))
                .toList();
    }

    /** Local day of the bucket. */
    static LocalDate day(StoredAnomaly anomaly) {
        return LocalDate.parse(anomaly.bucket().substring(0, DAY_LENGTH));
    }

    private record Alert(StoredAnomaly anomaly, LocalDate day, Kpi kpi) {
        /** KPIs that count the same events are related, and so are the sources and dimension values of one. */
        Set<String> relations() {
            Set<String> names = new HashSet<>(kpi.filter().names());
            names.addAll(kpi.denominator());
            names.add("kpi " + kpi.name());
            return names;
        }
    }

    /** Alerts are joined with an earlier one of their series and with those of the same day that are related. */
    private static Map<StoredAnomaly, String> incidents(List<Alert> alerts) {
        List<Alert> ordered = alerts.stream()
                .sorted(Comparator.comparing((Alert alert) -> alert.anomaly().bucket())
                        .thenComparing(alert -> alert.anomaly().series().kpi())
                        .thenComparing(alert -> alert.anomaly().series().source())
                        .thenComparing(alert -> alert.anomaly().series().dimension()))
                .toList();
        int[] earlier = new int[ordered.size()];
        Map<SeriesKey, Integer> latest = new HashMap<>();
        Map<String, Integer> related = new HashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            Alert alert = ordered.get(i);
            earlier[i] = i;
            Integer before = latest.put(alert.anomaly().series(), i);
            if (before != null && ChronoUnit.DAYS.between(ordered.get(before).day(), alert.day()) <= EPISODE_DAYS) {
                join(earlier, before, i);
            }
            for (String relation : alert.relations()) {
                Integer first = related.putIfAbsent(alert.day() + " " + relation, i);
                if (first != null) {
                    join(earlier, first, i);
                }
            }
        }
        Map<StoredAnomaly, String> incidents = new IdentityHashMap<>();
        for (int i = 0; i < earlier.length; i++) {
            StoredAnomaly first = ordered.get(first(earlier, i)).anomaly();
            incidents.put(
                    ordered.get(i).anomaly(),
                    first.bucket() + " " + first.series().kpi());
        }
        return incidents;
    }

    /** Union of disjoint sets, each named by its first member. */
    private static void join(int[] earlier, int a, int b) {
        int one = first(earlier, a);
        int two = first(earlier, b);
        earlier[Math.max(one, two)] = Math.min(one, two);
    }

    private static int first(int[] earlier, int member) {
        int at = member;
        while (earlier[at] != at) {
            earlier[at] = earlier[earlier[at]];
            at = earlier[at];
        }
        return at;
    }
}

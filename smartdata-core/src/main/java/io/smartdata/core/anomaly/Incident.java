package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.anomaly.Severity;
import io.smartdata.storage.StoredAnomaly;
import java.util.Comparator;
import java.util.List;

/**
 * Alerts that belong together: the same series on days that follow each other, or related KPIs on the same day.
 *
 * @param id first bucket and a KPI of it; the same night after night as long as the incident begins the same
 * @param severity greatest of its alerts
 * @param acknowledged true if somebody looks after all of it
 * @param alerts by KPI, source, dimension and bucket; not empty
 * @since 0.1.0
 */
public record Incident(String id, Severity severity, boolean acknowledged, List<StoredAnomaly> alerts) {
    public Incident {
        requireNonNull(id, "id");
        requireNonNull(severity, "severity");
        alerts = List.copyOf(alerts);
        if (alerts.isEmpty()) {
            throw new IllegalArgumentException("an incident has alerts");
        }
    }

    /** Bucket of the first alert. */
    public String firstBucket() {
        return alerts.stream()
                .map(StoredAnomaly::bucket)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Bucket of the last alert. */
    public String lastBucket() {
        return alerts.stream()
                .map(StoredAnomaly::bucket)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The alert that is farthest from what was expected. */
    public StoredAnomaly greatest() {
        return alerts.stream()
                .max(Comparator.comparingDouble(alert -> Math.abs(alert.score())))
                .orElseThrow();
    }
}

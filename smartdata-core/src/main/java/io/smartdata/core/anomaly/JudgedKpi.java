package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.anomaly.Anomaly;
import io.smartdata.kpi.Kpi;
import io.smartdata.storage.FoundAnomalies;
import io.smartdata.storage.StoredAnomaly;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A KPI that was judged over some days, not kept yet.
 *
 * @param kpi its definition
 * @param judged buckets of these days that got a verdict
 * @param anomalies those that are anomalies, oldest first
 * @param found the same for the store
 * @since 0.1.0
 */
public record JudgedKpi(Kpi kpi, long judged, List<Anomaly> anomalies, FoundAnomalies found) {
    public JudgedKpi {
        requireNonNull(kpi, "kpi");
        requireNonNull(found, "found");
        anomalies = List.copyOf(anomalies);
    }

    JudgedKpi with(UnaryOperator<StoredAnomaly> change) {
        return new JudgedKpi(
                kpi,
                judged,
                anomalies,
                new FoundAnomalies(
                        found.series(),
                        found.anomalies().stream().map(change).toList(),
                        found.dataFreshAsOf(),
                        found.memory()));
    }
}

package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.kpi.Kpi;
import io.smartdata.storage.FoundAnomalies;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredAnomaly;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AlertingTest {
    private static final Kpi REVENUE = Kpi.sum("revenue").event("order_placed");
    private static final Kpi ORDERS = Kpi.count("orders").event("order_placed");
    private static final Kpi CONVERSION = Kpi.ratio("conversion", "order_placed", "visit");
    private static final Kpi VISITS = Kpi.count("visits").event("visit");
    private static final Kpi DISK = Kpi.max("disk").event("disk_full");

    private static JudgedKpi judged(Kpi kpi, String... buckets) {
        List<StoredAnomaly> anomalies = Arrays.stream(buckets)
                .map(bucket -> new StoredAnomaly(
                        SeriesKey.of(kpi.name()),
                        bucket,
                        9,
                        1,
                        0,
                        2,
                        8,
                        "CRITICAL",
                        "SPIKE",
                        "9 is above",
                        "auto 1",
                        null,
                        Instant.EPOCH))
                .toList();
        return new JudgedKpi(
                kpi, 31, List.of(), new FoundAnomalies(SeriesKey.of(kpi.name()), anomalies, Instant.EPOCH));
    }

    private static List<String> incidents(JudgedKpi... judged) {
        return Alerting.apply(AlertBudget.defaults(), List.of(), List.of(judged)).stream()
                .flatMap(kpi -> kpi.found().anomalies().stream())
                .map(StoredAnomaly::incident)
                .map(Objects::requireNonNull)
                .toList();
    }

    @Test
    void daysThatFollowEachOtherAreOneIncidentAndLaterOnesAnother() {
        assertThat(incidents(judged(DISK, "2026-03-05", "2026-03-06", "2026-03-08", "2026-03-20")))
                .containsExactly("2026-03-05 disk", "2026-03-05 disk", "2026-03-05 disk", "2026-03-20 disk");
    }

    @Test
    void kpisOfTheSameEventsAreRelatedAndOthersAreNot() {
        assertThat(incidents(judged(REVENUE, "2026-03-05"), judged(ORDERS, "2026-03-05"), judged(DISK, "2026-03-05")))
                .containsExactly("2026-03-05 orders", "2026-03-05 orders", "2026-03-05 disk");
    }

    @Test
    void relatedKpisOfOtherDaysAreApart() {
        assertThat(incidents(judged(REVENUE, "2026-03-05"), judged(ORDERS, "2026-03-06")))
                .containsExactly("2026-03-05 revenue", "2026-03-06 orders");
    }

    @Test
    void aRatioJoinsBothOfItsSides() {
        assertThat(incidents(
                        judged(REVENUE, "2026-03-05"),
                        judged(VISITS, "2026-03-05"),
                        judged(CONVERSION, "2026-03-05", "2026-03-06")))
                .containsOnly("2026-03-05 conversion");
    }

    @Test
    void hoursBelongToTheirDay() {
        assertThat(incidents(judged(REVENUE, "2026-03-05T23+02:00"), judged(ORDERS, "2026-03-05T01+02:00")))
                .containsOnly("2026-03-05T01+02:00 orders");
    }
}

package com.example.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.example.detector.WeekOverWeekDetector;
import com.example.storage.AuditedStorage;
import io.smartdata.anomaly.Anomaly;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
    private static final LocalDate MONDAY = LocalDate.parse("2026-03-02");

    @TempDir
    Path folder;

    @Test
    void aHostUsesTheDetectorAndTheStorageOfSomebodyElse() {
        String url = "jdbc:sqlite:" + folder.resolve("shop.db");
        List<AuditedStorage.Entry> entries = new ArrayList<>();
        try (SmartData smartData = SmartData.builder()
                .storage(new AuditedStorage(JdbcStorage.open(url), entries::add))
                .kpis(KpiCatalog.of(Kpi.sum("revenue").event("order_placed")))
                .accessPolicy(AccessPolicy.singleOperator())
                .build()) {
            OrgScope scope = smartData
                    .access()
                    .scope(Caller.of("eve"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
            smartData
                    .ingest(scope)
                    .events(IntStream.range(0, 14)
                            .mapToObj(day -> order(MONDAY.plusDays(day), day == 9 ? 40 : 100))
                            .toList());

            List<Anomaly> found = smartData
                    .anomalies(scope)
                    .detect("revenue", MONDAY, MONDAY.plusWeeks(2), new WeekOverWeekDetector(20));

            assertThat(found).singleElement().satisfies(anomaly -> {
                assertThat(anomaly.time())
                        .isEqualTo(order(MONDAY.plusDays(9), 0).occurredAt());
                assertThat(anomaly.reason()).isEqualTo("-60.0 % against 100.0 a week earlier");
            });
        }
        assertThat(entries)
                .extracting(AuditedStorage.Entry::caller, AuditedStorage.Entry::operation)
                .contains(tuple("eve", "events.append"), tuple("eve", "results.replaceAnomalies"));
    }

    private static Event order(LocalDate day, long value) {
        return Event.named("order_placed", day.atStartOfDay(ZoneOffset.UTC).toInstant())
                .id("order-" + day)
                .value(value)
                .build();
    }
}

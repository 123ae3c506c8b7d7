package com.example.embedding;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * An order in, the day's revenue out. Run it again: the same order still counts once.
 *
 * @since 0.1.0
 */
public final class EmbeddingExample {
    private EmbeddingExample() {}

    /** Keeps its data in {@code shop.db} in the working directory. */
    public static void main(String[] arguments) {
        // example:begin
        try (SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open("jdbc:sqlite:shop.db"))
                .kpis(KpiCatalog.of(Kpi.sum("revenue").event("order_placed")))
                .accessPolicy(AccessPolicy.singleOperator())
                .build()) {
            OrgScope acme =
                    smartData.access().scope(Caller.of("me"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);
            Event order = Event.named("order_placed", Instant.parse("2026-03-02T09:15:00Z"))
                    .id("order-1")
                    .value("19.90")
                    .build();
            smartData.ingest(acme).events(List.of(order, order)); // sent twice, counted once
            KpiQuery day = KpiQuery.of("revenue").between(LocalDate.parse("2026-03-02"), LocalDate.parse("2026-03-03"));
            KpiPoint revenue = smartData.kpis(acme).series(day).points().get(0);
            System.out.println(revenue.bucket() + " " + revenue.valueText());
        }
        // example:end
    }
}

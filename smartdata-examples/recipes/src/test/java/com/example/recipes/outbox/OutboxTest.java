package com.example.recipes.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.recipes.RunningRecipe;
import io.smartdata.core.SmartData;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxTest {
    private static final OrgId ACME = OrgId.of("acme");
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");

    @TempDir
    private Path folder;

    /** The recipe, what it counts, and a policy. */
    @Import(App.class)
    @TestConfiguration
    static class Shop {
        @Bean
        AccessPolicy policy() {
            return AccessPolicy.singleOperator();
        }

        @Bean
        KpiCatalog kpis() {
            return KpiCatalog.of(Kpi.sum("revenue").event("order_placed"));
        }
    }

    @Test
    void theOrderAndItsEventAreThereBothOrNeither() {
        try (RunningRecipe host = RunningRecipe.start(Shop.class, "none", folder)) {
            JdbcClient jdbc = host.context().getBean(JdbcClient.class);
            jdbc.sql("CREATE TABLE shop_order (org TEXT, number TEXT PRIMARY KEY, total TEXT)")
                    .update();
            SmartData smartData = host.context().getBean(SmartData.class);
            OrgScope scope = smartData.access().scope(Caller.of("test"), ACME, Permission.INGEST, Permission.VIEW);
            smartData.ingest(scope).events(List.of()); // the org exists from now on
            Orders orders = host.context().getBean(Orders.class);

            orders.place(ACME, "1", new BigDecimal("19.90"), TIME);
            assertThatThrownBy(() -> orders.place(ACME, "1", new BigDecimal("5"), TIME))
                    .as("the number is taken")
                    .isInstanceOf(DataAccessException.class);
            TransactionTemplate transaction = host.context().getBean(TransactionTemplate.class);
            transaction.executeWithoutResult(status -> {
                orders.place(ACME, "2", new BigDecimal("7"), TIME);
                status.setRollbackOnly();
            });

            assertThat(jdbc.sql("SELECT number FROM shop_order")
                            .query(String.class)
                            .list())
                    .containsExactly("1");
            KpiQuery day = KpiQuery.of("revenue").between(DAY, DAY.plusDays(1));
            assertThat(smartData.kpis(scope).series(day).points())
                    .extracting(KpiPoint::valueText)
                    .containsExactly("19.9");
        }
    }
}

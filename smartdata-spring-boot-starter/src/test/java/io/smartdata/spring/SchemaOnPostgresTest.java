package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

/** Who makes the tables, and in which of a host's databases, where one of them is PostgreSQL. */
class SchemaOnPostgresTest {
    private final ApplicationContextRunner host = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SmartDataAutoConfiguration.class))
            .withBean(AccessPolicy.class, AccessPolicy::singleOperator)
            .withBean(KpiCatalog.class, () -> KpiCatalog.of(Kpi.sum("revenue").event("order_placed")));

    @TempDir
    private Path folder;

    private static DataSource at(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return dataSource;
    }

    private static long tables(DataSource dataSource) {
        return new JdbcTemplate(dataSource)
                .queryForList("SELECT 1 FROM information_schema.tables WHERE table_schema = 'smartdata'")
                .size();
    }

    @Test
    void validateStartsOnTablesThatAreThereAndNeverMakesThem() throws Exception {
        DataSource database = at(Postgres.newDatabase());
        ApplicationContextRunner validating =
                host.withBean(DataSource.class, () -> database).withPropertyValues("smartdata.schema=validate");
        validating.run(context -> assertThat(context).getFailure().hasStackTraceContaining("smartdata migrate"));
        assertThat(tables(database)).isZero();
        host.withBean(DataSource.class, () -> database)
                .run(context -> assertThat(context).hasSingleBean(SmartData.class));
        validating.run(context -> assertRevenueIsCounted(context.getBean(SmartData.class)));
    }

    private static void assertRevenueIsCounted(SmartData smartData) {
        OrgScope acme =
                smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);
        smartData
                .ingest(acme)
                .events(List.of(Event.named("order_placed", Instant.parse("2026-03-01T12:00:00Z"))
                        .id("1")
                        .value(5)
                        .build()));
        LocalDate day = LocalDate.of(2026, 3, 1);
        assertThat(smartData
                        .kpis(acme)
                        .series(KpiQuery.of("revenue").between(day, day.plusDays(1)))
                        .points())
                .extracting(KpiPoint::valueText)
                .containsExactly("5");
    }

    @Test
    void ofSeveralDatabasesOnlyTheNamedOneIsWrittenTo() throws Exception {
        DataSource orders = at(Postgres.newDatabase());
        DataSource analytics = at(Postgres.newDatabase());
        SQLiteDataSource cache = new SQLiteDataSource();
        cache.setUrl("jdbc:sqlite:" + folder.resolve("cache.db"));
        host.withBean("orders", DataSource.class, () -> orders, bean -> bean.setPrimary(true))
                .withBean("analytics", DataSource.class, () -> analytics)
                .withBean("cache", DataSource.class, () -> cache)
                .withPropertyValues("smartdata.data-source=analytics")
                .run(context -> assertRevenueIsCounted(context.getBean(SmartData.class)));
        assertThat(tables(analytics)).isPositive();
        assertThat(tables(orders)).isZero();
        assertThat(folder.resolve("cache.db")).doesNotExist();
    }
}

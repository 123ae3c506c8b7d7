package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;
import static org.assertj.core.groups.Tuple.tuple;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.forecast.ForecastSettings;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.sqlite.SQLiteDataSource;

class SmartDataAutoConfigurationTest {
    private final ApplicationContextRunner empty =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SmartDataAutoConfiguration.class));

    @TempDir
    private Path folder;

    private ApplicationContextRunner host() {
        return empty.withBean(DataSource.class, () -> {
            SQLiteDataSource dataSource = new SQLiteDataSource();
            dataSource.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
            return dataSource;
        });
    }

    private static OrgScope acme(SmartData smartData) {
        return smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);
    }

    @Test
    void aHostWithADataSourceHasThePipeline() {
        host().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withBean(
                        KpiCatalog.class, () -> KpiCatalog.of(Kpi.sum("revenue").event("order_placed")))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("smartdata.org-zone=Europe/Berlin")
                .run(context -> {
                    SmartData smartData = context.getBean(SmartData.class);
                    Event order = Event.named("order_placed", Instant.parse("2026-03-01T23:30:00Z"))
                            .id("1")
                            .value(5)
                            .build();
                    smartData.ingest(acme(smartData)).events(List.of(order, order));
                    assertThat(smartData
                                    .kpis(acme(smartData))
                                    .series(KpiQuery.of("revenue").between(CellRange.FIRST_DAY, CellRange.END))
                                    .points())
                            .extracting(KpiPoint::bucket, KpiPoint::valueText)
                            .containsExactly(tuple("2026-03-02", "5"));
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("smartdata.ingest.events")
                                    .tag("outcome", "accepted")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void theHostsForecastSettingsAreUsed() {
        host().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withBean(
                        ForecastSettings.class,
                        () -> ForecastSettings.defaults().withModel("constant"))
                .run(context -> {
                    SmartData smartData = context.getBean(SmartData.class);
                    OrgScope acme = smartData
                            .access()
                            .scope(
                                    Caller.of("test"),
                                    OrgId.of("acme"),
                                    Permission.INGEST,
                                    Permission.VIEW,
                                    Permission.OPERATE);
                    smartData
                            .ingest(acme)
                            .events(List.of(Event.named("order_placed", Instant.parse("2026-03-01T23:30:00Z"))
                                    .id("1")
                                    .value(5)
                                    .build()));
                    assertThat(smartData
                                    .forecasts(acme)
                                    .forecast("order_placed.sum", 3)
                                    .forecast())
                            .satisfies(
                                    forecast -> assertThat(forecast.modelId()).isEqualTo("constant"))
                            .satisfies(forecast ->
                                    assertThat(forecast.fallbackReason()).isNull());
                });
    }

    @Test
    void withoutAnAccessPolicyNothingIsPermitted() {
        host().run(context -> assertThatThrownBy(() -> acme(context.getBean(SmartData.class)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted")));
    }

    @Test
    void disabledMeansGone() {
        host().withPropertyValues("smartdata.enabled=false")
                .run(context ->
                        assertThat(context).doesNotHaveBean(SmartData.class).doesNotHaveBean(Storage.class));
    }

    @Test
    void withoutADataSourceItBacksOff() {
        empty.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SmartData.class));
    }

    @Test
    void tablesThatAreNotThereFailTheStartWhenTheyAreOnlyChecked() {
        host().withPropertyValues("smartdata.schema=validate")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("smartdata migrate"));
    }

    @Test
    void aHostMayHaveSeveralClocksAndRegistries() {
        host().withBean("wall", Clock.class, Clock::systemUTC)
                .withBean("ticks", Clock.class, () -> Clock.tickSeconds(ZoneOffset.UTC))
                .withBean("one", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("other", MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context).hasSingleBean(SmartData.class));
    }

    @Test
    void betweenTwoAccessPoliciesNoneIsChosen() {
        host().withBean("lenient", AccessPolicy.class, AccessPolicy::singleOperator)
                .withBean("strict", AccessPolicy.class, AccessPolicy::denyAll)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void betweenTwoDataSourcesNoneIsChosen() {
        host().withBean("second", DataSource.class, SQLiteDataSource::new)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SmartData.class));
    }

    @Test
    void settingsAreDescribedForEditors() {
        assertThat(contentOf(SmartDataProperties.class.getResource("/META-INF/spring-configuration-metadata.json")))
                .contains("smartdata.enabled", "smartdata.schema", "smartdata.org-zone");
    }

    @Test
    void theHostsOwnBeanWins() {
        host().withBean(
                        "own",
                        SmartData.class,
                        () -> SmartData.builder()
                                .storage(JdbcStorage.open("jdbc:sqlite:" + folder.resolve("own.db")))
                                .build())
                .run(context -> assertThat(context)
                        .hasSingleBean(SmartData.class)
                        .doesNotHaveBean(Storage.class)
                        .hasBean("own"));
    }
}

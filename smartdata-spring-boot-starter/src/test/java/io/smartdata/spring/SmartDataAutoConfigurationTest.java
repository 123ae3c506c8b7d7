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
import io.smartdata.core.ingest.InFlightLimits;
import io.smartdata.event.Event;
import io.smartdata.event.Properties;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.sqlite.SQLiteDataSource;

class SmartDataAutoConfigurationTest {
    private final ApplicationContextRunner empty = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SmartDataAutoConfiguration.class, SmartDataTransactionAutoConfiguration.class));

    @TempDir
    private Path folder;

    private ApplicationContextRunner host() {
        return empty.withBean("host", DataSource.class, () -> database("host.db"));
    }

    private DataSource database(String file) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + folder.resolve(file));
        return dataSource;
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
    void ofSeveralDataSourcesTheNamedOneIsUsed() {
        host().withBean("reports", DataSource.class, () -> database("reports.db"))
                .withPropertyValues("smartdata.data-source=reports")
                .run(context -> {
                    assertThat(context).hasSingleBean(SmartData.class);
                    assertThat(folder.resolve("reports.db")).exists();
                    assertThat(folder.resolve("host.db")).doesNotExist();
                });
    }

    @Test
    void ofSeveralDataSourcesThePrimaryOneIsUsed() {
        host().withBean("reports", DataSource.class, () -> database("reports.db"), bean -> bean.setPrimary(true))
                .run(context -> assertThat(folder.resolve("reports.db")).exists());
    }

    @Test
    void aProxyThatJoinsTransactionsIsLookedThrough() {
        DataSource target = database("host.db");
        empty.withBean(DataSource.class, () -> new TransactionAwareDataSourceProxy(target))
                .run(context -> assertThat(context.getBean(HostDataSource.class).dataSource())
                        .isSameAs(target));
    }

    @Test
    void tablesMayBeLeftToTheHost() {
        host().withPropertyValues("smartdata.schema=none", "smartdata.jobs.enabled=false")
                .run(context -> assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                                .queryForList("SELECT name FROM sqlite_master"))
                        .isEmpty());
    }

    @Test
    void definitionsOfBeansFileAndPropertiesAreOneCatalog() throws IOException {
        Path file = Files.writeString(folder.resolve("kpis.json"), """
                {"automatic":false,"kpis":[{"name":"orders","aggregation":"count","events":["order_placed"]}]}
                """);
        host().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withBean(
                        "shop",
                        KpiCatalog.class,
                        () -> KpiCatalog.of(Kpi.sum("revenue").event("order_placed")))
                .withBean(
                        "club",
                        KpiCatalog.class,
                        () -> KpiCatalog.of(Kpi.distinct("members").event("login")))
                .withPropertyValues(
                        "smartdata.kpis.file=file:" + file,
                        "smartdata.kpis.declared[0].name=slow_pages",
                        "smartdata.kpis.declared[0].aggregation=percentile",
                        "smartdata.kpis.declared[0].percent=95",
                        "smartdata.kpis.declared[0].events=page_shown,page_sent",
                        "smartdata.kpis.declared[0].where.region=EU,US")
                .run(context -> {
                    SmartData smartData = context.getBean(SmartData.class);
                    smartData
                            .ingest(acme(smartData))
                            .events(List.of(event("order_placed"), event("login"), event("other")));
                    smartData
                            .ingest(acme(smartData))
                            .events(List.of(Event.named("page_sent", Instant.parse("2026-03-01T23:30:00Z"))
                                    .id("2")
                                    .value(7)
                                    .properties(Properties.of(Map.of("region", "US")))
                                    .build()));
                    assertThat(smartData.kpis(acme(smartData)).names())
                            .containsExactly("members", "orders", "revenue", "slow_pages");
                });
    }

    @Test
    void aDefinitionThatBreaksARuleFailsTheStart() {
        host().withPropertyValues("smartdata.kpis.declared[0].name=revenue")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(SmartDataException.class)
                        .hasStackTraceContaining("aggregation"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smartdata.ingest.max-batch-events=0",
                "smartdata.ingest.max-batch-bytes=4GB",
                "smartdata.in-flight.node=0B",
                "smartdata.jobs.max-threads=0",
                "smartdata.access-timeout=0s"
            })
    void aSettingOutOfBoundsFailsTheStartByItsName(String setting) {
        host().withPropertyValues(setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(setting.substring(0, setting.indexOf('='))));
    }

    @Test
    void sizesOfCallsAreSettings() {
        host().withPropertyValues("smartdata.ingest.max-batch-events=1", "smartdata.in-flight.node=1GB")
                .withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .run(context -> {
                    SmartData smartData = context.getBean(SmartData.class);
                    assertThatThrownBy(() -> smartData
                                    .ingest(acme(smartData))
                                    .events(List.of(event("order_placed"), event("login"))))
                            .isInstanceOfSatisfying(
                                    SmartDataException.class,
                                    e -> assertThat(e.code()).isEqualTo("batch_too_large"));
                    assertThat(context.getBean(InFlightLimits.class).nodeBytes())
                            .isEqualTo(1 << 30);
                });
    }

    @Test
    void jobsRunWhileTheContextDoes() {
        host().run(context -> {
            ConfigurableApplicationContext running = context.getSourceApplicationContext();
            assertThat(jobThreads()).isNotEmpty();
            running.stop();
            assertJobThreadsEnd();
            running.start();
            assertThat(jobThreads()).isNotEmpty();
            running.close();
            assertJobThreadsEnd();
        });
    }

    @Test
    void jobsMayBeLeftToTheHost() {
        host().withPropertyValues("smartdata.jobs.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(JobsLifecycle.class);
            assertThat(jobThreads()).isEmpty();
            context.getBean(SmartData.class).jobs().runDue();
        });
    }

    @Test
    void withoutSpringsTransactionsThereIsNothingToJoin() {
        host().withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.transaction"))
                .run(context ->
                        assertThat(context).hasSingleBean(SmartData.class).doesNotHaveBean(TransactionalIngest.class));
    }

    @Test
    void aCustomizerHasTheLastWord() {
        host().withBean(SmartDataCustomizer.class, () -> builder -> builder.withoutLibraryJobs())
                .run(context -> assertThat(
                                context.getBean(SmartData.class).jobs().list())
                        .isEmpty());
    }

    /** Live threads of jobs in this process; tests run one after the other. */
    private static List<Thread> jobThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("smartdata-jobs-"))
                .toList();
    }

    /** A thread whose pool has ended may need a moment to end itself. */
    private static void assertJobThreadsEnd() throws InterruptedException {
        for (Thread thread : jobThreads()) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static Event event(String name) {
        return Event.named(name, Instant.parse("2026-03-01T23:30:00Z"))
                .id(name)
                .subject("s")
                .value(5)
                .build();
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

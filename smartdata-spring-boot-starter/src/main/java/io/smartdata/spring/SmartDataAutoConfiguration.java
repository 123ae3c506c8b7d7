package io.smartdata.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.smartdata.core.SmartData;
import io.smartdata.core.anomaly.AlertBudget;
import io.smartdata.core.forecast.ForecastSettings;
import io.smartdata.core.freshness.RefreshSchedules;
import io.smartdata.core.health.AlertRules;
import io.smartdata.core.ingest.InFlightLimits;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobSettings;
import io.smartdata.core.observe.Meters;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.schema.EventSchemas;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgResolver;
import java.time.Clock;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Builds {@link SmartData} on the host's DataSource. Tables are migrated, KPI definitions come from {@link KpiCatalog} beans
 * and from properties, permissions from an {@link AccessPolicy} bean (without one nothing is permitted), meters go to the
 * host's registry, jobs run while the context does.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "smartdata.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SmartDataProperties.class)
public class SmartDataAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean({HostDataSource.class, Storage.class, SmartData.class})
    HostDataSource smartDataDataSource(ListableBeanFactory beans, SmartDataProperties properties) {
        return HostDataSource.choose(beans, properties.dataSource());
    }

    /** Keeps everything in the host's database; the host closes its pool. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean({Storage.class, SmartData.class})
    Storage smartDataStorage(HostDataSource host, SmartDataProperties properties) {
        return JdbcStorage.of(host.dataSource()).withSchema(properties.schema());
    }

    @Bean
    @ConditionalOnMissingBean
    IngestSettings smartDataIngestSettings(SmartDataProperties properties) {
        return properties.ingest().settings();
    }

    @Bean
    @ConditionalOnMissingBean
    InFlightLimits smartDataInFlightLimits(SmartDataProperties properties, IngestSettings ingest) {
        return properties.inFlight().limits(ingest);
    }

    @Bean
    @ConditionalOnMissingBean
    JobSettings smartDataJobSettings(SmartDataProperties properties) {
        return properties.jobs().settings();
    }

    /** In the host's only or primary registry; nowhere if there is none. */
    @Bean
    @ConditionalOnMissingBean
    Meters smartDataMeters(
            SmartDataProperties properties,
            ObjectProvider<MeterRegistry> registries,
            ObjectProvider<ObservationRegistry> observations) {
        MeterRegistry registry = registries.getIfUnique();
        Meters meters = registry == null ? Meters.none() : Meters.of(registry);
        ObservationRegistry observed = observations.getIfUnique();
        Meters observing = observed == null ? meters : meters.withObservations(observed);
        return properties.meters().orgTag() ? observing.withOrgTag() : observing;
    }

    /** The pipeline; closed with the application. Two beans where one is needed fail the start: none is dropped in silence. */
    @Bean
    @ConditionalOnMissingBean
    SmartData smartData(
            Storage storage,
            SmartDataProperties properties,
            IngestSettings ingest,
            InFlightLimits inFlight,
            JobSettings jobSettings,
            Meters meters,
            ObjectProvider<KpiCatalog> kpis,
            ObjectProvider<EventSchemas> schemas,
            ObjectProvider<AccessPolicy> accessPolicy,
            ObjectProvider<OrgDirectory> orgDirectory,
            ObjectProvider<OrgResolver> orgResolver,
            ObjectProvider<ForecastSettings> forecasts,
            ObjectProvider<AlertBudget> alertBudget,
            ObjectProvider<RefreshSchedules> refreshSchedules,
            ObjectProvider<AlertRules> alertRules,
            ObjectProvider<Job> jobs,
            ObjectProvider<Clock> clock,
            ObjectProvider<SmartDataCustomizer> customizers) {
        SmartData.Builder builder = SmartData.builder()
                .storage(storage)
                .orgZone(properties.orgZone())
                .identityScope(properties.identityScope())
                .accessTimeout(properties.accessTimeout())
                .ingestSettings(ingest)
                .inFlightLimits(inFlight)
                .jobSettings(jobSettings)
                .meters(meters);
        KpiDefinitionSources.read(kpis.orderedStream().toList(), properties.kpis())
                .ifPresent(builder::kpis);
        schemas.ifAvailable(builder::schemas);
        accessPolicy.ifAvailable(builder::accessPolicy);
        orgDirectory.ifAvailable(builder::orgDirectory);
        orgResolver.ifAvailable(builder::orgResolver);
        forecasts.ifAvailable(builder::forecastSettings);
        alertBudget.ifAvailable(builder::alertBudget);
        refreshSchedules.ifAvailable(builder::refreshSchedules);
        alertRules.ifAvailable(builder::alertRules);
        jobs.orderedStream().forEach(builder::job);
        clock.ifUnique(builder::clock);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "smartdata.jobs.enabled", matchIfMissing = true)
    JobsLifecycle smartDataJobsLifecycle(SmartData smartData) {
        return new JobsLifecycle(smartData);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "smartdata.jobs.enabled", havingValue = false)
    HostJobsDrain smartDataHostJobsDrain(ApplicationContext context, SmartData smartData) {
        return new HostJobsDrain(context, smartData);
    }
}

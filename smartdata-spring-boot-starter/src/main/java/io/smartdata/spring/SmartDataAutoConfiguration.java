package io.smartdata.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdata.core.SmartData;
import io.smartdata.core.forecast.ForecastSettings;
import io.smartdata.core.observe.Meters;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Builds {@link SmartData} on the host's {@link DataSource}: tables are migrated, KPI definitions come from a
 * {@link KpiCatalog} bean, permissions from an {@link AccessPolicy} bean (without one nothing is permitted), meters go to the
 * host's registry.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "smartdata", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(SmartDataProperties.class)
public class SmartDataAutoConfiguration {
    /** Keeps everything in the host's database; the host closes its pool. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean({Storage.class, SmartData.class})
    @ConditionalOnSingleCandidate(DataSource.class)
    Storage smartDataStorage(DataSource dataSource, SmartDataProperties properties) {
        return JdbcStorage.of(dataSource).withSchema(properties.schema());
    }

    /** The pipeline; closed with the application. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(Storage.class)
    SmartData smartData(
            Storage storage,
            SmartDataProperties properties,
            ObjectProvider<KpiCatalog> kpis,
            ObjectProvider<AccessPolicy> accessPolicy,
            ObjectProvider<ForecastSettings> forecastSettings,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<Clock> clock) {
        SmartData.Builder builder = SmartData.builder().storage(storage).orgZone(properties.orgZone());
        // two catalogs, policies or settings fail the start: neither may be dropped in silence
        kpis.ifAvailable(builder::kpis);
        accessPolicy.ifAvailable(builder::accessPolicy);
        forecastSettings.ifAvailable(builder::forecastSettings);
        meters.ifUnique(registry -> builder.meters(Meters.of(registry)));
        clock.ifUnique(builder::clock);
        return builder.build();
    }
}

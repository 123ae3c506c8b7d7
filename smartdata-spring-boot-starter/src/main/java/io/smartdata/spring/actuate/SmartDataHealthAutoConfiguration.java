package io.smartdata.spring.actuate;

import io.smartdata.core.SmartData;
import io.smartdata.spring.SmartDataAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health contributor {@code smartData}: {@code UP}, {@code DEGRADED} or {@code DOWN}, with store, backlog, lag, freshness
 * and jobs as details. {@code management.health.smartdata.enabled=false} removes it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SmartDataAutoConfiguration.class)
@ConditionalOnBean(SmartData.class)
@ConditionalOnBooleanProperty(name = "management.health.smartdata.enabled", matchIfMissing = true)
public class SmartDataHealthAutoConfiguration {
    /** Spring Boot 4, where health has a module of its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    static class Boot4 {
        @Bean
        @ConditionalOnMissingBean(name = "smartDataHealthIndicator")
        HealthIndicator smartDataHealthIndicator(SmartData smartData) {
            return () -> {
                io.smartdata.core.health.Health health = smartData.health();
                return new Health.Builder()
                        .status(HealthReport.status(health))
                        .withDetails(HealthReport.details(health))
                        .build();
            };
        }
    }

    /** Spring Boot 3.5, where health is part of Actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
    static class Boot35 {
        @Bean
        @ConditionalOnMissingBean(name = "smartDataHealthIndicator")
        org.springframework.boot.actuate.health.HealthIndicator smartDataHealthIndicator(SmartData smartData) {
            return () -> {
                io.smartdata.core.health.Health health = smartData.health();
                return new org.springframework.boot.actuate.health.Health.Builder()
                        .status(HealthReport.status(health))
                        .withDetails(HealthReport.details(health))
                        .build();
            };
        }
    }
}

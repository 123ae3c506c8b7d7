package io.smartdata.spring.actuate;

import io.smartdata.core.SmartData;
import io.smartdata.spring.SmartDataAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The Actuator endpoint {@code smartdata}, where the host exposes it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SmartDataAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(SmartData.class)
@ConditionalOnAvailableEndpoint(SmartDataEndpoint.class)
public class SmartDataEndpointAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    SmartDataEndpoint smartDataEndpoint(SmartData smartData) {
        return new SmartDataEndpoint(smartData);
    }
}

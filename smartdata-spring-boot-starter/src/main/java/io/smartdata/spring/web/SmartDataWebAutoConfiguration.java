package io.smartdata.spring.web;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.spring.SmartDataAutoConfiguration;
import io.smartdata.spring.security.AuthenticationOrgs;
import io.smartdata.spring.security.SmartDataSecurityAutoConfiguration;
import io.smartdata.tenancy.AccessPolicy;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The REST API, on the servlet stack, if {@code smartdata.web.enabled=true} and the host says who may do what by an
 * {@link AccessPolicy} bean. Without either there is no endpoint at all.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = {SmartDataAutoConfiguration.class, SmartDataSecurityAutoConfiguration.class})
@ConditionalOnBooleanProperty("smartdata.web.enabled")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(RouterFunction.class)
@ConditionalOnBean({SmartData.class, AccessPolicy.class})
@EnableConfigurationProperties(SmartDataWebProperties.class)
public class SmartDataWebAutoConfiguration {
    /** Spring Security also knows the orgs of a caller. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Authentication.class)
    static class OfSpringSecurity {
        @Bean
        @ConditionalOnBean(AuthenticationOrgs.class)
        @ConditionalOnMissingBean(RequestIdentity.class)
        RequestIdentity smartDataAuthenticatedIdentity(AuthenticationOrgs orgs) {
            return new AuthenticatedIdentity(orgs);
        }
    }

    @Bean
    @ConditionalOnMissingBean(RequestIdentity.class)
    RequestIdentity smartDataPrincipalIdentity() {
        return new PrincipalIdentity();
    }

    @Bean
    @ConditionalOnMissingBean(name = "smartDataRoutes")
    RouterFunction<ServerResponse> smartDataRoutes(
            SmartData smartData, RequestIdentity identity, IngestSettings ingest, SmartDataWebProperties properties) {
        BodyReader bodies =
                new BodyReader(ingest.maxBatchBytes(), properties.maxBodies().toBytes());
        return new Routes(smartData, identity, bodies, properties).routes();
    }
}

package io.smartdata.spring.security;

import io.smartdata.spring.SmartDataAutoConfiguration;
import io.smartdata.tenancy.AccessPolicy;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClaimAccessor;

/**
 * An {@link AccessPolicy} out of what Spring Security knows, once it is told where orgs come from: by
 * {@code smartdata.security.org-claim} or a bean of type {@link AuthenticationOrgs}. The host's own policy goes before it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = SmartDataAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "smartdata.enabled", matchIfMissing = true)
@ConditionalOnClass(Authentication.class)
@EnableConfigurationProperties(SmartDataSecurityProperties.class)
public class SmartDataSecurityAutoConfiguration {
    /** Claims are those of OAuth 2 and OpenID Connect. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClaimAccessor.class)
    static class Claims {
        @Bean
        @ConditionalOnMissingBean(AuthenticationOrgs.class)
        @ConditionalOnProperty("smartdata.security.org-claim")
        ClaimedOrgs smartDataClaimedOrgs(SmartDataSecurityProperties properties) {
            return new ClaimedOrgs(String.valueOf(properties.orgClaim()));
        }
    }

    @Bean
    @ConditionalOnMissingBean(AccessPolicy.class)
    @ConditionalOnBean(AuthenticationOrgs.class)
    SecurityAccessPolicy smartDataSecurityAccessPolicy(
            AuthenticationOrgs orgs, SmartDataSecurityProperties properties) {
        return new SecurityAccessPolicy(orgs, properties.roles());
    }
}

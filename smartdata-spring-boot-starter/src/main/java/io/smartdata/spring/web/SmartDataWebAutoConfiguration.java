package io.smartdata.spring.web;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.spring.SmartDataAutoConfiguration;
import io.smartdata.spring.security.AuthenticationOrgs;
import io.smartdata.spring.security.SmartDataSecurityAutoConfiguration;
import io.smartdata.spring.web.api.Api;
import io.smartdata.spring.web.route.Router;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
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
        Router router = new Router(
                properties.basePath(),
                smartData.access(),
                new HostIdentity(identity),
                new Router.Bodies(ingest.maxBatchBytes(), properties.maxBodies().toBytes(), properties.bodyTimeout()));
        return router.routes(Api.routes(smartData, properties.api()));
    }

    /** Tells what the container refuses of an upload before it reaches a route. */
    @Bean
    @ConditionalOnMissingBean
    MultipartProblems smartDataMultipartProblems(SmartDataWebProperties properties) {
        return new MultipartProblems(properties.basePath());
    }

    /** Keeps half an answer from looking whole. */
    @Bean
    @ConditionalOnMissingBean
    BrokenAnswers smartDataBrokenAnswers() {
        return new BrokenAnswers();
    }

    /** What the host says of a request. */
    private record HostIdentity(RequestIdentity identity) implements Router.Identity {
        @Override
        public Optional<Caller> caller(HttpServletRequest request) {
            return identity.caller(request);
        }

        @Override
        public Set<OrgId> orgs(HttpServletRequest request) {
            return identity.orgs(request);
        }
    }
}

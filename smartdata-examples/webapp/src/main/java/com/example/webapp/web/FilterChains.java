package com.example.webapp.web;

import jakarta.servlet.DispatcherType;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Two chains, none with a cookie: a browser adds nothing to a request by itself, so that there is nothing to forge and no CSRF
 * token to ask for. Whoever changes these to cookies must switch CSRF protection on.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class FilterChains {
    private final WebProperties properties;

    FilterChains(WebProperties properties) {
        this.properties = properties;
    }

    /** For those who have no token, or one that ended. */
    @Bean
    @Order(1)
    SecurityFilterChain loginChain(HttpSecurity http) throws Exception {
        return stateless(http)
                .securityMatcher("/login", "/refresh", "/logout", "/sign-up")
                .addFilterBefore(new SmallBodies(), SecurityContextHolderFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.POST)
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .build();
    }

    /** For everything else: a token, then the policy of smartdata. */
    @Bean
    @Order(2)
    SecurityFilterChain apiChain(HttpSecurity http) throws Exception {
        return stateless(http)
                .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults())
                        .authenticationEntryPoint(Problems::unauthenticated)
                        .accessDeniedHandler(Problems::denied))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(
                                HttpMethod.GET,
                                "/actuator/health",
                                "/actuator/health/liveness",
                                "/actuator/health/readiness")
                        .permitAll()
                        .requestMatchers("/smartdata/**")
                        .authenticated()
                        .anyRequest()
                        .denyAll())
                .build();
    }

    private HttpSecurity stateless(HttpSecurity http) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .exceptionHandling(failures -> failures.authenticationEntryPoint(Problems::unauthenticated)
                        .accessDeniedHandler(Problems::denied))
                .headers(this::headers);
    }

    private void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.contentSecurityPolicy(policy -> policy.policyDirectives(properties.contentSecurityPolicy()))
                .permissionsPolicyHeader(policy -> policy.policy(properties.permissionsPolicy()))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER));
        if (properties.hsts().isZero()) {
            headers.httpStrictTransportSecurity(HeadersConfigurer.HstsConfig::disable);
        } else {
            headers.httpStrictTransportSecurity(hsts ->
                    hsts.maxAgeInSeconds(properties.hsts().toSeconds()).includeSubDomains(properties.hstsSubDomains()));
        }
    }

    /** Asked before any chain. */
    @Bean
    HttpFirewall trustedHosts() {
        Set<String> trusted = properties.trustedHosts().stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHostnames(host -> trusted.contains(host.toLowerCase(Locale.ROOT)));
        return firewall;
    }

    /** Written here, because the page of an error would be asked for the same host and refused again. */
    @Bean
    RequestRejectedHandler rejectedRequests() {
        return Problems::rejected;
    }
}

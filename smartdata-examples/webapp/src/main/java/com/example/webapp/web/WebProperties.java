package com.example.webapp.web;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings under {@code webapp.web}; the defaults stand in {@code application.properties}.
 *
 * @param trustedHosts names in the Host header that are answered, without a port
 * @param contentSecurityPolicy for answers that bring no policy of their own
 * @param permissionsPolicy features of a browser that pages may not use
 * @param hsts how long browsers must use HTTPS, told over HTTPS only; zero to tell nothing
 * @param hstsSubDomains whether that holds for all names below this one, also those of others
 * @since 0.1.0
 */
@ConfigurationProperties("webapp.web")
public record WebProperties(
        Set<String> trustedHosts,
        String contentSecurityPolicy,
        String permissionsPolicy,
        Duration hsts,
        boolean hstsSubDomains) {}

package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import io.smartdata.spring.security.AuthenticationOrgs;
import io.smartdata.tenancy.OrgId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** The same API within the filter chains that Spring Boot sets up by itself. */
class HostShapesTest {
    private static final String EVENTS = "[{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}]";

    @TempDir
    private Path folder;

    /** Security as it comes: everything needs a login, and what changes something a CSRF token. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class DefaultChain {
        @Bean
        AuthenticationOrgs orgs() {
            return authentication -> Set.of(OrgId.of("acme"));
        }
    }

    /** Tokens are called after the org they are for. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ResourceServer {
        @Bean
        JwtDecoder tokens() {
            return token -> {
                if (!List.of("acme", "zeta").contains(token)) {
                    throw new BadJwtException("no such token");
                }
                return Jwt.withTokenValue(token)
                        .header("alg", "none")
                        .subject("ann")
                        .issuedAt(Instant.now())
                        .claim("org_id", token)
                        .claim("scope", "kpis.read events.write")
                        .build();
            };
        }
    }

    @Test
    void inTheDefaultChainThePolicyIsAskedAfterTheLogin() throws Exception {
        String login = "Basic " + Base64.getEncoder().encodeToString("ann:pw".getBytes(StandardCharsets.UTF_8));
        try (RunningHost host = RunningHost.withSecurity(
                folder,
                DefaultChain.class,
                "spring.security.user.name=ann",
                "spring.security.user.password=pw",
                "spring.security.user.roles=ADMIN",
                "smartdata.web.enabled=true",
                "smartdata.security.roles.org-admin=ROLE_ADMIN")) {
            assertThat(host.get("/smartdata/api/v1/kpis").status()).isEqualTo(401);
            assertThat(host.get("/smartdata/api/v1/freshness", "Authorization", login)
                            .json()
                            .path("code")
                            .asText())
                    .isEqualTo("unknown_org");
            assertThat(host.post("/smartdata/api/v1/events", EVENTS, "Authorization", login)
                            .status())
                    .as("refused without a CSRF token, and the page about it needs a login too")
                    .isEqualTo(401);
        }
    }

    @Test
    void aResourceServerNeedsPropertiesOnlyUnderAnyPath() throws Exception {
        try (RunningHost host = RunningHost.withSecurity(
                folder,
                ResourceServer.class,
                "server.servlet.context-path=/app",
                "spring.mvc.servlet.path=/mvc",
                "smartdata.web.enabled=true",
                "smartdata.web.base-path=/stats",
                "smartdata.security.org-claim=org_id",
                "smartdata.security.roles.org-viewer=SCOPE_kpis.read",
                "smartdata.security.roles.org-admin=SCOPE_events.write")) {
            String api = "/app/mvc/stats/api/v1";
            RunningHost.Answer stored = host.post(
                    api + "/events", EVENTS, "Authorization", "Bearer acme", "Content-Type", "application/json");
            assertThat(stored.json().path("accepted").asInt()).isEqualTo(1);
            assertThat(host.get(api + "/kpis", "Authorization", "Bearer acme").status())
                    .isEqualTo(200);
            assertThat(host.get(api + "/kpis?org=acme", "Authorization", "Bearer zeta")
                            .status())
                    .isEqualTo(403);
            assertThat(host.get(api + "/kpis", "Authorization", "Bearer forged").status())
                    .isEqualTo(401);
            assertThat(host.get(api + "/kpis").status()).isEqualTo(401);
        }
    }
}

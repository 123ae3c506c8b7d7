package io.smartdata.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

class SecurityAdapterTest {
    private static final OrgId ACME = OrgId.of("acme");
    private static final SecurityAccessPolicy POLICY = new SecurityAccessPolicy(
            new ClaimedOrgs("org_id"),
            Map.of(Role.ORG_VIEWER, List.of("kpi.read"), Role.PLATFORM_ADMIN, List.of("staff")));

    @TempDir
    private Path folder;

    /** A host whose users belong to the org of their name. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("acme")
                    .password("{noop}pw")
                    .authorities("kpi.read")
                    .build());
        }

        @Bean
        AuthenticationOrgs orgs() {
            return authentication -> Set.of(OrgId.of(authentication.getName()));
        }
    }

    @AfterEach
    void logOut() {
        SecurityContextHolder.clearContext();
    }

    private static void logIn(Object claim, String... authorities) {
        ClaimAccessor token = () -> Map.of("org_id", claim);
        TestingAuthenticationToken authentication = new TestingAuthenticationToken(token, "secret", authorities) {
            private static final long serialVersionUID = 1L;

            @Override
            public String getName() {
                return "ann";
            }
        };
        SecurityContextHolder.getContext().setAuthentication(authentication);
    }

    private static boolean mayView(String caller, String org) {
        return POLICY.permits(Caller.of(caller), OrgId.of(org), Permission.VIEW);
    }

    @Test
    void anAuthorityHoldsInTheOrgsOfTheClaimOnly() {
        logIn(List.of("acme", "apex"), "kpi.read");
        assertThat(mayView("ann", "acme")).isTrue();
        assertThat(mayView("ann", "apex")).isTrue();
        assertThat(mayView("ann", "zeta")).isFalse();
        assertThat(POLICY.permits(Caller.of("ann"), ACME, Permission.INGEST)).isFalse();
    }

    @Test
    void withoutTheAuthorityTheOrgIsNotEnough() {
        logIn("acme", "something.else");
        assertThat(mayView("ann", "acme")).isFalse();
    }

    @Test
    void anotherCallerThanTheOneLoggedInIsDenied() {
        logIn("acme", "kpi.read");
        assertThat(mayView("bob", "acme")).isFalse();
    }

    @Test
    void nobodyLoggedInIsDenied() {
        assertThat(mayView("ann", "acme")).isFalse();
        assertThat(POLICY.permitsAcrossOrgs(Caller.of("ann"))).isFalse();
    }

    @Test
    void aClaimThatIsNoOrgCountsForNothing() {
        logIn(List.of("; DROP", 7), "kpi.read");
        assertThat(mayView("ann", "acme")).isFalse();
    }

    @Test
    void staffReadsAcrossOrgsAndNothingWithinThem() {
        logIn("acme", "staff");
        assertThat(POLICY.permitsAcrossOrgs(Caller.of("ann"))).isTrue();
        assertThat(mayView("ann", "acme")).isFalse();
    }

    @Test
    void attributesOfAUserAreClaimsToo() {
        var user =
                new DefaultOAuth2AuthenticatedPrincipal("ann", Map.of("org_id", "acme"), AuthorityUtils.NO_AUTHORITIES);
        assertThat(new ClaimedOrgs("org_id").of(new TestingAuthenticationToken(user, "")))
                .containsExactly(ACME);
    }

    @Test
    void aHostWithSpringSecurityNeedsNoPolicyOfItsOwn() throws Exception {
        try (RunningHost host = RunningHost.withSecurity(
                folder, Host.class, "smartdata.web.enabled=true", "smartdata.security.roles.org-viewer=kpi.read")) {
            assertThat(host.get("/smartdata/api/v1/kpis").status()).isEqualTo(401);
            assertThat(host.get("/smartdata/api/v1/kpis", "Authorization", basic("acme", "wrong"))
                            .status())
                    .isEqualTo(401);
            String login = basic("acme", "pw");
            assertThat(host.get("/smartdata/api/v1/kpis", "Authorization", login)
                            .json()
                            .path("code")
                            .asText())
                    .isEqualTo("unknown_org");
            assertThat(host.get("/smartdata/api/v1/kpis?org=zeta", "Authorization", login)
                            .json()
                            .path("code")
                            .asText())
                    .isEqualTo("not_permitted");
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}

package io.smartdata.spring.shape;

import io.smartdata.spring.RunningHost;
import io.smartdata.spring.security.AuthenticationOrgs;
import io.smartdata.spring.web.RequestIdentity;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

/** Hosts that let ann see the org acme, each by another kind of login. */
public final class ShapedHost {
    private ShapedHost() {}

    /** No Spring Security: a gateway in front tells the user in a header. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class NoSecurity {
        @Bean
        RequestIdentity identity() {
            return new RequestIdentity() {
                @Override
                public Optional<Caller> caller(HttpServletRequest request) {
                    return Optional.ofNullable(request.getHeader("X-User")).map(Caller::of);
                }

                @Override
                public Set<OrgId> orgs(HttpServletRequest request) {
                    return Set.of(OrgId.of("acme"));
                }
            };
        }

        @Bean
        AccessPolicy policy() {
            return (caller, org, permission) -> caller.name().equals("ann") && org.equals(OrgId.of("acme"));
        }
    }

    /** Everybody with a login is of acme. */
    @Configuration(proxyBeanMethods = false)
    static class Staff {
        @Bean
        AuthenticationOrgs orgs() {
            return authentication -> Set.of(OrgId.of("acme"));
        }
    }

    /** Spring Boot's own chain. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class DefaultChain extends Staff {}

    /** A login page and a session, nothing else. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SessionLogin extends Staff {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }

    /** Boot's chain for tokens. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ResourceServer {
        @Bean
        JwtDecoder tokens() {
            return token -> {
                if (!token.equals("ann")) {
                    throw new BadJwtException("no such token");
                }
                return Jwt.withTokenValue(token)
                        .header("alg", "none")
                        .subject("ann")
                        .issuedAt(Instant.now())
                        .claim("org_id", "acme")
                        .claim("scope", "kpis.read")
                        .build();
            };
        }
    }

    /**
     * Starts a host; only types of the JDK go in and out, so that it can be called in a class loader of its own.
     *
     * @return its port, the port of its actuator, and what closes it
     */
    public static Object[] start(String shape, Path folder, String... settings) throws ClassNotFoundException {
        Class<?> configuration = Class.forName(ShapedHost.class.getName() + "$" + shape);
        RunningHost host = configuration == NoSecurity.class
                ? RunningHost.withoutSecurity(folder, configuration, settings)
                : RunningHost.withSecurity(folder, configuration, settings);
        Integer port = host.uri("/").getPort();
        String management = host.context().getEnvironment().getProperty("local.management.port");
        return new Object[] {port, management == null ? port : Integer.valueOf(management), (Runnable) host::close};
    }
}

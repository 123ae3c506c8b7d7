package io.smartdata.spring.script;

import io.smartdata.spring.RunningHost;
import io.smartdata.spring.security.AuthenticationOrgs;
import io.smartdata.tenancy.OrgId;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A host with a page, session login, CSRF tokens and a strict Content-Security-Policy, for {@code src/test/browser/check.mjs},
 * which drives a real browser. Ends with its standard input.
 */
public final class BrowserHost {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String PAGE =
            "<!doctype html><title>A page</title><script type=\"module\" src=\"/page.js\"></script>";

    private static final String SCRIPT = """
            import { createEmitter } from '/smartdata/api/v1/smartdata.js';
            const cookie = (name) => document.cookie.match(`(^|; )${name}=([^;]*)`)?.[2] ?? '';
            window.failures = [];
            window.drops = [];
            window.emitter = createEmitter({
              url: '/smartdata/api/v1/events',
              headers: () => ({ 'X-XSRF-TOKEN': cookie('XSRF-TOKEN') }),
              maxBackoff: 2000,
              onFailed: (failure) => window.failures.push(failure),
              onDropped: (drop) => window.drops.push(drop),
            });
            """;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        AuthenticationOrgs orgs() {
            return authentication -> Set.of(OrgId.of("acme"));
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            CsrfTokenRequestAttributeHandler everyTime = new CsrfTokenRequestAttributeHandler();
            everyTime.setCsrfRequestAttributeName(null);
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                            .csrfTokenRequestHandler(everyTime))
                    .build();
        }

        @Bean
        RouterFunction<ServerResponse> page() {
            return RouterFunctions.route()
                    .GET(
                            "/page",
                            request -> ServerResponse.ok()
                                    .header("Content-Security-Policy", POLICY)
                                    .contentType(MediaType.TEXT_HTML)
                                    .body(PAGE))
                    .GET(
                            "/page.js",
                            request -> ServerResponse.ok()
                                    .contentType(MediaType.valueOf("text/javascript"))
                                    .body(SCRIPT))
                    .build();
        }
    }

    private BrowserHost() {}

    /** Arguments: port and folder of the database. */
    public static void main(String[] arguments) throws Exception {
        try (RunningHost host = RunningHost.withSecurity(
                Path.of(arguments[1]),
                Shop.class,
                "server.port=" + arguments[0],
                "spring.security.user.name=ann",
                "spring.security.user.password=pw",
                "spring.security.user.roles=ADMIN",
                "smartdata.web.enabled=true",
                "smartdata.security.roles.org-admin=ROLE_ADMIN")) {
            System.out.println("listening " + host.port());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}

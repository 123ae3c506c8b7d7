package io.smartdata.spring.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.spring.RunningHost;
import io.smartdata.spring.web.route.Route;
import io.smartdata.spring.web.route.Router;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** What a host sets up for its own endpoints changes no answer of the API, and the API nothing of theirs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostSettingsTest {
    private static final String API = "/smartdata/api/v1";
    private static final String EVENT = "{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}";

    private RunningHost plain;
    private RunningHost opinionated;

    /** A host with opinions of its own on everything. */
    @Configuration(proxyBeanMethods = false)
    @Import({Gateway.class, Advice.class, Pages.class})
    static class Opinionated {
        @Bean
        WebMvcConfigurer settings() {
            return new WebMvcConfigurer() {
                @Override
                public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
                    converters.removeIf(converter -> converter.canWrite(Object.class, MediaType.APPLICATION_JSON));
                }

                @Override
                public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
                    negotiation.defaultContentType(MediaType.APPLICATION_XML).ignoreAcceptHeader(true);
                }
            };
        }

        /** Begins an answer of two pieces and fails between them. */
        @Bean
        RouterFunction<ServerResponse> broken(SmartData smartData, RequestIdentity identity) {
            Router.Identity ours = new Router.Identity() {
                @Override
                public Optional<Caller> caller(HttpServletRequest request) {
                    return identity.caller(request);
                }

                @Override
                public Set<OrgId> orgs(HttpServletRequest request) {
                    return identity.orgs(request);
                }
            };
            Route route = Route.get("/halves", "halves", "Half an answer.")
                    .ofCaller()
                    .streams(
                            List.of("text/csv"),
                            call -> new Route.Download("text/csv", "halves.csv", out -> {
                                out.write("first half\n".repeat(10_000).getBytes(UTF_8));
                                throw new SmartDataException("store_failure", "secret of the table");
                            }));
            return new Router("/broken", smartData.access(), ours, new Router.Bodies(1, 1, Duration.ofSeconds(1)))
                    .routes(List.of(route));
        }

        /** Takes every failure that comes by. */
        @Bean
        HandlerExceptionResolver catchAll() {
            return (request, response, handler, failure) -> {
                response.setStatus(418);
                return new ModelAndView();
            };
        }
    }

    @RestControllerAdvice
    static class Advice {
        @ExceptionHandler(Exception.class)
        ResponseEntity<String> any() {
            return ResponseEntity.status(418).body("the host's");
        }
    }

    /** Pages of the host that lead to the API from within. */
    @Controller
    static class Pages {
        @GetMapping("/old-kpis")
        String forwarded() {
            return "forward:" + API + "/kpis";
        }

        @GetMapping("/page-with-kpis")
        void included(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
            request.getRequestDispatcher(API + "/kpis").include(request, response);
        }
    }

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path another) throws Exception {
        plain = RunningHost.withoutSecurity(folder, Gateway.class, "smartdata.web.enabled=true");
        opinionated = RunningHost.withoutSecurity(
                another,
                Opinionated.class,
                "smartdata.web.enabled=true",
                "spring.threads.virtual.enabled=true",
                "spring.main.lazy-initialization=true",
                "spring.mvc.problemdetails.enabled=true",
                "spring.mvc.hiddenmethod.filter.enabled=true",
                "spring.mvc.throw-exception-if-no-handler-found=true",
                "spring.web.resources.add-mappings=false",
                "spring.jackson.property-naming-strategy=SNAKE_CASE",
                "spring.jackson.default-property-inclusion=non_null",
                "spring.jackson.serialization.indent-output=true",
                "spring.jackson.time-zone=Asia/Tokyo",
                "server.forward-headers-strategy=framework",
                "server.compression.enabled=true",
                "server.error.include-stacktrace=always",
                "server.error.include-message=always");
        for (RunningHost host : List.of(plain, opinionated)) {
            assertThat(send(host, "POST", "/events", EVENT).status()).isEqualTo(200);
        }
    }

    @AfterAll
    void stop() {
        plain.close();
        opinionated.close();
    }

    private static RunningHost.Answer send(RunningHost host, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return host.send(
                HttpRequest.newBuilder(host.uri(API + path)).method(method, publisher),
                Gateway.USER,
                "acme",
                "Content-Type",
                "application/json",
                "Accept",
                "text/html",
                "X-Forwarded-Host",
                "shop.example",
                "X-Forwarded-Prefix",
                "/shop",
                "X-Request-Id",
                "r1");
    }

    /** As a client reads it; times differ. */
    private static String said(RunningHost.Answer answer) {
        return "%d %s %s %s %s %s"
                .formatted(
                        answer.status(),
                        answer.header("Content-Type").orElse("no type"),
                        answer.header("Cache-Control").orElse("kept"),
                        answer.header("X-Request-Id").orElse("no id"),
                        answer.header("Allow").orElse(""),
                        answer.body().replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|[0-9a-f-]{36}", "?"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /kpis,",
        "GET, /kpis/login.count/series?from=2026-03-01&to=2026-03-02,",
        "GET, /kpis/none/series,",
        "GET, /sources,",
        "GET, /nothing,",
        "GET, /kpis/,",
        "HEAD, /kpis,",
        "OPTIONS, /kpis,",
        "DELETE, /kpis,",
        "POST, /kpis?_method=GET,",
        "POST, /events?dryRun=true, '{\"name\":1}'",
        "POST, /events?dryRun=true, '['",
        "POST, /events?dryRun=true, ''",
        "POST, /retractions, '{\"nothing\":1}'",
        "POST, /retractions, '{'",
        "PUT, /sources, '{\"name\":\"\"}'",
        "GET, /dead-letters?limit=0,",
        "GET, /openapi.json,"
    })
    void theAnswerIsThatOfAPlainHost(String method, String path, String body) throws Exception {
        RunningHost.Answer answer = send(opinionated, method, path, body);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/");
        assertThat(said(answer)).isEqualTo(said(send(plain, method, path, body)));
    }

    @ParameterizedTest
    @CsvSource({"/old-kpis, acme, login.count", "/page-with-kpis, acme, login.count"})
    void theHostMayLeadToTheApiFromWithin(String page, String user, String said) throws Exception {
        assertThat(opinionated.get(page, Gateway.USER, user).body()).contains(said);
    }

    @ParameterizedTest
    @CsvSource({"/old-kpis", "/page-with-kpis", "/old-kpis?org=acme", "/page-with-kpis?org=acme"})
    void whoComesFromWithinIsAskedForTheirNameToo(String page) throws Exception {
        assertThat(opinionated.get(page).body()).contains("unauthenticated").doesNotContain("login.count");
        assertThat(opinionated.get(page, Gateway.USER, "zeta").body()).doesNotContain("login.count");
    }

    @Test
    void anAnswerThatIsCutOffDoesNotLookWhole() {
        assertThatThrownBy(() -> opinionated.get("/broken/api/v1/halves", Gateway.USER, "acme"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theHostsOwnFailuresStayItsOwn() throws Exception {
        assertThat(opinionated.get("/smartdata-is-not-here").body()).doesNotContain("urn:smartdata");
        assertThat(plain.get("/smartdata-is-not-here").body()).doesNotContain("urn:smartdata");
    }
}

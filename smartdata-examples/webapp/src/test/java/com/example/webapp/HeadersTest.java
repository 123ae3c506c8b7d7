package com.example.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.webapp.RunningApp.Answer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer tells a browser, and which requests get none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeadersTest {
    private RunningApp app;

    @BeforeAll
    void start(@TempDir Path folder) {
        app = RunningApp.start(folder);
    }

    @AfterAll
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/smartdata/api/v1/kpis", "/login", "/actuator/health", "/nothing"})
    void everyAnswerHasTheHeaders(String path) throws Exception {
        Answer answer = app.get(path);
        assertThat(answer.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Permissions-Policy")).contains("camera=()");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("Strict-Transport-Security"))
                .as("means nothing over HTTP")
                .isEmpty();
        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "evil.example:80",
                "localhost@evil.example",
                "[::1]",
                "127.0.0.2"
            })
    void anotherHostIsNotAnswered(String host) throws Exception {
        List<String> answer = app.raw("GET /actuator/health HTTP/1.1", "Host: " + host, "Connection: close");
        assertThat(answer.get(0)).contains(" 400");
        assertThat(String.join("\n", answer)).doesNotContain("evil", "UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1"})
    void aTrustedHostIsAnsweredUnderAnyPort(String host) throws Exception {
        List<String> answer = app.raw("GET /actuator/health HTTP/1.1", "Host: " + host, "Connection: close");
        assertThat(answer.get(0)).contains(" 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
    void aLoadBalancerLearnsWhetherTheNodeIsUpAndNoMore(String path) throws Exception {
        Answer answer = app.get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"status\":\"UP\"").doesNotContain("details", "components");
        assertThat(app.get("/actuator/health/smartData").status()).isEqualTo(401);
    }

    @Test
    void aForwardedHostIsNotBelieved() throws Exception {
        Answer answer =
                app.get("/actuator/health", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("UP").doesNotContain("evil");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /smartdata/api/v1/kpis;x=y HTTP/1.1",
                "GET /smartdata/..%2factuator/env HTTP/1.1",
                "GET /smartdata%2fapi/v1/kpis HTTP/1.1",
                "GET //smartdata/api/v1/kpis HTTP/1.1",
                "GET /login/../smartdata/api/v1/kpis HTTP/1.1",
                "GET /%6cogin/%2e%2e/smartdata/api/v1/kpis HTTP/1.1",
                "TRACE /smartdata/api/v1/kpis HTTP/1.1",
                "OPTIONS /smartdata/api/v1/kpis HTTP/1.1",
                "GET /login HTTP/1.1",
                "GET /smartdata/api/v1/kpis HTTP/1.0"
            })
    void noDetourLeadsPastTheLogin(String line) throws Exception {
        List<String> answer = app.raw(line, "Host: localhost", "Connection: close");
        assertThat(answer.get(0)).containsPattern(" (400|401|403|404|405) ?");
    }

    @Test
    void aLongBodyAtTheLoginIsNotRead() throws Exception {
        assertThat(app.tryLogin("x".repeat(5000), "x").status()).isEqualTo(413);
        List<String> endless = app.raw(
                "POST /login HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "",
                "0");
        assertThat(endless.get(0)).contains(" 411");
    }

    @Test
    void aFormOfAnotherSiteCannotLogIn() throws Exception {
        Answer answer = app.send(app.request("/login")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"name\":\"viewer@acme\",\"password\":\"%s\"}".formatted(RunningApp.PASSWORD))));
        assertThat(answer.status()).isEqualTo(415);
    }
}

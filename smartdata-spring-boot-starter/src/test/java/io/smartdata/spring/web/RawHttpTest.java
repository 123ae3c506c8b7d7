package io.smartdata.spring.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no library sends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawHttpTest {
    private static final int READ_MILLIS = 30_000;
    private static final String KPIS = "/smartdata/api/v1/kpis";

    private RunningHost host;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(folder, Gateway.class, "smartdata.web.enabled=true");
        host.post(
                "/smartdata/api/v1/events",
                "[{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}]",
                Gateway.USER,
                "acme",
                "Content-Type",
                "application/json");
    }

    @AfterAll
    void stop() {
        host.close();
    }

    /** Everything until the server closes. */
    private String exchange(String head, String body) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream()
                    .write((head.replace("\n", "\r\n") + "Host: localhost\r\nConnection: close\r\n\r\n" + body)
                            .getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket("localhost", host.uri("/").getPort());
        socket.setSoTimeout(READ_MILLIS);
        return socket;
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET " + KPIS + " HTTP/1.1",
                "GET " + KPIS + "/ HTTP/1.1",
                "GET " + KPIS + ";v=1 HTTP/1.1",
                "GET /smartdata;x=/api/v1/kpis HTTP/1.1",
                "GET /smartdata/api/v1/..%2fv1/kpis HTTP/1.1",
                "GET /smartdata/api/v1/%6bpis HTTP/1.1",
                "GET /smartdata/api/v1/%256bpis HTTP/1.1",
                "GET /smartdata/./api/v1/kpis HTTP/1.1",
                "GET /other/../smartdata/api/v1/kpis HTTP/1.1",
                "GET //smartdata/api/v1/kpis HTTP/1.1",
                "GET /SMARTDATA/api/v1/kpis HTTP/1.1",
                "GET http://localhost" + KPIS + " HTTP/1.1",
                "HEAD " + KPIS + " HTTP/1.1",
                "OPTIONS " + KPIS + " HTTP/1.1",
                "TRACE " + KPIS + " HTTP/1.1",
                "PATCH " + KPIS + " HTTP/1.1",
                "FOO " + KPIS + " HTTP/1.1",
                "GET " + KPIS + " HTTP/1.0"
            })
    void anonymousNeverGetsAnAnswer(String line) throws Exception {
        String answer = exchange(line + "\n", "");
        assertThat(status(answer)).isBetween(400, 499);
        assertThat(answer).doesNotContain("login.count", "io.smartdata", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "TRACE", "PATCH", "FOO", "PUT"})
    void anotherMethodGetsNothingOfTheAnswer(String method) throws Exception {
        String answer = exchange("%s %s HTTP/1.1\n%s: acme\n".formatted(method, KPIS, Gateway.USER), "");
        assertThat(status(answer)).isEqualTo(405);
        assertThat(answer).doesNotContain("login.count");
    }

    @Test
    void aLongHeaderIsRefusedByTheServer() throws Exception {
        assertThat(status(exchange("GET %s HTTP/1.1\nX-Long: %s\n".formatted(KPIS, "x".repeat(9_000)), "")))
                .isEqualTo(400);
    }

    @Test
    void aRequestIdThatWouldSplitALogLineIsNotTaken() throws Exception {
        String answer = exchange("GET %s HTTP/1.1\n%s: acme\nX-Request-Id: a b\n".formatted(KPIS, Gateway.USER), "");
        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer).doesNotContain("a b");
    }

    @Test
    void aBodyThatEndsEarlyStoresNothing() throws Exception {
        try (Socket socket = open()) {
            socket.getOutputStream()
                    .write(("POST /smartdata/api/v1/events HTTP/1.1\r\nHost: localhost\r\n%s: cut\r\n"
                                            .formatted(Gateway.USER)
                                    + "Content-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n"
                                    + "{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}\n")
                            .getBytes(ISO_8859_1));
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), ISO_8859_1);
            assertThat(answer).doesNotContain("\"accepted\"");
        }
        assertThat(host.get("/smartdata/api/v1/kpis", Gateway.USER, "cut")
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("unknown_org");
    }

    @Test
    void twoLengthsAreRefused() throws Exception {
        String answer = exchange(
                "POST /smartdata/api/v1/events HTTP/1.1\n%s: acme\nContent-Type: application/json\nContent-Length: 2\nContent-Length: 60\n"
                        .formatted(Gateway.USER),
                "[]");
        assertThat(status(answer)).isEqualTo(400);
    }
}

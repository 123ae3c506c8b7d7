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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no library sends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawHttpTest {
    private static final int READ_MILLIS = 30_000;
    private static final String KPIS = "/smartdata/api/v1/kpis";
    private static final String EVENT = "{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}";

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

    /** A batch of the org odd, with these headers beside. */
    private String batch(String query, String... headers) throws IOException {
        return exchange(
                "POST /smartdata/api/v1/events%s HTTP/1.1\n%s: odd\nContent-Length: %d\n%s\n"
                        .formatted(query, Gateway.USER, EVENT.length(), String.join("\n", headers)),
                EVENT);
    }

    private void assertRefused(String answer, int status, String code) throws Exception {
        assertThat(status(answer)).as(answer).isEqualTo(status);
        assertThat(answer).contains("application/problem+json", "\"code\":\"" + code + "\"");
        assertThat(host.get(KPIS, Gateway.USER, "odd").json().path("code").asText())
                .as("nothing was stored")
                .isEqualTo("unknown_org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?dryRun=%zz",
                "?dryRun=true%",
                "?source=%ff%fe",
                "?source=%c0%af",
                "?source=%ed%a0%80",
                "?=true",
                "?source=a&%zz",
                "?dryRun=true&dryRun=false",
                "?dryrun=true",
                "?%64ryRun=TRUE",
                ";dryRun=true",
                ";dryRun=true?source=a"
            })
    void aParameterThatCannotBeReadIsNotTakenForLeftOut(String query) throws Exception {
        assertRefused(batch(query, "Content-Type: application/json"), 400, "invalid_request");
    }

    @Test
    void moreParametersThanAnyRouteHasAreNotReadOneByOne() throws Exception {
        assertRefused(batch("?" + "source=a&".repeat(800), "Content-Type: application/json"), 400, "invalid_request");
    }

    @ParameterizedTest
    @CsvSource({"Idempotency-Key, a, b", "Idempotency-Key, a, a", "Content-Type, application/json, text/csv"})
    void aHeaderThatIsThereTwiceDecidesNothing(String name, String one, String other) throws Exception {
        String[] headers = name.equals("Content-Type")
                ? new String[] {name + ": " + one, name + ": " + other}
                : new String[] {"Content-Type: application/json", name + ": " + one, name + ": " + other};
        assertRefused(batch("", headers), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "///",
                "application",
                "application/json; charset=utf-16",
                "application/json; charset=none",
                "application/x-www-form-urlencoded",
                "APPLICATION/X-WWW-FORM-URLENCODED",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "text/html"
            })
    void aTypeThatIsNotTakenStoresNothing(String type) throws Exception {
        assertRefused(batch("", "Content-Type: " + type), 415, "unsupported_media_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"///", "text/plain", ""})
    void aBodyThatMayBeLeftOutIsNotTakenForNoneBecauseOfItsType(String type) throws Exception {
        String body = "{\"dryRun\":true}";
        String answer = exchange(
                "POST /smartdata/api/v1/dead-letters/replay HTTP/1.1\n%s: acme\nContent-Length: %d\n%s"
                        .formatted(Gateway.USER, body.length(), type.isEmpty() ? "" : "Content-Type: " + type + "\n"),
                body);
        assertThat(status(answer)).as(answer).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%EF%BC%91", "%2B1", "0x1", "1e0", "1.0", "01234567890", "%201", "1_0", ""})
    void aNumberIsWrittenAsJsonWritesIt(String number) throws Exception {
        String answer = exchange(
                "GET /smartdata/api/v1/dead-letters?limit=%s HTTP/1.1\n%s: acme\n".formatted(number, Gateway.USER), "");
        assertThat(status(answer)).as(answer).isEqualTo(400);
        assertThat(answer).contains("limit must be a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32"})
    void anObjectInAnotherEncodingThanUtf8IsNotRead(String charset) throws Exception {
        String body = new String("{\"source\":\"api\",\"dryRun\":true}".getBytes(charset), ISO_8859_1);
        String answer = exchange(
                "POST /smartdata/api/v1/retractions HTTP/1.1\n%s: acme\nContent-Type: application/json\nContent-Length: %d\n"
                        .formatted(Gateway.USER, body.length()),
                body);
        assertThat(status(answer)).as(answer).isEqualTo(400);
        assertThat(answer).contains("one JSON object in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 9_000, 20_000, 1_000_000})
    void aSingleEventOfAnyDepthIsRefusedWithoutAStackOrMuchMemory(int depth) throws Exception {
        String body = "{\"id\":\"1\",\"name\":\"deep\",\"time\":\"2026-03-01T10:00:00Z\",\"x\":%s1%s}"
                .formatted("[".repeat(depth), "]".repeat(depth));
        String answer = exchange(
                "POST /smartdata/api/v1/events/single HTTP/1.1\n%s: acme\nContent-Type: application/json\nContent-Length: %d\n"
                        .formatted(Gateway.USER, body.length()),
                body);
        assertThat(status(answer)).as(answer).isIn(400, 422);
        assertThat(answer).containsAnyOf("too_deep", "event_too_large");
    }
}

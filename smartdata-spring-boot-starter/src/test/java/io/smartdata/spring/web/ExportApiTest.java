package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.spring.RunningHost;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an org takes out, as a client meets it: one that reads, one that does not, one that goes away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportApiTest {
    private static final String STAFF = "staff/platform_admin";

    /** More than what sockets buffer. */
    private static final int MANY = 30_000;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder, Gateway.class, "smartdata.web.enabled=true", "smartdata.jobs.enabled=false");
        api = new ApiClient(host);
        History.send(api, "acme", History.FIRST);
        History.send(api, "mallory", History.FIRST);
        api.post("acme", "/anomalies/detection", History.days("visit.sum", ""));
        api.post("acme", "/kpis/visit.sum/forecast", "{\"horizon\":3,\"model\":\"constant\"}");
        large();
    }

    private void large() {
        SmartData smartData = host.context().getBean(SmartData.class);
        for (int batch = 0; batch < MANY / 10_000; batch++) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                events.add(Event.named(
                                "page", Instant.parse("2026-03-01T00:00:00Z").plusSeconds(i))
                        .id(batch + "-" + i)
                        .source("web")
                        .properties(Map.of("text", "x".repeat(400)))
                        .build());
            }
            smartData
                    .ingest(smartData.access().scope(Caller.of("large"), OrgId.of("large"), Permission.INGEST))
                    .events(events);
        }
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private HttpResponse<byte[]> bytes(String user, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(host.uri("/smartdata/api/v1" + path));
        request.header(Gateway.USER, user);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] inflated(byte[] bytes) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static void assertProblem(RunningHost.Answer answer, int status, String code) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.header("Content-Disposition")).isEmpty();
    }

    @Test
    void everyEventIsARow() throws Exception {
        RunningHost.Answer answer = api.get("acme", "/export/events");
        assertThat(answer.header("Content-Type")).hasValue("text/csv;charset=UTF-8");
        assertThat(answer.header("Content-Disposition")).hasValue("attachment; filename=\"events.csv\"");
        assertThat(answer.body().lines()).hasSize(1 + History.DAYS);
        assertThat(api.get("acme", "/export/events?from=2026-01-05T00:00:00Z&to=2026-01-07T00:00:00Z")
                        .body()
                        .lines())
                .hasSize(1 + 2);
        assertThat(api.get("acme", "/export/events?source=nowhere").body().lines())
                .hasSize(1);
    }

    @Test
    void whatWouldRunInASpreadsheetIsNeutralised() throws Exception {
        api.post("formula", "/events", """
                [{"id":"=1+1","name":"=cmd|' /C calc'!A0","time":"2026-03-01T10:00:00Z","subject":"@SUM(A1)","entity":"-2"}]
                """);
        String row = api.get("formula", "/export/events")
                .body()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();
        assertThat(row).contains("'=1+1").contains("'=cmd").contains("'@SUM").contains("'-2");
        assertThat(row).doesNotContain(",=", ",@");
        assertThat(api.get("formula", "/export/kpis?from=2026-03-01&to=2026-03-02")
                        .body())
                .contains("'=cmd")
                .doesNotContain(",=cmd");
    }

    @Test
    void whatIsExportedIsReadBackAsTheSameEvents() throws Exception {
        String lines = api.get("acme", "/export/events?format=ndjson").body();
        RunningHost.Answer again = api.send("acme", "POST", "/events", lines, "Content-Type", "application/x-ndjson");
        assertThat(again.json().path("duplicates").asInt()).isEqualTo(History.DAYS);
    }

    @Test
    void aCompressedFileAndACompressedTransferHoldTheSame() throws Exception {
        HttpResponse<byte[]> plain = bytes("acme", "/export/events");
        HttpResponse<byte[]> file = bytes("acme", "/export/events?gzip=true", "Accept-Encoding", "gzip");
        assertThat(file.headers().firstValue("Content-Type")).hasValue("application/gzip");
        assertThat(file.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(file.headers().firstValue("Content-Disposition")).hasValue("attachment; filename=\"events.csv.gz\"");
        assertThat(inflated(file.body())).isEqualTo(plain.body());
        HttpResponse<byte[]> transfer = bytes("acme", "/export/events", "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(transfer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(transfer.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
        assertThat(inflated(transfer.body())).isEqualTo(plain.body());
        assertThat(transfer.body().length).isLessThan(plain.body().length / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip;q=0", "gzip;q=0.0", "br", "gzipped", "*"})
    void aClientThatDoesNotAskForGzipGetsNone(String accept) throws Exception {
        HttpResponse<byte[]> answer = bytes("acme", "/export/events", "Accept-Encoding", accept);
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).startsWith("id,");
    }

    @Test
    void kpisAnomaliesAndForecastsAreRowsToo() throws Exception {
        String kpis = api.get(
                        "acme",
                        "/export/kpis?format=ndjson&from=%s&to=%s".formatted(History.FIRST, History.FIRST.plusDays(2)))
                .body();
        assertThat(kpis.lines()).hasSize(2 * 4).allMatch(line -> line.startsWith("{"));
        assertThat(api.get("acme", "/export/kpis").body().lines()).hasSize(1 + 4 * History.DAYS);
        assertThat(api.get("acme", "/export/anomalies").body()).contains(History.SPIKE.toString());
        assertThat(api.get("acme", "/export/anomalies?from=1970-01-01&to=1970-01-02")
                        .body()
                        .lines())
                .hasSize(1);
        assertThat(api.get("acme", "/export/forecasts").body().lines()).hasSize(1 + 3);
        assertThat(api.get("mallory", "/export/forecasts").body().lines()).hasSize(1);
        assertThat(api.get("acme", "/audit?action=export")
                        .json()
                        .path("entries")
                        .findValuesAsText("target"))
                .contains("kpis", "anomalies", "forecasts");
    }

    @ParameterizedTest
    @CsvSource({
        "/export/events?format=xml, 400, invalid_request",
        "/export/events?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z, 400, invalid_request",
        "/export/events?from=-1000000000-01-01T00:00:00Z, 400, invalid_request",
        "/export/events?gzip=yes, 400, invalid_request",
        "/export/kpis?from=2026-03-02&to=2026-03-01, 400, invalid_request",
        "/export/kpis?from=9999-12-31, 400, invalid_request",
        "/export/anomalies?from=tomorrow, 400, invalid_request",
        "/export/events?org=mallory, 403, not_permitted",
        "/exports/7, 404, unknown_export",
        "/exports/00000000-0000-0000-0000-000000000000, 404, unknown_export",
        "/exports/00000000-0000-0000-0000-000000000000/content, 404, unknown_export"
    })
    void whatCannotBeExportedIsAProblem(String path, int status, String code) throws Exception {
        assertProblem(api.get("acme", path), status, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/export/events", "/export/kpis", "/export/anomalies", "/export/forecasts"})
    void exportingNeedsThePermissionAndData(String path) throws Exception {
        assertProblem(api.get("acme/org_viewer", path), 403, "not_permitted");
        assertProblem(api.get("nobody", path), 404, "unknown_org");
    }

    @Test
    void anExportThatRunsByItselfIsFetchedByWhoAskedForIt() throws Exception {
        JsonNode asked = api.post("acme", "/exports", "{\"format\":\"ndjson\",\"gzip\":true}")
                .json();
        assertThat(asked.path("status").asText()).isEqualTo("waiting");
        String path = "/exports/" + asked.path("id").asText();
        assertProblem(api.get("acme", path + "/content"), 409, "export_not_done");
        assertThat(api.send(STAFF, "POST", "/jobs/exports/runs", null).status()).isEqualTo(202);
        JsonNode done = api.get("acme", path).json();
        assertThat(done.path("status").asText()).isEqualTo("done");
        assertThat(done.at("/content/rows").asInt()).isEqualTo(History.DAYS);
        HttpResponse<byte[]> file = bytes("acme", path + "/content");
        assertThat(file.headers().firstValue("Content-Type")).hasValue("application/gzip");
        assertThat(file.body()).hasSize(done.at("/content/bytes").asInt());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.body())))
                .isEqualTo(done.at("/content/sha256").asText());
        assertThat(new String(inflated(file.body()), StandardCharsets.UTF_8).lines())
                .hasSize(History.DAYS);
        for (String stranger : List.of("mallory", "acme/org_owner")) {
            assertProblem(api.get(stranger, path), 404, "unknown_export");
            assertProblem(api.get(stranger, path + "/content"), 404, "unknown_export");
            assertProblem(api.send(stranger, "DELETE", path, null), 404, "unknown_export");
            assertThat(api.get(stranger, "/exports").json().path("exports")).isEmpty();
        }
        assertThat(api.get("acme", "/exports").json().path("exports").findValuesAsText("id"))
                .containsExactly(asked.path("id").asText());
        assertThat(api.send("acme", "DELETE", path, null).status()).isEqualTo(204);
        assertProblem(api.get("acme", path), 404, "unknown_export");
    }

    @Test
    void anOrgHasNoMoreExportsThanItMay() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(api.post("mallory", "/exports", "{}").status()).isEqualTo(202);
        }
        assertProblem(api.post("mallory", "/exports", "{}"), 409, "too_many_exports");
        for (JsonNode export : api.get("mallory", "/exports").json().path("exports")) {
            api.send("mallory", "DELETE", "/exports/" + export.path("id").asText(), null);
        }
    }

    /** A client that sends a request and reads nothing of the answer but its beginning. */
    private Socket reading(String path, int bytes) throws IOException {
        URI uri = host.uri("/smartdata/api/v1" + path);
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        socket.getOutputStream()
                .write("""
                        GET %s HTTP/1.1\r
                        Host: localhost\r
                        %s: large\r
                        \r
                        """.formatted(uri.getRawPath(), Gateway.USER).getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(bytes)).hasSize(bytes);
        return socket;
    }

    private static void eventually(String what, Callable<Boolean> fact) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!fact.call()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aClientThatGoesAwayStopsItsExportAndOthersGoOn() throws Exception {
        HikariDataSource connections = host.context().getBean(HikariDataSource.class);
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slow.add(reading("/export/events", 2_000));
        }
        assertThat(connections.getHikariPoolMXBean().getActiveConnections()).isPositive();
        RunningHost.Answer one = api.get("acme", "/export/events");
        assertProblem(one, 429, "throttled");
        assertThat(one.header("Retry-After")).hasValue("1");
        assertThat(api.get("acme", "/kpis").status()).isEqualTo(200);
        for (Socket socket : slow) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        eventually(
                "no connection is held", () -> connections.getHikariPoolMXBean().getActiveConnections() == 0);
        eventually(
                "there is room again", () -> api.get("acme", "/export/events").status() == 200);
    }

    @Test
    void everyByteOfALargeExportArrives() throws Exception {
        HttpResponse<byte[]> file = bytes("large", "/export/events?format=ndjson");
        assertThat(file.statusCode()).isEqualTo(200);
        byte[] all = file.body();
        assertThat(all.length).isGreaterThan(MANY * 400);
        assertThat(Arrays.copyOfRange(all, all.length - 2, all.length)).isEqualTo(new byte[] {'}', '\n'});
        assertThat(new String(all, StandardCharsets.UTF_8).lines()).hasSize(MANY);
    }
}

package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API as a client without Spring Security meets it, on a running server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestApiTest {
    private static final String JSON = "application/json";
    private static final String ORDERS = """
            [{"id":"1","name":"order_placed","time":"2026-03-01T10:00:00Z","value":19.9},
             {"id":"1","name":"order_placed","time":"2026-03-01T10:00:00Z","value":19.9},
             {"id":"2","name":"order_placed","time":"yesterday"}]
            """;

    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder,
                Gateway.class,
                "spring.datasource.url=" + database(folder),
                "smartdata.web.enabled=true",
                "smartdata.web.max-range-days=31");
        api = new ApiClient(host);
        assertThat(post("acme", ORDERS).status()).isEqualTo(200);
    }

    String database(Path folder) throws Exception {
        return "jdbc:sqlite:" + folder.resolve("host.db");
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private RunningHost.Answer get(String user, String path) throws Exception {
        return api.get(user, path);
    }

    private RunningHost.Answer post(String user, String body) throws Exception {
        return api.post(user, "/events", body);
    }

    private static void assertProblem(RunningHost.Answer answer, int status, String code) throws Exception {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("type").asText()).endsWith(code);
        assertThat(answer.header("X-Request-Id"))
                .hasValue(problem.path("requestId").asText());
        assertThat(answer.body()).doesNotContain("Exception", "io.smartdata", "SELECT", "host.db");
    }

    @Test
    void aBatchIsAnsweredWithWhatBecameOfEachEvent() throws Exception {
        JsonNode reply = post("batch", ORDERS).json();
        assertThat(reply.path("received").asInt()).isEqualTo(3);
        assertThat(reply.path("accepted").asInt()).isEqualTo(1);
        assertThat(reply.path("duplicates").asInt()).isEqualTo(1);
        assertThat(reply.path("failed")).hasSize(1);
        JsonNode failed = reply.path("failed").get(0);
        assertThat(failed.path("index").asInt()).isEqualTo(2);
        assertThat(failed.path("id").asText()).isEqualTo("2");
        assertThat(failed.path("reason").asText()).isEqualTo("invalid_time");
        assertThat(failed.path("retryable").asBoolean()).isFalse();
        assertThat(failed.path("deadLetterId").asText()).hasSize(36);
    }

    @Test
    void theSameBatchAgainIsOnlyDuplicates() throws Exception {
        post("again", ORDERS);
        JsonNode reply = post("again", ORDERS).json();
        assertThat(reply.path("accepted").asInt()).isZero();
        assertThat(reply.path("duplicates").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "text/csv, 'id,name,time\n1,login,2026-03-01T10:00:00Z\n'",
        "application/x-ndjson, '{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}\n'",
        "application/json; charset=utf-8, '{\"events\":[{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}]}'"
    })
    void everyFormatIsTaken(String type, String body) throws Exception {
        RunningHost.Answer answer =
                host.post("/smartdata/api/v1/events?dryRun=true", body, "X-User", "formats", "Content-Type", type);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(1);
    }

    @Test
    void aReceiptIsReadAgainByItsOrgOnly() throws Exception {
        JsonNode reply = post("receipts", ORDERS).json();
        String path = "/receipts/" + reply.path("receiptId").asText();
        JsonNode receipt = get("receipts", path).json();
        assertThat(receipt.path("accepted")).isEqualTo(reply.path("accepted"));
        assertThat(receipt.path("failed")).isEqualTo(reply.path("failed"));
        assertProblem(get("acme", path), 404, "unknown_receipt");
        assertProblem(get("acme", "/receipts/1"), 404, "unknown_receipt");
    }

    @Test
    void anOrgOverItsQuotaIsToldWhenToComeBack() throws Exception {
        assertThat(post("busy", ORDERS).status()).isEqualTo(200);
        RunningHost.Answer answer = post("busy", ORDERS);
        assertProblem(answer, 429, "throttled");
        assertThat(answer.header("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 240));
    }

    @Test
    void whatNobodyThoughtOfIsAnsweredInFixedWords() throws Exception {
        assertProblem(get("broken", "/kpis"), 500, "internal_error");
        assertThat(get("broken", "/kpis").body()).doesNotContain("secret");
    }

    @Test
    void theSameKeyGivesTheSameReceipt() throws Exception {
        String[] headers = {"X-User", "keys", "Content-Type", JSON, "Idempotency-Key", "batch-7"};
        RunningHost.Answer first = host.post("/smartdata/api/v1/events", ORDERS, headers);
        RunningHost.Answer again = host.post("/smartdata/api/v1/events", ORDERS, headers);
        assertThat(again.json()).isEqualTo(first.json());
        assertProblem(host.post("/smartdata/api/v1/events", "[]", headers), 409, "idempotency_key_reused");
    }

    @Test
    void kpisAreThoseWithData() throws Exception {
        assertThat(get("acme", "/kpis").json().path("kpis").findValuesAsText("name"))
                .containsExactly("order_placed.avg", "order_placed.count", "order_placed.sum");
    }

    @Test
    void aSeriesHasExactFigures() throws Exception {
        JsonNode series = get("acme", "/kpis/order_placed.sum/series?from=2026-03-01&to=2026-03-02")
                .json();
        assertThat(series.path("points")).hasSize(1);
        assertThat(series.path("points").get(0).path("value").decimalValue()).isEqualByComparingTo("19.9");
        assertThat(Instant.parse(series.path("dataFreshAsOf").asText())).isAfter(Instant.parse("2026-03-01T10:00:00Z"));
    }

    @Test
    void whatAClientHasAlreadyIsNotSentAgainUntilItChanges() throws Exception {
        String path = "/kpis/order_placed.sum/series?from=2026-03-01&to=2026-03-02";
        post("tags", ORDERS);
        String tag = get("tags", path).header("ETag").orElseThrow();
        RunningHost.Answer same = host.get("/smartdata/api/v1" + path, "X-User", "tags", "If-None-Match", tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        post("tags", ORDERS.replace("\"1\"", "\"3\""));
        assertThat(host.get("/smartdata/api/v1" + path, "X-User", "tags", "If-None-Match", tag)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void freshnessNamesTheSources() throws Exception {
        JsonNode freshness = get("acme", "/freshness").json();
        assertThat(freshness.path("stale").asBoolean()).isFalse();
        assertThat(freshness.path("silences").findValuesAsText("source")).containsExactly("api");
    }

    @Test
    void anonymousIsAskedToLogIn() throws Exception {
        assertProblem(host.get("/smartdata/api/v1/kpis"), 401, "unauthenticated");
    }

    @Test
    void aForeignOrgAndOneThatNobodyHasAreAnsweredAlike() throws Exception {
        RunningHost.Answer foreign = get("mallory", "/kpis?org=acme");
        RunningHost.Answer unknown = get("mallory", "/kpis?org=nobody");
        assertProblem(foreign, 403, "not_permitted");
        assertProblem(unknown, 403, "not_permitted");
        assertThat(foreign.json().path("detail")).isEqualTo(unknown.json().path("detail"));
    }

    @Test
    void anEventOfAnotherOrgIsNotStored() throws Exception {
        JsonNode reply = post(
                        "mallory", "[{\"id\":\"1\",\"org\":\"acme\",\"name\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}]")
                .json();
        assertThat(reply.path("failed").get(0).path("reason").asText()).isEqualTo("org_mismatch");
    }

    @ParameterizedTest
    @CsvSource({
        "/kpis/nothing/series, 404, unknown_kpi",
        "/kpis/order_placed.sum/series?from=tomorrow&to=2026-03-02, 400, invalid_request",
        "/kpis/order_placed.sum/series?from=2026-03-01, 400, invalid_request",
        "/kpis/order_placed.sum/series?from=-999999999-01-01&to=-999999999-01-02, 400, invalid_request",
        "/kpis/order_placed.sum/series?last=P999999999Y, 400, invalid_request",
        "/kpis/order_placed.sum/series?from=2026-03-01&to=2026-03-02&last=P3D, 400, invalid_request",
        "/kpis/order_placed.sum/series?top=-1, 400, invalid_request",
        "/kpis/order_placed.sum/series?last=P2M, 400, invalid_request",
        "/kpis/order_placed.sum/series?grain=eon, 400, invalid_request",
        "/kpis/order_placed.sum/series?dimension=shoe_size, 404, unknown_dimension",
        "/kpis?org=%22%3B--, 400, invalid_request",
        "/kpis?orgs=acme, 400, invalid_request",
        "/kpis?org=acme&org=globex, 400, invalid_request",
        "/nothing, 404, not_found",
        "/kpis/, 404, not_found"
    })
    void aRequestThatCannotBeAnsweredIsAProblem(String path, int status, String code) throws Exception {
        assertProblem(get("acme", path), status, code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[{ | 400 | invalid_json", "'' | 400 | empty_input", "<xml/> | 400 | invalid_json"})
    void aBodyThatCannotBeReadIsAProblem(String body, int status, String code) throws Exception {
        assertProblem(post("acme", body), status, code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "nonsense"})
    void anotherTypeIsRefused(String type) throws Exception {
        assertProblem(
                host.post("/smartdata/api/v1/events", "[]", "X-User", "acme", "Content-Type", type),
                415,
                "unsupported_media_type");
    }

    @Test
    void anotherMethodIsRefusedWithTheRightOne() throws Exception {
        RunningHost.Answer answer = host.send(
                HttpRequest.newBuilder(host.uri("/smartdata/api/v1/kpis")).DELETE(), "X-User", "acme");
        assertProblem(answer, 405, "method_not_allowed");
        assertThat(answer.header("Allow")).hasValue("GET");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        assertProblem(post("acme", " ".repeat((8 << 20) + 1)), 413, "batch_too_large");
    }

    @Test
    void aBrowserReadsJsonToo() throws Exception {
        assertProblem(host.get("/smartdata/api/v1/nothing", "X-User", "acme", "Accept", "text/html"), 404, "not_found");
    }

    @Test
    void theClientsRequestIdIsKeptIfItIsHarmless() throws Exception {
        assertThat(host.get("/smartdata/api/v1/kpis", "X-User", "acme", "X-Request-Id", "trace-7")
                        .header("X-Request-Id"))
                .hasValue("trace-7");
        assertThat(host.get("/smartdata/api/v1/kpis", "X-User", "acme", "X-Request-Id", "<script>")
                        .header("X-Request-Id"))
                .hasValueSatisfying(id -> assertThat(id).hasSize(36));
    }

    @Test
    void answersAreNotKeptByCaches() throws Exception {
        RunningHost.Answer answer = get("acme", "/kpis");
        assertThat(answer.header("Cache-Control")).hasValue("no-store");
        assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
    }
}

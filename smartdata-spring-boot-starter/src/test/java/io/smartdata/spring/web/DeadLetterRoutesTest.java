package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters, sources and retractions, on a running server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadLetterRoutesTest {
    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(folder, Gateway.class, "smartdata.web.enabled=true");
        api = new ApiClient(host);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    /** So many events that are not accepted for their time, and one that is. */
    private String receiptWith(String user, int letters) throws Exception {
        String bad = IntStream.range(0, letters)
                .mapToObj(i ->
                        ",{\"id\":\"%s-%d\",\"name\":\"order_placed\",\"when\":\"2026-03-01T10:00:00Z\",\"value\":2}"
                                .formatted(user, i))
                .collect(Collectors.joining());
        return api.post(
                        user,
                        "/events?source=shop",
                        "[{\"id\":\"good\",\"name\":\"order_placed\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":1}%s]"
                                .formatted(bad))
                .json()
                .path("receiptId")
                .asText();
    }

    private JsonNode letters(String user, String query) throws Exception {
        return api.get(user, "/dead-letters" + query).json();
    }

    private List<String> ids(String user, String query) throws Exception {
        return letters(user, query).path("deadLetters").findValuesAsText("id");
    }

    @Test
    void pagesAddUpToAllLetters() throws Exception {
        receiptWith("paged", 7);
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = letters("paged", "?limit=3" + cursor);
            paged.addAll(page.path("deadLetters").findValuesAsText("id"));
            cursor = page.path("next").isNull()
                    ? null
                    : "&cursor=" + page.path("next").asText();
        } while (cursor != null);
        assertThat(paged).hasSize(7).doesNotHaveDuplicates().isEqualTo(ids("paged", ""));
    }

    @Test
    void lettersAreFoundByWhatTheyAre() throws Exception {
        String receipt = receiptWith("found", 2);
        assertThat(ids("found", "?status=open&codes=missing_time,id_conflict&source=shop&receipt=" + receipt))
                .hasSize(2);
        assertThat(ids("found", "?status=discarded")).isEmpty();
        assertThat(ids("found", "?codes=id_conflict")).isEmpty();
        assertThat(ids("found", "?source=elsewhere")).isEmpty();
        assertThat(ids("found", "?to=2026-01-01T00:00:00Z")).isEmpty();
        JsonNode letter = letters("found", "").path("deadLetters").get(0);
        assertThat(letter.path("reason").asText()).isEqualTo("missing_time");
        assertThat(letter.path("attempts").asInt()).isZero();
        JsonNode counts = api.get("found", "/dead-letters/counts").json().path("counts");
        assertThat(counts).hasSize(1);
        assertThat(counts.get(0).path("letters").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?cursor=x",
                "?cursor=%00",
                "?cursor=YQ",
                "?cursor=KzEwMDAwMDAwMDAtMTItMzFUMDA6MDA6MDBaHzAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMB8xHzAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA",
                "?limit=0",
                "?limit=1001",
                "?codes=whatever",
                "?codes=",
                "?status=OPEN",
                "?receipt=1",
                "?from=%2B1000000000-12-31T00:00:00Z",
                "?statuss=open"
            })
    void aQueryThatMakesNoSenseIsRefused(String query) throws Exception {
        receiptWith("queries", 1);
        assertProblem(api.get("queries", "/dead-letters" + query), 400, "invalid_request");
    }

    @Test
    void lettersAreForOperatorsAndTheirBytesForThoseWhoMaySeePayloads() throws Exception {
        receiptWith("roles", 1);
        String id = ids("roles", "").get(0);
        assertProblem(api.get("roles/org_admin", "/dead-letters"), 403, "not_permitted");
        assertThat(api.get("roles/operator", "/dead-letters/" + id).status()).isEqualTo(200);
        assertProblem(api.get("roles/operator", "/dead-letters/" + id + "/payload"), 403, "not_permitted");
        RunningHost.Answer payload = api.get("roles", "/dead-letters/" + id + "/payload");
        assertThat(payload.body()).startsWith("{\"id\":\"roles-0\"");
        assertThat(payload.header("Content-Type")).hasValue("application/octet-stream");
        assertThat(payload.header("Content-Disposition"))
                .hasValue("attachment; filename=\"dead-letter-%s\"".formatted(id));
        assertProblem(api.get("found", "/dead-letters/" + id), 404, "unknown_dead_letter");
        assertProblem(api.get("roles", "/dead-letters/1"), 404, "unknown_dead_letter");
    }

    @Test
    void aFixReplaysAllLettersOfAFilter() throws Exception {
        String receipt = receiptWith("fixed", 3);
        String fix =
                "{\"fix\":[{\"rename\":{\"from\":\"when\",\"to\":\"time\"}},{\"set\":{\"field\":\"value\",\"value\":\"5\"}},{\"cast\":{\"field\":\"value\",\"type\":\"number\"}},{\"drop\":{\"field\":\"debug\"}}]%s}";
        JsonNode dry = api.post("fixed", "/dead-letters/replay?receipt=" + receipt, fix.formatted(",\"dryRun\":true"))
                .json();
        assertThat(dry.path("accepted").asInt()).isEqualTo(3);
        assertThat(dry.path("dryRun").asBoolean()).isTrue();
        assertThat(ids("fixed", "?status=open")).hasSize(3);
        JsonNode limited = api.post("fixed", "/dead-letters/replay?receipt=" + receipt, fix.formatted(",\"limit\":2"))
                .json();
        assertThat(limited.path("accepted").asInt()).isEqualTo(2);
        assertThat(limited.path("more").asBoolean()).isTrue();
        assertThat(api.post("fixed", "/dead-letters/replay?receipt=" + receipt, fix.formatted(""))
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(1);
        assertThat(ids("fixed", "?status=open")).isEmpty();
        JsonNode series = api.get("fixed", "/kpis/order_placed.sum/series?from=2026-03-01&to=2026-03-02")
                .json();
        assertThat(series.path("points").get(0).path("value").asInt()).isEqualTo(16);
    }

    @Test
    void whatStillFailsIsToldAndStaysOpen() throws Exception {
        receiptWith("stubborn", 2);
        JsonNode report = api.send("stubborn", "POST", "/dead-letters/replay?codes=missing_time", null)
                .json();
        assertThat(report.path("failed").asInt()).isEqualTo(2);
        assertThat(report.path("failedByReason").path("missing_time").asInt()).isEqualTo(2);
        assertThat(report.path("failures")).hasSize(2);
        assertThat(report.path("failures").findValuesAsText("deadLetterId"))
                .containsExactlyElementsOf(ids("stubborn", "?status=open"));
    }

    @Test
    void oneLetterIsReplayedWithEditedBytes() throws Exception {
        receiptWith("edited", 1);
        String path = "/dead-letters/" + ids("edited", "").get(0) + "/replay";
        assertThat(api.send("edited", "POST", path, null).json().path("failed").asInt())
                .isEqualTo(1);
        assertThat(api.post("edited", path, "{\"dryRun\":true}")
                        .json()
                        .path("failed")
                        .asInt())
                .isEqualTo(1);
        String edited =
                "{\"payload\":\"{\\\"id\\\":\\\"e\\\",\\\"name\\\":\\\"x\\\",\\\"time\\\":\\\"2026-03-01T10:00:00Z\\\"}\"%s}";
        assertThat(api.post("edited", path, edited.formatted(",\"dryRun\":true"))
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.post("edited", path, edited.formatted(""))
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.post("edited", path, edited.formatted(""))
                        .json()
                        .path("settledBefore")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void lettersAreGivenUpWithANoteAndOpenedAgain() throws Exception {
        receiptWith("given", 2);
        String id = ids("given", "").get(0);
        assertThat(api.post("given", "/dead-letters/discard?ids=" + id, "{\"note\":\"a test\"}")
                        .json()
                        .path("letters")
                        .asInt())
                .isEqualTo(1);
        JsonNode letter = api.get("given", "/dead-letters/" + id).json();
        assertThat(letter.path("status").asText()).isEqualTo("discarded");
        assertThat(letter.path("note").asText()).isEqualTo("a test");
        assertThat(api.send("given", "POST", "/dead-letters/reopen?all=true", null)
                        .json()
                        .path("letters")
                        .asInt())
                .isEqualTo(1);
        assertThat(ids("given", "?status=open")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replay | {} | invalid_request",
                "replay?ids=1 | {} | invalid_request",
                "replay?all=true | {\"fix\":[{}]} | invalid_transformation",
                "replay?all=true | {\"fix\":[{\"drop\":{\"field\":\"a\"},\"set\":{\"field\":\"a\",\"value\":\"b\"}}]} | invalid_transformation",
                "replay?all=true | {\"fix\":[{\"drop\":{\"field\":\" \"}}]} | invalid_transformation",
                "replay?all=true | {\"fix\":[{\"drop\":{}}]} | invalid_request",
                "replay?all=true | {\"fix\":[null]} | invalid_request",
                "replay?all=true | {\"fix\":[{\"cast\":{\"field\":\"a\",\"type\":\"money\"}}]} | invalid_request",
                "replay?all=true | {\"fix\":[{\"cast\":{\"field\":\"a\",\"type\":1}}]} | invalid_request",
                "replay?all=true | {\"limit\":0} | invalid_request",
                "replay?all=true | {\"limit\":10001} | invalid_request",
                "replay?all=true | {\"dryrun\":true} | invalid_request",
                "discard?all=true | {} | invalid_request",
                "discard?all=true | {\"note\":\" \"} | invalid_request",
                "discard | {\"note\":\"why\"} | invalid_request"
            })
    void anOrderThatMakesNoSenseChangesNothing(String path, String body, String code) throws Exception {
        receiptWith("orders", 1);
        assertProblem(api.post("orders", "/dead-letters/" + path, body), 400, code);
        assertThat(letters("orders", "?status=open")
                        .path("deadLetters")
                        .get(0)
                        .path("attempts")
                        .asInt())
                .isZero();
    }

    @Test
    void sourcesAreListedInPagesAndDeclared() throws Exception {
        receiptWith("sources", 0);
        assertThat(put("sources", "/sources", "{\"name\":\"a/b c\",\"conflicts\":\"last_wins\"}")
                        .status())
                .isEqualTo(204);
        JsonNode first = api.get("sources", "/sources?limit=1").json();
        assertThat(first.path("sources").get(0).path("name").asText()).isEqualTo("a/b c");
        assertThat(first.path("sources").get(0).path("declared").asBoolean()).isTrue();
        assertThat(first.path("sources").get(0).path("conflicts").asText()).isEqualTo("last_wins");
        JsonNode second = api.get(
                        "sources",
                        "/sources?limit=1&cursor=" + first.path("next").asText())
                .json();
        assertThat(second.path("sources").get(0).path("name").asText()).isEqualTo("shop");
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void anOrgCanTakeDeclaredSourcesOnly() throws Exception {
        receiptWith("strict", 0);
        assertThat(put("strict", "/sources/policy", "{\"declaredOnly\":true}").status())
                .isEqualTo(204);
        JsonNode reply = api.post(
                        "strict",
                        "/events?source=unheard",
                        "[{\"id\":\"1\",\"name\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}]")
                .json();
        assertThat(reply.path("failed").get(0).path("reason").asText()).isEqualTo("unknown_source");
        assertThat(put("strict", "/sources/policy", "{}").status()).isEqualTo(400);
        assertThat(put("strict", "/sources", "{\"name\":\" \"}")
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("invalid_name");
        assertThat(put("strict/org_admin", "/sources", "{\"name\":\"web\"}").status())
                .isEqualTo(403);
    }

    private RunningHost.Answer put(String user, String path, String body) throws Exception {
        return api.send(user, "PUT", path, body, "Content-Type", "application/json");
    }

    @Test
    void eventsAreTakenBackAndTheirKpisCountedAgain() throws Exception {
        String receipt = receiptWith("back", 0);
        String order = "{\"receiptId\":\"%s\"%s}";
        JsonNode dry = api.post("back", "/retractions", order.formatted(receipt, ",\"dryRun\":true"))
                .json();
        assertThat(dry.path("events").asInt()).isEqualTo(1);
        assertThat(dry.path("names")).extracting(JsonNode::asText).containsExactly("order_placed");
        JsonNode done = api.post("back", "/retractions", order.formatted(receipt, ",\"tombstones\":true"))
                .json();
        assertThat(done.path("events").asInt()).isEqualTo(1);
        assertThat(done.path("cells").asInt()).isPositive();
        JsonNode again = api.post(
                        "back",
                        "/events?source=shop",
                        "[{\"id\":\"good\",\"name\":\"order_placed\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":1}]")
                .json();
        assertThat(again.path("duplicates").asInt()).isEqualTo(1);
        receiptWith("elsewhere", 0);
        assertProblem(api.post("elsewhere", "/retractions", order.formatted(receipt, "")), 404, "unknown_receipt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"from\":\"2026-01-01T00:00:00Z\"}",
                "{\"ids\":[\"\"]}",
                "{\"ids\":[null]}",
                "{\"ids\":\"1\"}",
                "{\"name\":\"x\",\"from\":\"+1000000000-12-31T00:00:00Z\"}",
                "{\"receiptId\":\"1\"}",
                "[]",
                "null"
            })
    void aRetractionOfWhateverIsRefused(String body) throws Exception {
        receiptWith("whatever", 0);
        assertProblem(api.post("whatever", "/retractions", body), 400, "invalid_request");
    }
}

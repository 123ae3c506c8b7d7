package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.spring.RunningHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Anomalies, incidents and marks as a client meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnomalyApiTest {
    private static final String RANGE = "from=%s&to=%s".formatted(History.FIRST, History.END);

    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder, Gateway.class, "smartdata.web.enabled=true", "smartdata.jobs.enabled=false");
        api = new ApiClient(host);
        for (String org : List.of("acme", "marks", "parallel", "mallory")) {
            History.send(api, org, History.FIRST);
        }
        detect("acme", "visit.sum");
        detect("acme", "visit.avg");
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private JsonNode detect(String user, String kpi) throws Exception {
        RunningHost.Answer answer = api.post(user, "/anomalies/detection", History.days(kpi, ""));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void whatADetectionFindsIsKeptAndListed() throws Exception {
        JsonNode found = detect("acme", "visit.sum").path("anomalies");
        assertThat(found.findValuesAsText("bucket")).contains(History.SPIKE.toString());
        JsonNode listed =
                api.get("acme", "/anomalies?kpi=visit.sum&" + RANGE).json().path("anomalies");
        assertThat(listed).isEqualTo(found);
        assertThat(api.get("acme", "/kpis/visit.sum/anomalies?" + RANGE).json().path("anomalies"))
                .isEqualTo(found);
        JsonNode spike = found.get(found.findValuesAsText("bucket").indexOf(History.SPIKE.toString()));
        assertThat(spike.path("value").asDouble()).isEqualTo(900);
        assertThat(spike.path("severity").asText()).isEqualTo("critical");
        assertThat(spike.path("shape").asText()).isEqualTo("spike");
        assertThat(spike.path("upper").asDouble()).isLessThan(900);
    }

    @Test
    void pagesAddUpToTheList() throws Exception {
        JsonNode all = api.get("acme", "/anomalies?" + RANGE).json();
        assertThat(all.path("next").isNull()).isTrue();
        List<JsonNode> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    api.get("acme", "/anomalies?limit=1&" + RANGE + cursor).json();
            assertThat(page.path("anomalies")).hasSize(1);
            paged.add(page.path("anomalies").get(0));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactlyElementsOf(all.path("anomalies"));
        assertThat(paged.stream().map(found -> found.path("kpi").asText())).contains("visit.avg", "visit.sum");
    }

    private static String cursor(String... parts) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aForgedCursorBeginsTheOwnListElsewhere() throws Exception {
        RunningHost.Answer answer = api.get(
                "mallory", "/anomalies?" + RANGE + "&cursor=" + cursor("", "' OR 1=1 --", "acme", "2026-01-01"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("anomalies")).isEmpty();
        assertThat(api.get("acme", "/anomalies?" + RANGE + "&cursor=" + cursor("zzz", "", "", ""))
                        .json()
                        .path("anomalies"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%00", "AAA", "!!!!", "_____w", "YQBiAGM"})
    void aCursorOfAnotherListIsRefused(String cursor) throws Exception {
        assertProblem(api.get("acme", "/anomalies?" + RANGE + "&cursor=" + cursor), 400, "invalid_request");
    }

    @Test
    void aSimulationCountsAlertsAndKeepsNothing() throws Exception {
        JsonNode before = api.get("acme", "/anomalies?" + RANGE).json();
        JsonNode simulated = api.post(
                        "acme/org_viewer",
                        "/anomalies/simulation",
                        History.days("visit.sum", ",\"detector\":\"robust-zscore(window=14)\""))
                .json();
        assertThat(simulated.path("judged").asInt()).isGreaterThan(100);
        assertThat(simulated.path("rows")).hasSize(7);
        JsonNode mostSensitive = simulated.path("rows").get(0);
        JsonNode least = simulated.path("rows").get(6);
        assertThat(mostSensitive.path("threshold").asDouble())
                .isLessThan(least.path("threshold").asDouble());
        assertThat(mostSensitive.path("anomalies").asInt())
                .isGreaterThanOrEqualTo(least.path("anomalies").asInt())
                .isPositive();
        assertThat(api.get("acme", "/anomalies?" + RANGE).json()).isEqualTo(before);
    }

    @Test
    void anExplanationSaysWhereTheEventsAre() throws Exception {
        JsonNode explained = api.get("acme", "/anomalies/explanation?kpi=visit.sum&bucket=" + History.SPIKE)
                .json();
        assertThat(explained.path("anomaly").path("value").asInt()).isEqualTo(900);
        assertThat(explained.path("inWords").asText()).isNotEmpty();
        assertThat(explained.path("events").path("from").asText()).isEqualTo(History.SPIKE + "T00:00:00Z");
        assertThat(explained.path("events").path("to").asText()).isEqualTo(History.SPIKE.plusDays(1) + "T00:00:00Z");
        assertProblem(
                api.get("acme", "/anomalies/explanation?kpi=visit.sum&bucket=" + History.FIRST),
                404,
                "unknown_anomaly");
        assertProblem(
                api.get("mallory", "/anomalies/explanation?kpi=visit.sum&bucket=" + History.SPIKE),
                404,
                "unknown_anomaly");
    }

    @Test
    void anIncidentIsAcknowledgedByItsOrgOnly() throws Exception {
        JsonNode incident = incidentOf("acme");
        String body = "{\"incident\":\"%s\",\"note\":\"on it\"}"
                .formatted(incident.path("id").asText());
        assertProblem(api.post("mallory", "/incidents/acknowledgement", body), 404, "unknown_incident");
        assertProblem(api.post("acme/org_viewer", "/incidents/acknowledgement", body), 403, "not_permitted");
        assertThat(api.post("acme", "/incidents/acknowledgement", body).status())
                .isEqualTo(204);
        assertThat(incidentOf("acme").path("acknowledged").asBoolean()).isTrue();
    }

    private JsonNode incidentOf(String org) throws Exception {
        JsonNode incidents = api.get(org, "/incidents?" + RANGE).json().path("incidents");
        assertThat(incidents).isNotEmpty();
        return incidents.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "2026-13-45 visit.sum", "2026-01-05 \\u0000", "9999999999 visit.sum"})
    void anIncidentThatIsNoneIsUnknown(String id) throws Exception {
        assertProblem(
                api.post("acme", "/incidents/acknowledgement", "{\"incident\":\"%s\"}".formatted(id)),
                404,
                "unknown_incident");
    }

    @Test
    void incidentsComeInPagesTheLatestFirst() throws Exception {
        JsonNode all = api.get("acme", "/incidents?" + RANGE).json().path("incidents");
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    api.get("acme", "/incidents?limit=1&" + RANGE + cursor).json();
            paged.addAll(page.path("incidents").findValuesAsText("firstBucket"));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(all.findValuesAsText("firstBucket"));
        assertThat(paged).isSortedAccordingTo((one, two) -> two.compareTo(one));
    }

    private RunningHost.Answer mark(String user, String body) throws Exception {
        return api.send(user, "PUT", "/marks", body, "Content-Type", "application/json");
    }

    @Test
    void expectedDaysAreNotJudgedUntilTheMarkIsWithdrawn() throws Exception {
        String mark = """
                {"kind":"expected","kpi":"visit.sum","from":"%s","to":"%s","note":"a sale"}
                """.formatted(History.SPIKE, History.SPIKE.plusDays(1));
        assertThat(mark("marks", mark).status()).isEqualTo(204);
        assertThat(mark("marks", mark).status()).as("again").isEqualTo(204);
        JsonNode marks = api.get("marks", "/marks").json().path("marks");
        assertThat(marks).hasSize(1);
        assertThat(marks.get(0).path("kind").asText()).isEqualTo("expected");
        assertThat(marks.get(0).path("note").asText()).isEqualTo("a sale");
        assertThat(api.get("mallory", "/marks").json().path("marks")).isEmpty();
        assertThat(detect("marks", "visit.sum").path("anomalies").findValuesAsText("bucket"))
                .doesNotContain(History.SPIKE.toString());
        String place = "/marks?kind=expected&kpi=visit.sum&from=" + History.SPIKE;
        assertProblem(api.send("mallory", "DELETE", place, null), 404, "unknown_mark");
        assertThat(api.send("marks", "DELETE", place, null).status()).isEqualTo(204);
        assertProblem(api.send("marks", "DELETE", place, null), 404, "unknown_mark");
        assertThat(detect("marks", "visit.sum").path("anomalies").findValuesAsText("bucket"))
                .contains(History.SPIKE.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"acknowledged\",\"from\":\"2026-01-01\",\"to\":\"2026-01-02\"} | 400 | invalid_request",
                "{\"kind\":0,\"from\":\"2026-01-01\",\"to\":\"2026-01-02\"} | 400 | invalid_request",
                "{\"kind\":\"muted\",\"from\":\"2026-01-02\",\"to\":\"2026-01-02\"} | 400 | invalid_request",
                "{\"kind\":\"muted\",\"from\":\"-999999999-01-01\",\"to\":\"2026-01-02\"} | 400 | invalid_request",
                "{\"kind\":\"muted\",\"to\":\"2026-01-02\"} | 400 | invalid_request",
                "{\"kind\":\"muted\",\"kpi\":\"no such\",\"from\":\"2026-01-01\",\"to\":\"2026-01-02\"} | 404 | unknown_kpi",
                "{\"kind\":\"muted\",\"colour\":1,\"from\":\"2026-01-01\",\"to\":\"2026-01-02\"} | 400 | invalid_request",
                "[] | 400 | invalid_request",
                "null | 400 | invalid_request"
            })
    void aMarkThatCannotBeIsRefused(String body, int status, String code) throws Exception {
        assertProblem(mark("acme", body), status, code);
        assertThat(api.get("acme", "/marks").json().path("marks").findValuesAsText("kind"))
                .doesNotContain("muted");
    }

    @Test
    void aNoteThatIsTooLongIsRefused() throws Exception {
        String body = "{\"kind\":\"muted\",\"from\":\"2026-01-01\",\"to\":\"2026-01-02\",\"note\":\"%s\"}"
                .formatted("x".repeat(501));
        assertProblem(mark("acme", body), 400, "invalid_request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"detector\":\"prophet\" | 404 | unknown_detector",
                "\"detector\":\"rolling-zscore(window=1)\" | 400 | invalid_detector_option",
                "\"detector\":\"rolling-zscore(window=2147483648)\" | 400 | invalid_detector_option",
                "\"detector\":\"auto((((((((\" | 404 | unknown_detector",
                "\"detector\":7 | 400 | invalid_request",
                "\"x\":1 | 400 | invalid_request"
            })
    void aDetectorThatIsNoneIsNamed(String member, int status, String code) throws Exception {
        for (String path : List.of("/anomalies/detection", "/anomalies/simulation")) {
            assertProblem(api.post("acme", path, History.days("visit.sum", "," + member)), status, code);
        }
    }

    @Test
    void anAbsurdWindowCostsNoMemory() throws Exception {
        RunningHost.Answer answer = api.post(
                "acme",
                "/anomalies/simulation",
                History.days("visit.sum", ",\"detector\":\"rolling-zscore(window=2147483647)\""));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("judged").asInt()).isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "visit.sum, 2020-01-01, 2026-01-01, 400, invalid_request",
        "visit.sum, 2026-01-02, 2026-01-01, 400, invalid_request",
        "visit.sum, +999999999-01-01, +999999999-12-31, 400, invalid_request",
        "visit.sum, 9999-12-01, 9999-12-31, 200, ",
        "visit.sum, 1970-01-01, 1970-12-31, 200, ",
        "nothing, 2026-01-01, 2026-01-02, 404, unknown_kpi"
    })
    void anAbsurdRangeIsAnswered(String kpi, LocalDate from, LocalDate to, int status, String code) throws Exception {
        String body = "{\"kpi\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}".formatted(kpi, from, to);
        for (String path : List.of("/anomalies/detection", "/anomalies/simulation")) {
            RunningHost.Answer answer = api.post("acme", path, body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            if (code != null) {
                assertThat(answer.json().path("code").asText()).isEqualTo(code);
            }
        }
    }

    @Test
    void detectionsAtTheSameTimeEndAsOneDoes() throws Exception {
        JsonNode alone = withoutMoments(detect("parallel", "visit.sum"));
        List<CompletableFuture<RunningHost.Answer>> many = IntStream.range(0, 24)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return api.post("parallel", "/anomalies/detection", History.days("visit.sum", ""));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        int done = 0;
        for (CompletableFuture<RunningHost.Answer> one : many) {
            RunningHost.Answer answer = one.join();
            if (answer.status() == 429) {
                assertThat(answer.header("Retry-After")).hasValue("1");
            } else {
                assertThat(withoutMoments(answer.json())).isEqualTo(alone);
                done++;
            }
        }
        assertThat(done).isPositive();
        assertThat(withoutMoments(api.get("parallel", "/anomalies?" + RANGE).json()))
                .isEqualTo(alone);
    }

    private static JsonNode withoutMoments(JsonNode page) {
        page.path("anomalies").forEach(found -> ((ObjectNode) found).remove("dataFreshAsOf"));
        return page;
    }

    @Test
    void aViewerDetectsNothing() throws Exception {
        assertProblem(
                api.post("acme/org_viewer", "/anomalies/detection", History.days("visit.sum", "")),
                403,
                "not_permitted");
        assertProblem(api.get("acme/org_member", "/anomalies"), 403, "not_permitted");
    }

    @Test
    void anOrgWithoutDataSaysSo() throws Exception {
        assertProblem(api.get("nobody", "/anomalies"), 404, "unknown_org");
        assertProblem(api.get("nobody", "/incidents"), 404, "unknown_org");
        assertProblem(api.post("nobody", "/anomalies/detection", History.days("visit.sum", "")), 404, "unknown_org");
        assertProblem(
                mark("nobody", "{\"kind\":\"muted\",\"from\":\"2026-01-01\",\"to\":\"2026-01-02\"}"),
                404,
                "unknown_org");
    }
}

package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs, logs and reads across orgs: what the platform's staff may, and an org's operator may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformApiTest {
    private static final String STAFF = "staff/platform_admin";

    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(folder, Gateway.class, "smartdata.web.enabled=true");
        api = new ApiClient(host);
        for (String org : List.of("acme", "globex", "mallory")) {
            History.send(api, org, History.FIRST);
        }
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/jobs", "/jobs/compaction/runs", "/jobs/nothing/runs", "/cross-org/orgs", "/cross-org/audit"})
    void anOrgsOperatorSeesNothingOfThePlatform(String path) throws Exception {
        assertProblem(api.get("acme/operator", path), 403, "not_permitted");
        assertProblem(api.get("acme", path), 403, "not_permitted");
        assertProblem(api.get("acme", path + "?org=acme"), 403, "not_permitted");
    }

    @Test
    void anOrgsOperatorRunsNoJob() throws Exception {
        assertProblem(api.send("acme/operator", "POST", "/jobs/exports/runs", null), 403, "not_permitted");
        assertProblem(
                api.post("acme", "/cross-org/series", "{\"orgs\":[\"acme\"],\"query\":{\"kpi\":\"x\"}}"),
                403,
                "not_permitted");
        assertProblem(api.post("acme", "/cross-org/freshness", "{\"orgs\":[\"acme\"]}"), 403, "not_permitted");
    }

    @Test
    void aJobRunsByHandAndTheLogSaysWhoBeganIt() throws Exception {
        JsonNode jobs = api.get(STAFF, "/jobs").json().path("jobs");
        assertThat(jobs.findValuesAsText("name")).contains("compaction", "kpi-verification", "anomalies", "forecasts");
        RunningHost.Answer begun = api.send(STAFF, "POST", "/jobs/kpi-verification/runs", null);
        assertThat(begun.status()).as(begun.body()).isEqualTo(202);
        JsonNode ended = ended("kpi-verification", begun.json().path("slot").asText());
        assertThat(ended.path("status").asText()).isEqualTo("done");
        JsonNode log = api.get(STAFF, "/cross-org/audit?action=run_job").json().path("entries");
        assertThat(log.get(0).path("target").asText()).isEqualTo("kpi-verification");
        assertThat(log.get(0).path("caller").asText()).isEqualTo(STAFF);
        assertProblem(api.send(STAFF, "POST", "/jobs/nothing/runs", null), 404, "unknown_job");
        assertProblem(api.get(STAFF, "/jobs/nothing/runs"), 404, "unknown_job");
    }

    private JsonNode ended(String job, String slot) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        while (true) {
            JsonNode runs =
                    api.get(STAFF, "/jobs/" + job + "/runs?limit=10").json().path("runs");
            for (JsonNode run : runs) {
                if (run.path("slot").asText().equals(slot)
                        && !run.path("endedAt").isNull()) {
                    return run;
                }
            }
            assertThat(Instant.now()).as("the run has ended").isBefore(deadline);
        }
    }

    @Test
    void figuresOfSeveralOrgsStayApartAndEachOrgIsTold() throws Exception {
        JsonNode answer = api.post(STAFF, "/cross-org/series", """
                        {"orgs":["globex","acme","nobody"],"query":{"kpi":"visit.count","from":"%s","to":"%s"}}
                        """.formatted(History.FIRST, History.END))
                .json();
        assertThat(answer.path("orgs").findValuesAsText("org")).containsExactly("acme", "globex", "nobody");
        assertThat(answer.at("/orgs/0/series/points")).hasSize(History.DAYS);
        assertThat(answer.at("/orgs/2/series").isNull()).isTrue();
        assertThat(answer.at("/orgs/2/refusal/code").asText()).isEqualTo("unknown_org");
        JsonNode ofAcme = api.get("acme", "/audit?action=cross_org_read").json();
        assertThat(ofAcme.path("entries")).isNotEmpty();
        assertThat(ofAcme.toString()).contains(STAFF).doesNotContain("globex");
        assertThat(api.get("mallory", "/audit").json().path("entries")).isEmpty();
        assertThat(api.get("mallory", "/audit?caller=" + STAFF).json().path("entries"))
                .isEmpty();
    }

    @Test
    void freshnessOfSeveralOrgsIsReadAtOnce() throws Exception {
        JsonNode answer = api.post(STAFF, "/cross-org/freshness", "{\"orgs\":[\"acme\",\"nobody\"]}")
                .json();
        assertThat(answer.at("/orgs/0/freshness/silences/0/source").asText()).isEqualTo("web");
        assertThat(answer.at("/orgs/1/refusal/code").asText()).isEqualTo("unknown_org");
    }

    @Test
    void orgsComeInPages() throws Exception {
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(STAFF, "/cross-org/orgs?limit=2" + cursor).json();
            page.path("orgs").forEach(org -> paged.add(org.asText()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactly("acme", "globex", "mallory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"orgs\":[]}",
                "{\"orgs\":[null]}",
                "{\"orgs\":[\"\"]}",
                "{\"orgs\":[\"a b\"]}",
                "{\"orgs\":[\"' OR 1=1 --\"]}",
                "{\"orgs\":\"acme\"}",
                "{}"
            })
    void orgsThatAreNoneAreRefused(String body) throws Exception {
        assertProblem(api.post(STAFF, "/cross-org/freshness", body), 400, "invalid_request");
    }

    @Test
    void tooManyOrgsAreRefused() throws Exception {
        String many = String.join(",", Collections.nCopies(101, "\"acme\""));
        assertProblem(
                api.post(STAFF, "/cross-org/freshness", "{\"orgs\":[%s]}".formatted(many)), 400, "invalid_request");
    }

    @Test
    void pagesOfTheLogAddUpTheNewestFirst() throws Exception {
        for (int i = 0; i < 5; i++) {
            api.post("globex", "/rebuild", "{\"from\":\"%s\",\"to\":\"%s\"}".formatted(History.FIRST, History.END));
        }
        JsonNode all =
                api.get("globex", "/audit?action=rebuild&limit=1000").json().path("entries");
        assertThat(all).hasSize(5);
        assertThat(all.findValuesAsText("at")).isSortedAccordingTo((one, two) -> two.compareTo(one));
        assertThat(all.get(0).path("outcome").asText()).isEqualTo("done");
        assertThat(all.get(0).path("detail").path("different").asInt()).isZero();
        List<JsonNode> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    api.get("globex", "/audit?action=rebuild&limit=2" + cursor).json();
            page.path("entries").forEach(paged::add);
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactlyElementsOf(all);
        assertThat(api.get("globex", "/audit?since=2999-01-01T00:00:00Z").json().path("entries"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59Z\0" + "00000000-0000-0000-0000-000000000000",
                "2026-01-01T00:00:00Z\0no-id",
                "2026-01-01T00:00:00Z",
                "\0"
            })
    void aForgedPlaceInTheLogIsRefused(String place) throws Exception {
        String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
        assertProblem(api.get("globex", "/audit?cursor=" + cursor), 400, "invalid_request");
        assertProblem(api.get(STAFF, "/cross-org/audit?cursor=" + cursor), 400, "invalid_request");
    }

    @Test
    void theLogIsTheOperators() throws Exception {
        assertProblem(api.get("acme/org_owner", "/audit"), 403, "not_permitted");
        assertProblem(api.get("mallory", "/audit?org=acme"), 403, "not_permitted");
        assertProblem(api.get("nobody", "/audit"), 404, "unknown_org");
    }
}

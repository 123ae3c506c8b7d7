package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions, the overview, several series at once, settings, and keeping figures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KpiApiTest {
    private static final String RANGE = "\"from\":\"%s\",\"to\":\"%s\"".formatted(History.FIRST, History.END);

    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder,
                Gateway.class,
                "smartdata.web.enabled=true",
                "smartdata.jobs.enabled=false",
                "smartdata.kpis.declared[0].name=revenue",
                "smartdata.kpis.declared[0].aggregation=sum",
                "smartdata.kpis.declared[0].events=visit",
                "smartdata.kpis.declared[0].dimensions=country",
                "smartdata.kpis.declared[0].unit=EUR",
                "smartdata.kpis.declared[1].name=slow",
                "smartdata.kpis.declared[1].aggregation=percentile",
                "smartdata.kpis.declared[1].percent=95",
                "smartdata.kpis.declared[1].events=never",
                "smartdata.kpis.declared[1].direction=down_is_good",
                "smartdata.kpis.declared[1].where.page=home");
        api = new ApiClient(host);
        for (String org : List.of("acme", "zones", "recent", "mallory")) {
            History.send(api, org, org.equals("recent") ? today().minusDays(History.DAYS - 1) : History.FIRST);
        }
        api.post(
                "acme",
                "/events",
                "[{\"id\":\"login\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\",\"subject\":\"ann\"}]");
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void kpisAreListedWithWhatTheyAre() throws Exception {
        JsonNode kpis = api.get("acme", "/kpis").json();
        assertThat(kpis.path("kpis").findValuesAsText("name"))
                .containsExactly("login.avg", "login.count", "login.distinct", "login.sum", "revenue", "slow");
        JsonNode revenue = kpis.path("kpis").get(4);
        assertThat(revenue.path("aggregation").asText()).isEqualTo("sum");
        assertThat(revenue.path("unit").asText()).isEqualTo("EUR");
        assertThat(revenue.path("dimensions").get(0).asText()).isEqualTo("country");
        assertThat(revenue.path("automatic").asBoolean()).isFalse();
        assertThat(revenue.path("hasData").asBoolean()).isTrue();
        JsonNode slow = kpis.path("kpis").get(5);
        assertThat(slow.path("percent").asDouble()).isEqualTo(95);
        assertThat(slow.path("direction").asText()).isEqualTo("down_is_good");
        assertThat(slow.at("/where/page/0").asText()).isEqualTo("home");
        assertThat(slow.path("hasData").asBoolean()).isFalse();
        assertThat(api.get("acme", "/kpis/slow").json()).isEqualTo(slow);
        assertProblem(api.get("acme", "/kpis/nothing"), 404, "unknown_kpi");
    }

    @Test
    void pagesOfKpisAddUpToAll() throws Exception {
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("acme", "/kpis?limit=4" + cursor).json();
            paged.addAll(page.path("kpis").findValuesAsText("name"));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(api.get("acme", "/kpis").json().path("kpis").findValuesAsText("name"));
    }

    @Test
    void severalSeriesAreOfOneMoment() throws Exception {
        JsonNode answer = api.post("acme/org_viewer", "/series/query", """
                {"queries":[
                  {"kpi":"revenue",%s},
                  {"kpi":"revenue",%s,"grain":"month"},
                  {"kpi":"revenue",%s,"dimension":"country","top":1},
                  {"kpi":"login.count","last":"P30D","bySource":true}]}
                """.formatted(RANGE, RANGE, RANGE))
                .json();
        assertThat(answer.path("series"))
                .hasSize(4)
                .allSatisfy(series -> assertThat(series.path("dataFreshAsOf")).isEqualTo(answer.path("dataFreshAsOf")));
        assertThat(answer.path("series").get(0).path("points")).hasSize(History.DAYS);
        assertThat(answer.path("series").get(1).path("grain").asText()).isEqualTo("month");
        assertThat(answer.path("series").get(2).path("points").findValuesAsText("dimension"))
                .contains("other");
        JsonNode alone = api.get("acme", "/kpis/revenue/series?from=%s&to=%s".formatted(History.FIRST, History.END))
                .json();
        assertThat(answer.path("series").get(0).path("points")).isEqualTo(alone.path("points"));
    }

    @Test
    void tooManyQuestionsAreRefused() throws Exception {
        String many = String.join(",", Collections.nCopies(51, "{\"kpi\":\"revenue\"}"));
        assertProblem(api.post("acme", "/series/query", "{\"queries\":[%s]}".formatted(many)), 400, "invalid_request");
        RunningHost.Answer most = api.post(
                "acme",
                "/series/query",
                "{\"queries\":[%s]}".formatted(many.substring("{\"kpi\":\"revenue\"},".length())));
        assertThat(most.json().path("series")).hasSize(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"queries\":[]} | 400 | invalid_request",
                "{\"queries\":null} | 400 | invalid_request",
                "{\"queries\":[null]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":null}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"top\":1}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"dimension\":\"country\",\"top\":1001}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"dimension\":\"country\",\"top\":-1}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"last\":\"P999999999Y\"}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"last\":\"P-1D\"}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"last\":\"soon\"}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"from\":\"-999999999-01-01\",\"to\":\"-999999999-01-02\"}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"from\":\"2026-01-01\"}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\",\"grain\":\"eon\"}]} | 400 | invalid_request",
                "{\"queries\":[{\"kpi\":\"revenue\"},{\"kpi\":\"nothing\"}]} | 404 | unknown_kpi",
                "{\"queries\":[{\"kpi\":\"revenue\",\"dimension\":\"size\"}]} | 404 | unknown_dimension",
                "{\"queries\":[{\"kpi\":\"revenue\",\"grain\":\"hour\"}]} | 400 | grain_too_fine"
            })
    void aQuestionThatCannotBeAnsweredIsNamed(String body, int status, String code) throws Exception {
        assertProblem(api.post("acme", "/series/query", body), status, code);
    }

    @Test
    void theOverviewHasTheLatestDaysOfEveryKpi() throws Exception {
        RunningHost.Answer answer = api.get("recent", "/overview?days=7");
        JsonNode overview = answer.json();
        assertThat(overview.path("org").asText()).isEqualTo("recent");
        assertThat(overview.path("stale").asBoolean()).isFalse();
        assertThat(overview.path("kpis").findValuesAsText("name")).containsExactly("revenue");
        JsonNode tile = overview.path("kpis").get(0);
        JsonNode points = tile.path("points");
        assertThat(points.size()).isBetween(6, 7);
        JsonNode latest = tile.path("latest");
        JsonNode previous = tile.path("previous");
        assertThat(LocalDate.parse(latest.path("day").asText())).isBefore(today().plusDays(1));
        assertThat(LocalDate.parse(previous.path("day").asText()))
                .isEqualTo(LocalDate.parse(latest.path("day").asText()).minusDays(1));
        assertThat(tile.path("change").decimalValue())
                .isEqualByComparingTo(latest.path("value")
                        .decimalValue()
                        .subtract(previous.path("value").decimalValue()));
        assertThat(tile.path("today").path("day").asText())
                .isGreaterThan(latest.path("day").asText());
        assertThat(api.get(
                                "recent",
                                "/overview?days=7",
                                "If-None-Match",
                                answer.header("ETag").orElseThrow())
                        .status())
                .isEqualTo(304);
    }

    @Test
    void aKpiWithoutLateValuesHasNone() throws Exception {
        JsonNode tile =
                api.get("mallory", "/overview?days=2").json().path("kpis").get(0);
        assertThat(tile.path("latest").isNull()).isTrue();
        assertThat(tile.path("change").isNull()).isTrue();
        assertThat(tile.path("points")).isEmpty();
    }

    @Test
    void pagesOfTheOverviewAddUp() throws Exception {
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("acme", "/overview?limit=2" + cursor).json();
            paged.addAll(page.path("kpis").findValuesAsText("name"));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged)
                .isEqualTo(api.get("acme", "/overview").json().path("kpis").findValuesAsText("name"))
                .contains("revenue")
                .doesNotContain("slow");
    }

    @Test
    void anotherZoneMovesEventsToOtherDays() throws Exception {
        assertThat(api.get("zones", "/settings").json().path("zone").asText()).isEqualTo("UTC");
        RunningHost.Answer changed = api.send(
                "zones",
                "PUT",
                "/settings/zone",
                "{\"zone\":\"Pacific/Kiritimati\"}",
                "Content-Type",
                "application/json");
        assertThat(changed.json().path("zone").asText()).isEqualTo("Pacific/Kiritimati");
        assertThat(changed.json()).isEqualTo(api.get("zones", "/settings").json());
        assertThat(api.get(
                                "zones",
                                "/kpis/revenue/series?from=%s&to=%s".formatted(History.FIRST, History.END.plusDays(1)))
                        .json()
                        .path("points")
                        .get(0)
                        .path("bucket")
                        .asText())
                .isEqualTo(History.FIRST.plusDays(1).toString());
        assertThat(api.get("mallory", "/settings").json().path("zone").asText()).isEqualTo("UTC");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"zone\":\"Europe/Atlantis\"}", "{\"zone\":\"\"}", "{\"zone\":null}", "{}", "{\"zone\":7}"})
    void aZoneThatIsNoneIsRefused(String body) throws Exception {
        assertProblem(
                api.send("acme", "PUT", "/settings/zone", body, "Content-Type", "application/json"),
                400,
                "invalid_request");
    }

    @Test
    void figuresAreProvedAndCountedAgain() throws Exception {
        String days = "{%s}".formatted(RANGE);
        JsonNode verified = api.post("acme", "/verification", days).json();
        assertThat(verified.path("cells").asLong()).isPositive();
        assertThat(verified.path("differenceCount").asLong()).isZero();
        assertThat(verified.path("differences")).isEmpty();
        assertThat(api.send("acme", "POST", "/compaction", null)
                        .json()
                        .path("deltas")
                        .asLong())
                .isPositive();
        assertThat(api.send("acme", "POST", "/compaction", null)
                        .json()
                        .path("deltas")
                        .asLong())
                .isZero();
        assertThat(api.post("acme", "/rebuild", days).json()).isEqualTo(verified);
        assertThat(api.get("acme", "/audit?action=rebuild").json().path("entries"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"/verification", "/rebuild"})
    void daysThatAreNoneAreNotCounted(String path) throws Exception {
        assertProblem(
                api.post("acme", path, "{\"from\":\"1970-01-01\",\"to\":\"2026-01-01\"}"), 400, "invalid_request");
        assertProblem(
                api.post("acme", path, "{\"from\":\"2026-01-01\",\"to\":\"2026-01-01\"}"), 400, "invalid_request");
        assertProblem(api.post("acme", path, "{}"), 400, "invalid_request");
        assertProblem(api.post("acme/org_owner", path, "{%s}".formatted(RANGE)), 403, "not_permitted");
        assertProblem(api.post("nobody", path, "{%s}".formatted(RANGE)), 404, "unknown_org");
    }
}

package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stored events, those behind a point, and KPIs over ranges as a client meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredEventApiTest {
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
                "smartdata.kpis.declared[0].dimensions=country");
        api = new ApiClient(host);
        History.send(api, "acme", History.FIRST);
        History.send(api, "mallory", History.FIRST);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private List<String> ids(String user, String path) throws Exception {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(user, path + cursor).json();
            ids.addAll(page.path("events").findValuesAsText("id"));
            cursor = page.path("more").asBoolean()
                    ? "&cursor=" + page.path("next").asText()
                    : "";
        } while (!cursor.isEmpty());
        return ids;
    }

    @Test
    void pagesShowEveryEventOnce() throws Exception {
        List<String> byPlace = ids("acme", "/events?limit=17");
        List<String> byArrival = ids("acme", "/events/arrivals?limit=17");
        assertThat(byPlace).hasSize(History.DAYS).doesNotHaveDuplicates();
        assertThat(new HashSet<>(byArrival)).isEqualTo(new HashSet<>(byPlace));
        assertThat(byArrival).doesNotHaveDuplicates();
        assertThat(ids("acme", "/events?limit=17&from=2026-01-05T00:00:00Z&to=2026-01-08T00:00:00Z"))
                .hasSize(3);
        assertThat(ids("acme", "/events?limit=17&name=nothing")).isEmpty();
    }

    @Test
    void anEventIsShownWithAllItsDigits() throws Exception {
        api.post("digits", "/events", """
                [{"id":"1","name":"x","time":"2026-03-01T10:00:00.123456Z","value":0.1000000000000000055511151231257827,
                  "properties":{"deep":{"n":12345678901234567890.123},"list":[1,true,null]}}]
                """);
        JsonNode event = api.get("digits", "/events").json().path("events").get(0);
        assertThat(event.path("occurredAt").asText()).isEqualTo("2026-03-01T10:00:00.123456Z");
        String text = api.get("digits", "/events").body();
        assertThat(text).contains("12345678901234567890.123").contains("0.1000000000000000055511151231257827");
        assertThat(event.at("/properties/list/1").asBoolean()).isTrue();
    }

    @Test
    void whoFollowsFromNowOnSeesOnlyWhatComes() throws Exception {
        History.send(api, "follower", History.FIRST);
        JsonNode now = api.get("follower", "/events/arrivals?fromNow=true").json();
        assertThat(now.path("events")).isEmpty();
        api.post("follower", "/events", "[{\"id\":\"new\",\"name\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}]");
        JsonNode then = api.get(
                        "follower",
                        "/events/arrivals?cursor=" + now.path("next").asText())
                .json();
        assertThat(then.path("events").findValuesAsText("id")).containsExactly("new");
        assertThat(then.path("more").asBoolean()).isFalse();
        assertThat(then.path("next").isNull()).isFalse();
    }

    @Test
    void whoMayNotSeeSubjectsSeesNone() throws Exception {
        assertThat(api.get("acme/org_owner", "/events?limit=1")
                        .json()
                        .at("/events/0/subject")
                        .asText())
                .isEqualTo("ann");
        assertThat(ids("acme/org_owner", "/events?limit=100&subject=ann")).hasSize(History.DAYS);
        assertProblem(api.get("acme/org_viewer", "/events"), 403, "not_permitted");
        assertProblem(api.get("acme/operator", "/events/arrivals"), 403, "not_permitted");
        assertProblem(api.get("acme/org_viewer", "/kpis/revenue/events?bucket=" + History.SPIKE), 403, "not_permitted");
    }

    @Test
    void aCursorOfAnotherOrgOrRequestIsNone() throws Exception {
        String cursor = api.get("acme", "/events?limit=1").json().path("next").asText();
        assertProblem(api.get("mallory", "/events?limit=1&cursor=" + cursor), 400, "invalid_request");
        assertProblem(api.get("acme", "/events?limit=1&name=visit&cursor=" + cursor), 400, "invalid_request");
        assertProblem(api.get("acme", "/events/arrivals?limit=1&cursor=" + cursor), 400, "invalid_request");
        assertProblem(api.get("acme", "/events?cursor=" + cursor.substring(1)), 400, "invalid_request");
        assertProblem(api.get("acme", "/events?cursor="), 400, "invalid_request");
    }

    @Test
    void theEventsBehindAPointAreThoseThatWereCounted() throws Exception {
        JsonNode spike =
                api.get("acme", "/kpis/revenue/events?bucket=" + History.SPIKE).json();
        assertThat(spike.path("events")).hasSize(1);
        assertThat(spike.at("/events/0/value").asInt()).isEqualTo(900);
        assertThat(ids("acme", "/kpis/revenue/events?limit=7&grain=month&bucket=2026-02-01"))
                .hasSize(28);
        assertThat(ids("acme", "/kpis/revenue/events?limit=7&grain=month&bucket=2026-02-01&dimension=country&value=DE"))
                .hasSize(14);
        assertProblem(api.get("acme", "/kpis/revenue/events?bucket=yesterday"), 400, "invalid_request");
        assertProblem(api.get("acme", "/kpis/revenue/events"), 400, "invalid_request");
        assertProblem(api.get("acme", "/kpis/revenue/events?bucket=2026-02-01&value=DE"), 400, "invalid_request");
        assertProblem(api.get("acme", "/kpis/nothing/events?bucket=2026-02-01"), 404, "unknown_kpi");
    }

    @Test
    void theGreatestValuesAndTheRestAddUp() throws Exception {
        JsonNode top = api.get(
                        "acme",
                        "/kpis/revenue/top?dimension=country&limit=1&from=%s&to=%s"
                                .formatted(History.FIRST, History.END))
                .json();
        assertThat(top.path("values")).hasSize(1);
        assertThat(top.at("/rest/values").asInt()).isEqualTo(1);
        assertThat(top.at("/values/0/figure")
                        .decimalValue()
                        .add(top.at("/rest/figure").decimalValue()))
                .isEqualByComparingTo(top.path("total").decimalValue());
        assertThat(top.at("/values/0/share").asDouble() + top.at("/rest/share").asDouble())
                .isBetween(0.999, 1.001);
    }

    @Test
    void aRangeIsComparedWithTheOneBefore() throws Exception {
        JsonNode compared = api.get(
                        "acme",
                        "/kpis/revenue/comparison?from=%s&to=%s".formatted(History.FIRST.plusDays(60), History.END))
                .json();
        assertThat(compared.path("verdict").asText()).isEqualTo("comparable");
        assertThat(compared.at("/previous/from").asText()).isEqualTo(History.FIRST.toString());
        assertThat(compared.path("change").decimalValue())
                .isEqualByComparingTo(compared.at("/current/value")
                        .decimalValue()
                        .subtract(compared.at("/previous/value").decimalValue()));
        assertThat(api.get(
                                "acme",
                                "/kpis/revenue/comparison?with=last_year&from=%s&to=%s"
                                        .formatted(History.FIRST, History.END))
                        .json()
                        .path("verdict")
                        .asText())
                .isEqualTo("no_previous_figure");
    }

    @Test
    void whatASubjectDidIsToldToThoseWhoMaySeeSubjects() throws Exception {
        String range = "from=%s&to=%s".formatted(History.FIRST, History.END);
        JsonNode state = api.get("acme/org_owner", "/subjects/state?subject=ann&" + range)
                .json();
        assertThat(state.path("events").asInt()).isEqualTo(History.DAYS);
        assertThat(state.at("/items/0/name").asText()).isEqualTo("visit");
        assertThat(state.at("/items/0/count").asInt()).isEqualTo(History.DAYS);
        JsonNode profile = api.get("acme/org_owner", "/subjects/profile?subject=ann&" + range)
                .json();
        assertThat(profile.path("activeDays").asInt()).isEqualTo(History.DAYS);
        assertThat(profile.at("/countsBySource/web").asInt()).isEqualTo(History.DAYS);
        JsonNode nobody =
                api.get("acme", "/subjects/profile?subject=nobody&" + range).json();
        assertThat(nobody.path("events").asInt()).isZero();
        assertThat(nobody.path("firstSeen").isNull()).isTrue();
        for (String path : List.of("/subjects/state", "/subjects/profile")) {
            assertProblem(api.get("acme/org_viewer", path + "?subject=ann"), 403, "not_permitted");
            assertProblem(api.get("acme/operator", path + "?subject=ann"), 403, "not_permitted");
            assertProblem(api.get("nobody", path + "?subject=ann"), 404, "unknown_org");
            assertProblem(api.get("acme", path), 400, "invalid_request");
        }
    }

    @Test
    void whoIsErasedHasLeftNothing() throws Exception {
        History.send(api, "forgetful", History.FIRST);
        String ann = "{\"subject\":\"ann\",\"note\":\"asked for it\"%s}";
        assertProblem(api.post("forgetful/org_owner", "/erasures", ann.formatted("")), 403, "not_permitted");
        assertProblem(
                api.post("forgetful", "/erasures", "{\"subject\":\"ann\",\"note\":\"ann asked\"}"),
                400,
                "invalid_request");
        JsonNode planned = api.post("forgetful", "/erasures", ann.formatted(",\"dryRun\":true"))
                .json();
        assertThat(planned.path("events").asInt()).isEqualTo(History.DAYS);
        assertThat(ids("forgetful", "/events?limit=100")).hasSize(History.DAYS);
        JsonNode erased = api.post("forgetful", "/erasures", ann.formatted("")).json();
        assertThat(erased.path("events")).isEqualTo(planned.path("events"));
        assertThat(ids("forgetful", "/events?limit=100")).isEmpty();
        RunningHost.Answer log = api.get("forgetful", "/audit");
        assertThat(log.body()).contains(erased.path("subjectHash").asText()).doesNotContain("\"ann\"");
        assertThat(ids("mallory", "/events?limit=100")).hasSize(History.DAYS);
    }

    @Test
    void conversionsAndPathsCountSubjectsAndNameNone() throws Exception {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            events.append(i == 0 ? "[" : ",").append("""
                    {"id":"s%d","name":"started","time":"2026-03-01T10:00:00Z","subject":"who%d","entity":"course/1"}""".formatted(i, i));
            if (i < 4) {
                events.append("""
                        ,{"id":"d%d","name":"done","time":"2026-03-01T10:10:00Z","subject":"who%d","entity":"course/1"}""".formatted(i, i));
            }
        }
        api.post("courses", "/events", events.append("]").toString());
        String range = "from=2026-03-01&to=2026-03-02";
        RunningHost.Answer conversions =
                api.get("courses/org_viewer", "/conversions?fromName=started&toName=done&" + range);
        JsonNode entity = conversions.json().at("/entities/0");
        assertThat(entity.path("entity").asText()).isEqualTo("course/1");
        assertThat(entity.path("subjects").asInt()).isEqualTo(10);
        assertThat(entity.path("converted").asInt()).isEqualTo(4);
        assertThat(entity.path("rate").asDouble()).isEqualTo(0.4);
        assertThat(entity.path("medianSeconds").asDouble()).isEqualTo(600);
        RunningHost.Answer paths = api.get("courses/org_viewer", "/paths?" + range);
        assertThat(paths.json().path("sessions").asInt()).isEqualTo(10);
        assertThat(paths.json().at("/paths/0/sessions").asInt()).isEqualTo(6);
        assertThat(conversions.body() + paths.body()).doesNotContain("who");
    }

    @ParameterizedTest
    @CsvSource({
        "/conversions?fromName=a&toName=b&window=P0D, 400, invalid_request",
        "/conversions?fromName=a&toName=b&window=P367D, 400, invalid_request",
        "/conversions?fromName=a&toName=b&window=PT9999999999999999H, 400, invalid_request",
        "/conversions?fromName=a, 400, invalid_request",
        "/conversions?fromName=%00&toName=b, 400, invalid_request",
        "/paths?length=11, 400, invalid_request",
        "/paths?gap=-PT1S, 400, invalid_request",
        "/paths?gap=soon, 400, invalid_request",
        "/paths?limit=1001, 400, invalid_request",
        "/paths?from=1970-01-01&to=9999-12-31, 400, invalid_request",
        "/events?limit=0, 400, invalid_request",
        "/events?limit=1001, 400, invalid_request",
        "/events?from=+1000000000-12-31T23:59:59Z, 400, invalid_request",
        "/events?name=%00, 400, invalid_request",
        "/kpis/revenue/top?dimension=country&limit=0, 400, invalid_request",
        "/kpis/revenue/top?dimension=size, 404, unknown_dimension",
        "/kpis/revenue/top, 400, invalid_request",
        "/kpis/nothing/top?dimension=country, 404, unknown_kpi",
        "/kpis/revenue/top?dimension=country&from=1970-01-01&to=9999-12-31, 400, invalid_request",
        "/kpis/revenue/comparison?with=luck, 400, invalid_request",
        "/kpis/revenue/comparison?last=P-3D, 400, invalid_request",
        "/kpis/nothing/comparison, 404, unknown_kpi"
    })
    void whatCannotBeAnsweredIsAProblem(String path, int status, String code) throws Exception {
        assertProblem(api.get("acme", path), status, code);
    }
}

package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forecasts and their reliability as a client meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForecastApiTest {
    private RunningHost host;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder, Gateway.class, "smartdata.web.enabled=true", "smartdata.jobs.enabled=false");
        api = new ApiClient(host);
        History.send(api, "acme", History.FIRST);
        History.send(api, "mallory", History.FIRST);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private RunningHost.Answer learn(String user, String kpi, String body) throws Exception {
        return api.post(user, "/kpis/%s/forecast".formatted(kpi), body);
    }

    @Test
    void whatIsLearntIsServedAsItWasLearnt() throws Exception {
        JsonNode learnt = learn("acme", "visit.sum", "{\"horizon\":14,\"model\":\"theta\"}")
                .json();
        assertThat(learnt.path("points")).hasSize(14);
        assertThat(learnt.path("model").asText()).isNotEmpty();
        assertThat(learnt.path("points")).allSatisfy(point -> {
            assertThat(point.path("lower95").asDouble())
                    .isLessThanOrEqualTo(point.path("lower80").asDouble());
            assertThat(point.path("lower80").asDouble())
                    .isLessThanOrEqualTo(point.path("mean").asDouble());
            assertThat(point.path("mean").asDouble())
                    .isLessThanOrEqualTo(point.path("upper80").asDouble());
            assertThat(point.path("upper80").asDouble())
                    .isLessThanOrEqualTo(point.path("upper95").asDouble());
        });
        RunningHost.Answer served = api.get("acme/org_viewer", "/kpis/visit.sum/forecast");
        assertThat(served.json()).isEqualTo(learnt);
        assertThat(api.get(
                                "acme",
                                "/kpis/visit.sum/forecast",
                                "If-None-Match",
                                served.header("ETag").orElseThrow())
                        .status())
                .isEqualTo(304);
        JsonNode reliability = api.get("acme", "/kpis/visit.sum/reliability").json();
        assertThat(reliability.path("score")).isEqualTo(learnt.path("reliabilityScore"));
        assertThat(reliability.path("grade")).isEqualTo(learnt.path("grade"));
        assertThat(reliability.path("folds")).isNotEmpty();
        assertThat(reliability.path("total").path("mae").asDouble()).isPositive();
    }

    @Test
    void anUpdateRunsTheModelThatWasLearnt() throws Exception {
        JsonNode learnt = learn("acme", "visit.count", "{\"horizon\":7,\"model\":\"seasonal-naive\"}")
                .json();
        JsonNode updated = api.post("acme", "/kpis/visit.count/forecast/update", "{\"horizon\":9}")
                .json();
        assertThat(updated.path("points")).hasSize(9);
        assertThat(updated.path("learntAt")).isEqualTo(learnt.path("learntAt"));
        JsonNode again = api.post("acme", "/kpis/visit.count/forecast/reestimation", "{\"horizon\":5}")
                .json();
        assertThat(again.path("points")).hasSize(5);
        assertThat(again.path("learntAt")).isNotEqualTo(learnt.path("learntAt"));
        assertThat(again.path("model")).isEqualTo(learnt.path("model"));
    }

    @Test
    void pagesAddUpToAllForecasts() throws Exception {
        for (String kpi : List.of("visit.avg", "visit.distinct", "visit.sum")) {
            assertThat(learn("mallory", kpi, "{\"horizon\":2,\"model\":\"constant\"}")
                            .status())
                    .isEqualTo(200);
        }
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("mallory", "/forecasts?limit=1" + cursor).json();
            paged.addAll(page.path("forecasts").findValuesAsText("kpi"));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactly("visit.avg", "visit.distinct", "visit.sum");
        assertThat(api.get("nobody", "/forecasts").json().path("forecasts")).isEmpty();
    }

    @Test
    void whatNobodyLearntIsNoForecast() throws Exception {
        assertProblem(api.get("acme", "/kpis/nothing/forecast"), 404, "no_forecast");
        assertProblem(api.get("acme", "/kpis/nothing/reliability"), 404, "no_forecast");
        assertProblem(api.get("nobody", "/kpis/visit.sum/forecast"), 404, "no_forecast");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"horizon\":0} | 400 | invalid_request",
                "{\"horizon\":401} | 400 | invalid_request",
                "{\"horizon\":-2147483648} | 400 | invalid_request",
                "{\"horizon\":1e9} | 400 | invalid_request",
                "{\"horizon\":2.5} | 400 | invalid_request",
                "{\"horizon\":\"7\"} | 400 | invalid_request",
                "{\"horizon\":null} | 400 | invalid_request",
                "{\"horizon\":99999999999999999999} | 400 | invalid_request",
                "{} | 400 | invalid_request",
                "{\"horizon\":7,\"model\":\"prophet\"} | 404 | unknown_model",
                "{\"horizon\":7,\"model\":\"sarimax(1,1,1)(1,1,1)0\"} | 404 | unknown_model"
            })
    void whatCannotBeLearntIsRefused(String body, int status, String code) throws Exception {
        assertProblem(learn("acme", "visit.sum", body), status, code);
    }

    @Test
    void aModelThatNeedsMoreThanThereIsGivesWayAndSaysSo() throws Exception {
        JsonNode learnt = learn("acme", "visit.sum", "{\"horizon\":7,\"model\":\"sarimax(99,9,99)(99,9,99)999\"}")
                .json();
        assertThat(learnt.path("model").asText()).isEqualTo("seasonal-naive");
        assertThat(learnt.path("fallbackReason").asText()).contains("observed values");
    }

    @Test
    void aNameThatNoEventCountsInIsLearntFromByNobody() throws Exception {
        assertProblem(learn("acme", "madeup.sum", "{\"horizon\":7}"), 404, "unknown_kpi");
        assertProblem(api.get("acme", "/kpis/madeup.sum/forecast"), 404, "no_forecast");
    }

    @Test
    void theFarthestHorizonIsAnswered() throws Exception {
        RunningHost.Answer answer = learn("acme", "visit.avg", "{\"horizon\":400,\"model\":\"seasonal-naive\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("points")).hasSize(400);
    }

    @Test
    void nobodyLearnsForAnotherOrgOrWithoutPermission() throws Exception {
        assertProblem(learn("acme/org_viewer", "visit.sum", "{\"horizon\":7}"), 403, "not_permitted");
        assertProblem(
                api.post("mallory", "/kpis/visit.sum/forecast?org=acme", "{\"horizon\":7}"), 403, "not_permitted");
        assertProblem(learn("acme", "nothing", "{\"horizon\":7}"), 404, "unknown_kpi");
        assertProblem(learn("nobody", "visit.sum", "{\"horizon\":7}"), 404, "unknown_org");
    }
}

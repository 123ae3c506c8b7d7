package io.smartdata.spring.web;

import static io.smartdata.spring.web.ApiClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import io.smartdata.tenancy.OrgQuotas;
import io.smartdata.tenancy.OrgResolver;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Single events, batches of several orgs, and the batch of the learning platform, on a running server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventRoutesTest {
    private static final String EVENT = """
            {"id":"%s","name":"order_placed","time":"%s","value":19.9}""";

    private RunningHost host;
    private ApiClient api;

    /** Everybody may act in orgs that begin with their own name; who has a dash has several. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Groups {
        @Bean
        RequestIdentity identity() {
            return new RequestIdentity() {
                @Override
                public Optional<Caller> caller(HttpServletRequest request) {
                    return Optional.ofNullable(request.getHeader(Gateway.USER)).map(Caller::of);
                }

                @Override
                public Set<OrgId> orgs(HttpServletRequest request) {
                    String name = request.getHeader(Gateway.USER);
                    return name.contains("-")
                            ? Set.of(OrgId.of(name + "1"), OrgId.of(name + "2"))
                            : Set.of(OrgId.of(name));
                }
            };
        }

        @Bean
        AccessPolicy policy() {
            return (caller, org, permission) -> org.value().startsWith(caller.name());
        }

        @Bean
        OrgDirectory directory() {
            OrgQuotas few = OrgQuotas.none().withEventsPerMinute(1);
            return org -> Optional.of(
                    org.value().endsWith("busy") ? OrgProfile.defaults().withQuotas(few) : OrgProfile.defaults());
        }

        /** A subject carries its org in front. */
        @Bean
        OrgResolver resolver() {
            return clues -> {
                String subject = clues.subject();
                if ("unlucky".equals(subject)) {
                    throw new IllegalStateException("secret of the host");
                }
                return subject == null || !subject.contains("/")
                        ? Optional.empty()
                        : Optional.of(OrgId.of(subject.substring(0, subject.indexOf('/'))));
            };
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder, Groups.class, "smartdata.web.enabled=true", "smartdata.web.compat=true");
        api = new ApiClient(host);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private static String event(String id) {
        return EVENT.formatted(id, "2026-03-01T10:00:00Z");
    }

    private static String of(String org, String id) {
        return event(id).replace("{", "{\"org\":\"%s\",".formatted(org));
    }

    private JsonNode post(String user, String path, String body) throws Exception {
        return api.post(user, path, body).json();
    }

    @Test
    void oneEventIsAcceptedOnceAndADuplicateFromThenOn() throws Exception {
        JsonNode first = post("one", "/events/single", event("1"));
        assertThat(first.path("outcome").asText()).isEqualTo("accepted");
        assertThat(first.path("id").asText()).isEqualTo("1");
        assertThat(post("one", "/events/single", event("1")).path("outcome").asText())
                .isEqualTo("duplicate");
        assertThat(api.get("one", "/receipts/" + first.path("receiptId").asText())
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void oneEventInADryRunIsNotStored() throws Exception {
        assertThat(post("dry", "/events/single?dryRun=true", event("1"))
                        .path("outcome")
                        .asText())
                .isEqualTo("accepted");
        assertThat(post("dry", "/events/single", event("1")).path("outcome").asText())
                .isEqualTo("accepted");
    }

    @Test
    void oneEventThatIsNotAcceptedIsAProblemWithItsReasonAndItsDeadLetter() throws Exception {
        RunningHost.Answer answer =
                api.post("reject", "/events/single", event("1").replace("2026-03-01T10:00:00Z", "never"));
        assertProblem(answer, 422, "event_rejected");
        JsonNode problem = answer.json();
        assertThat(problem.path("reason").asText()).isEqualTo("invalid_time");
        assertThat(problem.path("field").asText()).isEqualTo("time");
        assertThat(problem.path("retryable").asBoolean()).isFalse();
        assertThat(api.get(
                                "reject",
                                "/dead-letters/" + problem.path("deadLetterId").asText())
                        .json()
                        .path("receiptId"))
                .isEqualTo(problem.path("receiptId"));
    }

    @Test
    void oneEventWithOtherContentUnderAStoredIdIsAConflict() throws Exception {
        post("conflict", "/events/single", event("1"));
        RunningHost.Answer answer =
                api.post("conflict", "/events/single", event("1").replace("19.9", "20"));
        assertProblem(answer, 422, "event_rejected");
        assertThat(answer.json().path("reason").asText()).isEqualTo("id_conflict");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"id\":\"1\",\"name\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}]",
                "{\"events\":[]}",
                "{\"events\":[{\"id\":\"1\"},{\"id\":\"2\"}]}",
                "{\"events\":[{\"id\":\"1\"}],\"events\":[{\"id\":\"2\"}]}",
                "7",
                "\"text\"",
                ""
            })
    void whatIsNotOneEventIsRefusedBeforeItIsStored(String body) throws Exception {
        assertProblem(api.post("several", "/events/single", body), 400, "invalid_request");
        assertProblem(api.get("several", "/kpis"), 404, "unknown_org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":", "{\"id\":1}}", "{'id':1}", "{\"id\":1}{\"id\":2}"})
    void anEventThatIsNoJsonIsRefused(String body) throws Exception {
        RunningHost.Answer answer = api.post("broken", "/events/single", body);
        assertProblem(answer, 400, "invalid_json");
    }

    @Test
    void anEventOfManyLevelsOrDigitsIsTheReadersToJudge() throws Exception {
        String deep = event("1").replace("19.9", "1,\"properties\":{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}");
        assertThat(api.post("judge", "/events/single", deep)
                        .json()
                        .path("reason")
                        .asText())
                .isEqualTo("too_deep");
        String long_ = event("1").replace("19.9", "1".repeat(2_000));
        assertThat(api.post("judge", "/events/single", long_)
                        .json()
                        .path("reason")
                        .asText())
                .isEqualTo("invalid_value");
    }

    @Test
    void aFormIsNoBody() throws Exception {
        assertProblem(
                api.send("form", "POST", "/events", "a=b", "Content-Type", "application/x-www-form-urlencoded"),
                415,
                "unsupported_media_type");
    }

    @Test
    void aSourceThatCannotBeOneIsRefused() throws Exception {
        assertProblem(api.post("sources", "/events?source=%00", "[" + event("1") + "]"), 400, "invalid_request");
    }

    @Test
    void eventsOfSeveralOrgsGoEachToTheirOwn() throws Exception {
        String batch = "[%s,%s,%s,%s]"
                .formatted(
                        of("team-1", "1"),
                        of("team-2", "2"),
                        event("3"),
                        event("4").replace("{", "{\"subject\":\"team-2/ann\","));
        JsonNode reply = post("team-", "/batches", batch);
        assertThat(reply.path("complete").asBoolean()).isFalse();
        assertThat(reply.path("parts").findValuesAsText("org")).containsExactly("team-1", "team-2");
        assertThat(reply.path("parts").get(1).path("receipt").path("accepted").asInt())
                .isEqualTo(2);
        JsonNode unrouted = reply.path("unrouted").get(0);
        assertThat(unrouted.path("index").asInt()).isEqualTo(2);
        assertThat(unrouted.path("id").asText()).isEqualTo("3");
        assertThat(unrouted.path("reason").asText()).isEqualTo("org_missing");
        JsonNode again = post("team-", "/batches", batch);
        assertThat(again.path("parts").get(1).path("receipt").path("duplicates").asInt())
                .isEqualTo(2);
    }

    @Test
    void aForeignOrgAndOneThatNobodyHasAreAnsweredAlike() throws Exception {
        post("victim", "/events", "[" + event("1") + "]");
        JsonNode reply = post(
                "mallory-",
                "/batches",
                "[%s,%s,%s]".formatted(of("victim", "1"), of("nobody", "1"), of("no org", "1")));
        assertThat(reply.path("parts")).isEmpty();
        Set<String> answers = Set.copyOf(reply.path("unrouted").findValuesAsText("message"));
        assertThat(reply.path("unrouted").findValuesAsText("reason")).containsOnly("not_permitted");
        assertThat(answers).hasSize(1);
    }

    @Test
    void aRefusedPartSaysWhyAndTheOthersAreStored() throws Exception {
        post("half-", "/batches", "[%s,%s]".formatted(of("half-busy", "1"), of("half-busy", "2")));
        JsonNode reply = post("half-", "/batches", "[%s,%s]".formatted(of("half-busy", "3"), of("half-1", "3")));
        JsonNode refused = reply.path("parts").get(0);
        assertThat(refused.path("receipt").isNull()).isTrue();
        assertThat(refused.path("refusal").path("code").asText()).isEqualTo("throttled");
        assertThat(refused.path("refusal").path("status").asInt()).isEqualTo(429);
        assertThat(refused.path("refusal").path("retryAfterSeconds").asInt()).isPositive();
        assertThat(reply.path("parts").get(1).path("receipt").path("accepted").asInt())
                .isEqualTo(1);
        assertThat(reply.path("complete").asBoolean()).isFalse();
    }

    @Test
    void aHostThatCannotTellTheOrgRefusesTheWholeBatch() throws Exception {
        RunningHost.Answer answer =
                api.post("luck-", "/batches", "[%s]".formatted(event("1").replace("{", "{\"subject\":\"unlucky\",")));
        assertProblem(answer, 503, "org_resolver_failed");
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void theAncestorsBatchHasEveryEventInOneOfThreeLists() throws Exception {
        post("old", "/compat/batch", "{\"events\":[%s]}".formatted(event("1")));
        JsonNode reply = post(
                "old",
                "/compat/batch",
                "{\"events\":[%s,%s,%s,%s]}"
                        .formatted(
                                event("1"),
                                event("2"),
                                event("3").replace("2026-03-01T10:00:00Z", "never"),
                                "{\"name\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}"));
        assertThat(reply.fieldNames()).toIterable().containsExactly("accepted", "duplicates", "failed", "meta");
        assertThat(reply.path("accepted")).extracting(JsonNode::asText).containsExactly("2");
        assertThat(reply.path("duplicates")).extracting(JsonNode::asText).containsExactly("1");
        assertThat(reply.path("failed").findValuesAsText("reason")).containsExactly("invalid_time", "missing_id");
        JsonNode failed = reply.path("failed").get(0);
        assertThat(failed.path("id").asText()).isEqualTo("3");
        assertThat(failed.path("index").asInt()).isEqualTo(2);
        assertThat(failed.path("retryable").asBoolean()).isFalse();
        assertThat(UUID.fromString(failed.path("deadLetterId").asText())).isNotNull();
        assertThat(reply.path("meta").path("received").asInt()).isEqualTo(4);
        assertThat(reply.path("meta").path("skippedMissingOrg").asInt()).isZero();
    }

    @Test
    void theAncestorsBatchCountsEventsWhoseOrgNobodyCanTell() throws Exception {
        JsonNode reply = post(
                "ancient-",
                "/compat/batch",
                "{\"events\":[%s,%s,%s]}".formatted(event("1"), of("ancient-1", "2"), of("victim", "3")));
        assertThat(reply.path("accepted")).extracting(JsonNode::asText).containsExactly("2");
        assertThat(reply.path("failed").findValuesAsText("reason")).containsExactly("org_missing", "not_permitted");
        assertThat(reply.path("meta").path("skippedMissingOrg").asInt()).isEqualTo(1);
    }

    @Test
    void theAncestorsBatchTakesTheOrgOfTheRequest() throws Exception {
        JsonNode reply = post("several-", "/compat/batch?org=several-7", "{\"events\":[%s]}".formatted(event("1")));
        assertThat(reply.path("accepted")).hasSize(1);
        assertThat(api.get("several-", "/kpis?org=several-7").status()).isEqualTo(200);
        assertProblem(
                api.post("several-", "/compat/batch?org=victim", "{\"events\":[%s]}".formatted(event("1"))),
                403,
                "not_permitted");
    }

    @Test
    void theAncestorsBatchIsRefusedWhenAPartIs() throws Exception {
        String batch = "{\"events\":[%s,%s]}".formatted(of("ages-busy", "1"), of("ages-1", "1"));
        post("ages-", "/compat/batch", batch);
        RunningHost.Answer answer = api.post("ages-", "/compat/batch", batch.replace("\"1\"", "\"2\""));
        post("ages-", "/compat/batch", batch);
        RunningHost.Answer later = api.post("ages-", "/compat/batch", batch);
        assertProblem(later.status() == 429 ? later : answer, 429, "throttled");
        assertThat((later.status() == 429 ? later : answer).header("Retry-After"))
                .isPresent();
    }

    @Test
    void theAncestorsBatchHasItsOldLimits() throws Exception {
        String hundred = IntStream.range(0, 100).mapToObj(i -> event("e" + i)).collect(Collectors.joining(","));
        assertThat(post("limits", "/compat/batch", "{\"events\":[%s]}".formatted(hundred))
                        .path("accepted"))
                .hasSize(100);
        assertProblem(
                api.post("limits", "/compat/batch", "{\"events\":[%s,%s]}".formatted(hundred, event("one more"))),
                413,
                "batch_too_large");
        assertProblem(
                api.post("limits", "/compat/batch", "{\"events\":[%s]}".formatted(event(" ".repeat(256 * 1024)))),
                413,
                "batch_too_large");
        assertProblem(api.post("limits", "/compat/batch", "{\"events\":[]}"), 400, "empty_input");
        assertProblem(api.post("limits", "/compat/batch", "{\"events\":[}"), 400, "invalid_json");
    }
}

package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.spring.RunningHost;
import io.smartdata.tenancy.Role;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the OpenAPI document, asked by every role for what another org has: by its ids and names, by its org as
 * parameter, header, cookie and body. What it has is neither shown nor told from what nobody has, and stays as it was.
 */
class HttpLeakTest {
    private static final Map<String, String> SPOOFS = Map.of(
            "X-Org-Id", "them",
            "X-Organization-Id", "them",
            "X-Tenant-Id", "them",
            "X-Forwarded-User", "them",
            "Cookie", "org=them; org_id=them");

    /** No KPI of these orgs has a dimension. */
    private static final Map<String, String> UNREACHED = Map.of("GET /api/v1/kpis/{kpi}/top", "unknown_dimension");

    private static final String STAFF = "staff/platform_admin";

    private RunningHost host;
    private ApiClient api;
    private LeakWorld world;
    private RequestSamples samples;
    private List<RequestSamples.Operation> operations;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withoutSecurity(
                folder,
                Gateway.class,
                "smartdata.web.enabled=true",
                "smartdata.web.compat=true",
                "smartdata.jobs.enabled=false");
        api = new ApiClient(host);
        world = new LeakWorld(host.context().getBean(SmartData.class));
        world.add("upload", uploaded("us"), uploaded("them"));
        samples = new RequestSamples(api.document());
        operations = new ArrayList<>(samples.operations());
        operations.sort(Comparator.comparing(operation -> !operation.method().equals("GET")));
    }

    /** The id of an upload that is done. */
    private String uploaded(String user) throws Exception {
        String id = UUID.randomUUID().toString();
        String event = "[{\"id\":\"upload\",\"name\":\"probe\",\"time\":\"2026-01-02T00:00:00Z\"}]";
        RunningHost.Answer answer = api.send(
                user, "POST", "/uploads?dryRun=true", event, "Content-Type", "application/json", "Upload-Id", id);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return id;
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static List<String> usersOfUs() {
        return Stream.concat(
                        Stream.of("us"),
                        Stream.of(Role.values()).map(role -> "us/" + role.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private RunningHost.Answer send(String user, RequestSamples.Request request, Map<String, String> more)
            throws Exception {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.putAll(more);
        if (request.body() != null) {
            headers.put("Content-Type", request.contentType());
        }
        String[] flat = headers.entrySet().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
        return api.send(user, request.method(), request.path(), request.body(), flat);
    }

    private RequestSamples.Request own(RequestSamples.Operation operation) {
        return samples.request(operation, (slot, kind) -> world.of(kind).own());
    }

    /** What is wrong with the matrix itself would be seen here: operations that it never gets an answer from. */
    @Test
    void theMatrixReachesTheOperations() throws Exception {
        List<String> unreached = new ArrayList<>();
        for (RequestSamples.Operation operation : operations) {
            RunningHost.Answer answer = send(operation.acrossOrgs() ? STAFF : "us", own(operation), Map.of());
            String expected = UNREACHED.get(operation.toString());
            if (expected != null) {
                assertThat(answer.json().path("code").asText()).isEqualTo(expected);
            } else if (answer.status() >= 400) {
                unreached.add(operation + ": " + answer.body());
            }
        }
        assertThat(unreached).isEmpty();
    }

    @Test
    void whatAnotherOrgHasIsAnsweredLikeWhatNobodyHas() throws Exception {
        List<String> before = themselves();
        List<String> leaks = new ArrayList<>();
        int trials = 0;
        for (RequestSamples.Operation operation : operations) {
            for (RequestSamples.Slot place : operation.slots()) {
                for (String user : usersOfUs()) {
                    LeakWorld.Values values = world.of(place.kind());
                    String foreign =
                            told(send(user, with(operation, place, values.foreign()), Map.of()), values.foreign());
                    String unknown =
                            told(send(user, with(operation, place, values.unknown()), Map.of()), values.unknown());
                    trials++;
                    if (!foreign.equals(unknown) || foreign.contains(LeakWorld.ONLY_THEIRS)) {
                        leaks.add("%s by %s, %s: %s%n  and for what nobody has: %s"
                                .formatted(operation, user, place, foreign, unknown));
                    }
                }
            }
        }
        assertThat(leaks).isEmpty();
        assertThat(trials).isGreaterThan(operations.size());
        assertThat(themselves()).containsExactlyElementsOf(before);
    }

    private RequestSamples.Request with(RequestSamples.Operation operation, RequestSamples.Slot place, String value) {
        return samples.request(
                operation,
                (slot, kind) -> slot.equals(place) ? value : world.of(kind).own());
    }

    /** Without what differs between any two answers, and without what the request itself said. */
    private static String told(RunningHost.Answer answer, String asked) {
        return answer.status() + " "
                + answer.body()
                        .replace(asked, "ASKED")
                        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
                        .replaceAll("\\b\\d{8}\\b", "SENT")
                        .replaceAll("\"next\":\"[^\"]*\"", "NEXT")
                        .replaceAll("\"subjectHash\":\"[0-9a-f]*\"", "HASH")
                        .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "MOMENT");
    }

    @Test
    void namingAnotherOrgGrantsNothing() throws Exception {
        List<String> before = themselves();
        for (RequestSamples.Operation operation : operations) {
            RequestSamples.Request request =
                    samples.request(operation, (slot, kind) -> world.of(kind).foreign());
            String query = request.path() + (request.path().contains("?") ? "&" : "?");
            for (String user : usersOfUs()) {
                RunningHost.Answer them = send(user, at(request, query + "org=them"), Map.of());
                RunningHost.Answer nobody = send(user, at(request, query + "org=nobody"), Map.of());
                assertThat(them.status()).as("%s by %s", operation, user).isGreaterThanOrEqualTo(400);
                assertThat(told(them, "them")).as("%s by %s", operation, user).isEqualTo(told(nobody, "nobody"));
                assertThat(send(user, request, SPOOFS).body())
                        .as("%s by %s with headers", operation, user)
                        .doesNotContain(LeakWorld.ONLY_THEIRS);
            }
        }
        assertThat(themselves()).containsExactlyElementsOf(before);
    }

    private static RequestSamples.Request at(RequestSamples.Request request, String path) {
        return new RequestSamples.Request(
                request.method(), path, request.body(), request.contentType(), request.headers());
    }

    @Test
    void eventsThatNameAnotherOrgAreNotStored() throws Exception {
        List<String> before = themselves();
        for (RequestSamples.Operation operation : operations) {
            if (operation.declaration().at("/requestBody/content").has("application/json")) {
                String body =
                        "[{\"id\":\"spoof\",\"org\":\"them\",\"name\":\"themsecret-visit\",\"time\":\"2026-01-02T00:00:00Z\"}]";
                RequestSamples.Request request = own(operation);
                send(
                        "us",
                        new RequestSamples.Request(
                                request.method(), request.path(), body, "application/json", request.headers()),
                        Map.of());
            }
        }
        assertThat(themselves()).containsExactlyElementsOf(before);
    }

    @Test
    void anonymousNeverGetsAnAnswer() throws Exception {
        for (RequestSamples.Operation operation : operations) {
            RequestSamples.Request request = own(operation);
            HttpRequest.BodyPublisher body = request.body() == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(request.body());
            RunningHost.Answer answer = host.send(
                    HttpRequest.newBuilder(host.uri("/smartdata/api/v1" + request.path()))
                            .method(request.method(), body),
                    "Content-Type",
                    request.contentType());
            assertThat(answer.status()).as("%s", operation).isEqualTo(401);
        }
    }

    /** All that the other org sees of itself, but for what it would find in its audit log for having looked. */
    private List<String> themselves() throws Exception {
        List<String> seen = new ArrayList<>();
        for (RequestSamples.Operation operation : operations) {
            if (operation.method().equals("GET") && !operation.path().startsWith("/api/v1/export")) {
                RequestSamples.Request request = samples.request(
                        operation, (slot, kind) -> world.of(kind).foreign());
                seen.add(operation + " " + told(send("them", request, Map.of()), "nothing"));
            }
        }
        return seen;
    }
}

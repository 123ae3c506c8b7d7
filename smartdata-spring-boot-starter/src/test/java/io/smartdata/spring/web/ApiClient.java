package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.smartdata.spring.RunningHost;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link Gateway} host that holds every answer against the host's OpenAPI document: its status and the code of a
 * problem must be declared, its body must be of the declared schema.
 */
public final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What no answer may hold: names of classes, SQL, paths. */
    private static final List<String> INTERNAL =
            List.of("Exception", "io.smartdata", "java.", "SELECT ", "INSERT ", "org.sqlite", "host.db", "/tmp/");

    private final RunningHost host;
    private final String base;
    private final JsonNode document;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private final Map<String, JsonSchema> known = new ConcurrentHashMap<>();

    /** @param base where the document's paths lie, as the client writes it */
    public ApiClient(RunningHost host, String base) throws IOException, InterruptedException {
        this.host = host;
        this.base = base;
        this.document =
                host.get(base + "/api/v1/openapi.json", Gateway.USER, "reader").json();
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
    }

    /** That a request is refused, and why; what every problem has in common is held against the document already. */
    static void assertProblem(RunningHost.Answer answer, int status, String code) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
    }

    /** Of a host with the default base path. */
    public ApiClient(RunningHost host) throws IOException, InterruptedException {
        this(host, "/smartdata");
    }

    public JsonNode document() {
        return document;
    }

    /** @param path below {@code /api/v1} */
    public RunningHost.Answer get(String user, String path, String... headers)
            throws IOException, InterruptedException {
        return send(user, "GET", path, null, headers);
    }

    /** Sends JSON. */
    public RunningHost.Answer post(String user, String path, String body) throws IOException, InterruptedException {
        return send(user, "POST", path, body, "Content-Type", "application/json");
    }

    /** Sends anything; {@code body} may be null. */
    public RunningHost.Answer send(String user, String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        List<String> all = new ArrayList<>(Arrays.asList(headers));
        all.addAll(List.of(Gateway.USER, user));
        RunningHost.Answer answer = host.send(
                HttpRequest.newBuilder(host.uri(base + "/api/v1" + path)).method(method, publisher),
                all.toArray(String[]::new));
        requireDeclared(method, path, answer);
        return answer;
    }

    private void requireDeclared(String method, String path, RunningHost.Answer answer) throws IOException {
        assertThat(answer.header("X-Request-Id")).as("request id of %s", path).isPresent();
        assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
        if (answer.status() >= 400) {
            assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
            assertThat(INTERNAL).noneMatch(answer.body()::contains);
        }
        JsonNode operation = operation(method, path);
        if (operation.isMissingNode() || answer.status() == 304) {
            return;
        }
        String what = "%s %s: %d %s".formatted(method, path, answer.status(), answer.body());
        JsonNode response = operation.path("responses").path(String.valueOf(answer.status()));
        assertThat(response.isMissingNode()).as("declared status of %s", what).isFalse();
        if (answer.status() >= 400) {
            assertThat(response.path("description").asText().split(", "))
                    .as("declared codes of %s", what)
                    .contains(answer.json().path("code").asText());
        }
        String type = answer.header("Content-Type").orElse("").split(";")[0];
        JsonNode content = response.path("content");
        if (!content.isEmpty()) {
            assertThat(content.has(type))
                    .as("declared type %s of %s", type, what)
                    .isTrue();
        }
        if (content.path(type).has("schema")) {
            String key = operation.path("operationId").asText() + answer.status();
            Set<ValidationMessage> faults = known.computeIfAbsent(
                            key, absent -> schema(content.path(type).path("schema")))
                    .validate(answer.json());
            assertThat(faults).as("answer to %s", what).isEmpty();
        }
    }

    private JsonSchema schema(JsonNode schema) {
        ObjectNode whole = JSON.createObjectNode();
        whole.setAll((ObjectNode) schema);
        whole.set("components", document.path("components"));
        return schemas.getSchema(whole);
    }

    private JsonNode operation(String method, String path) {
        String plain = "/api/v1" + path.replaceFirst("[?].*", "");
        for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
            if (plain.matches(entry.getKey().replaceAll("\\{[^}]*}", "[^/]+"))) {
                return entry.getValue().path(method.toLowerCase(Locale.ROOT));
            }
        }
        return JSON.missingNode();
    }
}

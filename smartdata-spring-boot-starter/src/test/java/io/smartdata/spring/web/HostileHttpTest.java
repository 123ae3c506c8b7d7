package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.spring.HostProcess;
import io.smartdata.spring.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The hostile set over HTTP, sent to a process with 256 MiB: problems only, nothing uncounted, and it lives on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOSTILE = "smartdata-core/src/test/resources/hostile";

    /** A hang is a failure; how fast it is, benchmarks say. */
    private static final Duration HANG = Duration.ofSeconds(60);

    private static final List<String> NAMES = List.of("/kpis/%s/series", "/kpis?org=%s", "/receipts/%s", "/%s");

    private final HttpClient client = HttpClient.newHttpClient();
    private HostProcess host;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = HostProcess.start(
                folder,
                List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
                Gateway.class,
                "smartdata.web.enabled=true",
                "logging.level.root=ERROR");
    }

    @AfterAll
    void stop() throws Exception {
        host.close();
    }

    @Test
    void everyFileIsAnsweredAndCounted() throws Exception {
        assertThat(eachFile(this::send)).isGreaterThan(900);
        assertAlive();
    }

    @Test
    void everyFileIsAnsweredAsAnUpload() throws Exception {
        assertThat(eachFile(this::upload)).isGreaterThan(900);
        assertAlive();
    }

    /** Sends a file of the set. */
    @FunctionalInterface
    private interface Sending {
        void send(String what, String name, byte[] body) throws Exception;
    }

    private static int eachFile(Sending sending) throws Exception {
        int sent = 0;
        for (Path archive : archives()) {
            try (InputStream bytes = Files.newInputStream(archive);
                    ZipInputStream files = new ZipInputStream(bytes)) {
                for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                    if (!file.isDirectory()) {
                        sending.send(
                                archive.getFileName() + " " + file.getName(), file.getName(), files.readAllBytes());
                        sent++;
                    }
                }
            }
        }
        return sent;
    }

    /** As nobody says what it is, strict; in doubt it is the whole file that is refused. */
    private void upload(String what, String name, byte[] body) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(api("/uploads"))
                        .header(Gateway.USER, "hostileupload")
                        .header("Content-Type", "application/octet-stream")
                        .timeout(HANG)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode reply = requireAnswer(what, answer);
        if (answer.statusCode() == 200) {
            assertThat(reply.path("failed")).as(what).isEmpty();
        } else if (reply.path("code").asText().equals("invalid_events")) {
            assertThat(reply.path("failed")).as(what).isNotEmpty();
            assertThat(reply.path("failedCount").asLong())
                    .as(what)
                    .isGreaterThanOrEqualTo(reply.path("failed").size());
        }
    }

    private void send(String what, String name, byte[] body) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(api("/events"))
                        .header(Gateway.USER, "hostile")
                        .header("Content-Type", type(name))
                        .timeout(HANG)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode reply = requireAnswer(what, answer);
        if (answer.statusCode() == 200) {
            assertThat(reply.path("accepted").asLong()
                            + reply.path("duplicates").asLong()
                            + reply.path("conflicts").asLong()
                            + reply.path("rejected").asLong())
                    .as("all of %s", what)
                    .isEqualTo(reply.path("received").asLong());
        }
    }

    private static String type(String name) {
        String plain = name.replaceFirst("\\.gz$", "");
        return plain.endsWith(".csv") || plain.endsWith(".tsv")
                ? "text/csv"
                : plain.endsWith("l") || plain.endsWith(".txt") ? "application/x-ndjson" : "application/json";
    }

    private static JsonNode requireAnswer(String what, HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as("%s: %s", what, answer.body()).isLessThan(500);
        JsonNode reply = JSON.readTree(answer.body());
        if (answer.statusCode() != 200) {
            assertThat(answer.headers().firstValue("Content-Type")).as(what).hasValue("application/problem+json");
            assertThat(reply.path("code").asText()).as(what).matches("[a-z_]+");
            assertThat(answer.body()).as(what).doesNotContain("Exception", "io.smartdata", "host.db");
        }
        return reply;
    }

    @Test
    void everyNaughtyTextInAnAddressIsAnswered() throws Exception {
        for (String text : naughty()) {
            String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
            for (String name : NAMES) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(api(name.formatted(encoded)))
                                .header(Gateway.USER, "hostile")
                                .timeout(HANG)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as("%s: %s", name, text).isLessThan(500);
                assertThat(answer.body()).doesNotContain("io.smartdata", "host.db", "org.springframework");
            }
        }
        assertAlive();
    }

    private static List<String> naughty() throws IOException {
        try (InputStream bytes = Files.newInputStream(Repository.file(HOSTILE + "/naughty-strings.zip"));
                ZipInputStream files = new ZipInputStream(bytes)) {
            for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                if (file.getName().endsWith(".jsonl")) {
                    List<String> texts = new ArrayList<>();
                    JSON.readerFor(JsonNode.class)
                            .<JsonNode>readValues(files.readAllBytes())
                            .forEachRemaining(line -> texts.add(line.path("s").asText()));
                    return texts;
                }
            }
        }
        throw new AssertionError("No naughty strings");
    }

    private void assertAlive() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(api("/events"))
                        .header(Gateway.USER, "alive")
                        .header("Content-Type", "application/json")
                        .timeout(HANG)
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "[{\"name\":\"alive\",\"time\":\"2026-03-01T10:00:00Z\"}]"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(host.alive()).isTrue();
        assertThat(host.log()).doesNotContain("OutOfMemoryError", "StackOverflowError");
    }

    private URI api(String path) {
        return host.uri("/smartdata/api/v1" + path);
    }

    private static List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(Repository.file(HOSTILE))) {
            return files.filter(file -> file.toString().endsWith(".zip"))
                    .sorted()
                    .toList();
        }
    }
}

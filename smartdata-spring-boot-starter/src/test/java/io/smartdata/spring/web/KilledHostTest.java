package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.spring.HostProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that is killed while clients send: what it has answered is there, and what is sent again is counted once. */
class KilledHostTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = Boolean.getBoolean("smartdata.soak") ? 50 : 3;
    private static final int CLIENTS = 2;
    private static final int BATCH = 50;

    /** Answers of a round after which the host is killed. */
    private static final int ANSWERS = 15;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger batches = new AtomicInteger();

    @Test
    void whatWasAnsweredIsThereAndWhatIsSentAgainIsCountedOnce(@TempDir Path folder) throws Exception {
        long answered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (HostProcess host = start(folder)) {
                answered += sendUntilKilled(host);
            }
        }
        try (HostProcess host = start(folder)) {
            assertThat(events(host)).isGreaterThanOrEqualTo(answered);
            for (int batch = 0; batch < batches.get(); batch++) {
                assertThat(send(host, batch).statusCode()).isEqualTo(200);
            }
            assertThat(events(host)).isEqualTo((long) batches.get() * BATCH);
            JsonNode verified = json(post(host, "/verification", "{\"from\":\"2026-03-01\",\"to\":\"2026-03-02\"}"));
            assertThat(verified.path("differences")).isEmpty();
        }
    }

    private static HostProcess start(Path folder) throws Exception {
        return HostProcess.start(
                folder, List.of("-Xmx256m"), Gateway.class, "smartdata.web.enabled=true", "logging.level.root=ERROR");
    }

    /** @return events of batches that were answered */
    private long sendUntilKilled(HostProcess host) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            AtomicInteger answers = new AtomicInteger();
            List<Future<Integer>> sending = IntStream.range(0, CLIENTS)
                    .mapToObj(each -> clients.submit(() -> sendWhileAlive(host, answers)))
                    .toList();
            while (answers.get() < ANSWERS) {
                assertThat(host.alive()).as(host.log()).isTrue();
                Thread.onSpinWait();
            }
            host.kill();
            long answered = 0;
            for (Future<Integer> sent : sending) {
                answered += sent.get();
            }
            return answered * BATCH;
        } finally {
            clients.shutdownNow();
        }
    }

    private int sendWhileAlive(HostProcess host, AtomicInteger answers) throws InterruptedException {
        int answered = 0;
        while (true) {
            try {
                HttpResponse<String> answer = send(host, batches.getAndIncrement());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                answered++;
                answers.incrementAndGet();
            } catch (IOException killed) {
                return answered;
            }
        }
    }

    private HttpResponse<String> send(HostProcess host, int batch) throws IOException, InterruptedException {
        String events = IntStream.range(0, BATCH)
                .mapToObj(i ->
                        "{\"id\":\"%d-%d\",\"name\":\"order_placed\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":1}"
                                .formatted(batch, i))
                .collect(Collectors.joining(",", "[", "]"));
        return post(host, "/events", events);
    }

    private HttpResponse<String> post(HostProcess host, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(host.uri("/smartdata/api/v1" + path))
                        .header(Gateway.USER, "acme")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** As the KPI counts them. */
    private long events(HostProcess host) throws IOException, InterruptedException {
        HttpResponse<String> series = client.send(
                HttpRequest.newBuilder(host.uri(
                                "/smartdata/api/v1/kpis/order_placed.count/series?from=2026-03-01&to=2026-03-02"))
                        .header(Gateway.USER, "acme")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return json(series).path("points").get(0).path("value").asLong();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}

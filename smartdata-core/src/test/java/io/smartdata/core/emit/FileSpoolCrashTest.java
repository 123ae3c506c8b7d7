package io.smartdata.core.emit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smartdata.promise.Trials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an emitter has promised to send is sent, however its process ends; the next one on its folder sees to it. */
@Timeout(1800)
class FileSpoolCrashTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_MILLIS = 300;

    private final long seed = Trials.seed();
    private final Random random = new Random(seed);
    private final Set<String> arrived = ConcurrentHashMap.newKeySet();
    private final AtomicInteger repeated = new AtomicInteger();
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** One request in three is refused for now, one in three is answered into a connection that is closed. */
    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int mood = ThreadLocalRandom.current().nextInt(3);
        if (mood == 0) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        JsonNode events = JSON.readTree(plain(exchange, body));
        int fresh = 0;
        for (JsonNode event : events) {
            fresh += arrived.add(event.path("id").asText()) ? 1 : 0;
        }
        repeated.addAndGet(events.size() - fresh);
        if (mood == 2) {
            byte[] reply = "{\"accepted\":%d,\"duplicates\":%d,\"failed\":[]}"
                    .formatted(fresh, events.size() - fresh)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
        }
        exchange.close();
    }

    private static byte[] plain(HttpExchange exchange, byte[] body) throws IOException {
        if (exchange.getRequestHeaders().getFirst("Content-Encoding") == null) {
            return body;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    @Test
    void killed() throws Exception {
        int rounds = Trials.rounds(4, 200);
        int failures = rounds;
        List<String> promised = new ArrayList<>();
        Path spool = folder.resolve("spool");
        try {
            for (int round = 0; round < rounds; round++) {
                Path ledger = folder.resolve("ledger-" + round);
                Process process = emitting(spool, ledger, "r" + round);
                awaitLines(process, ledger, 1 + random.nextInt(200));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MOST_MILLIS)));
                process.destroyForcibly().waitFor();
                promised.addAll(Files.readAllLines(ledger));
                if (random.nextBoolean()) {
                    sendTheRest(spool);
                    assertThat(arrived).as("seed %d, round %d", seed, round).containsAll(promised);
                }
                failures--;
            }
            sendTheRest(spool);
            assertThat(arrived).as("seed %d", seed).containsAll(promised);
        } finally {
            Trials.report(
                    "P3",
                    "kill -9 of an emitter with a file spool",
                    rounds,
                    failures,
                    "%d events promised, %d sent more than once".formatted(promised.size(), repeated.get()));
        }
    }

    private URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private void sendTheRest(Path spool) {
        try (EventEmitter next = CrashingEmitter.open(address(), spool)) {
            assertThat(next.flush(Duration.ofMinutes(2))).isTrue();
        }
    }

    private Process emitting(Path spool, Path ledger, String prefix) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashingEmitter.class.getName(),
                        address().toString(),
                        spool.toString(),
                        ledger.toString(),
                        prefix)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(prefix + ".log").toFile())
                .start();
    }

    private static void awaitLines(Process process, Path ledger, int lines) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!Files.exists(ledger) || Files.readAllLines(ledger).size() < lines) {
            assertThat(process.isAlive()).as("the emitter lives").isTrue();
            assertThat(System.nanoTime()).as("promises come").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}

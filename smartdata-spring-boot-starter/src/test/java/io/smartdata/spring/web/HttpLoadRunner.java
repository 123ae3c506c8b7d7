package io.smartdata.spring.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.IngestReceipt;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.spring.HostProcess;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events a second over HTTP beside the same batches through the Java API: 2 clients, batches of 500, SQLite. Not part of the
 * suite; CONTRIBUTING.md says how to run it.
 */
class HttpLoadRunner {
    private static final int CLIENTS = 2;
    private static final int BATCH = 500;
    private static final Pattern LIVE = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private final Duration duration = Duration.ofSeconds(Long.getLong("smartdata.load.seconds", 60));
    private final AtomicLong batches = new AtomicLong();

    /** Sends one batch and answers how many events were accepted. */
    @FunctionalInterface
    private interface Sender {
        long send(byte[] batch) throws Exception;
    }

    /** What a run came to. */
    private record Load(double eventsPerSecond, long[] nanos) {
        double millis(double quantile) {
            return nanos[(int) Math.min(nanos.length - 1, Math.round(quantile * nanos.length))] / 1e6;
        }

        @Override
        public String toString() {
            return "%,.0f events/s, %d batches, p50 %.1f ms, p99 %.1f ms, max %.1f ms"
                    .formatted(eventsPerSecond, nanos.length, millis(.5), millis(.99), millis(1));
        }
    }

    @Test
    void compare(@TempDir Path folder) throws Exception {
        Load http = overHttp(Files.createDirectory(folder.resolve("http")));
        Load java = throughJava(folder.resolve("java.db"));
        System.out.printf(
                "HTTP: %s%nJava: %s%nHTTP / Java: %.2f%n", http, java, http.eventsPerSecond() / java.eventsPerSecond());
    }

    private Load overHttp(Path folder) throws Exception {
        try (HostProcess host = HostProcess.start(
                folder, List.of("-Xmx512m"), Gateway.class, "smartdata.web.enabled=true", "logging.level.root=WARN")) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            Sender sender = batch -> {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(host.uri("/smartdata/api/v1/events"))
                                .header(Gateway.USER, "load")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(batch))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                return accepted(answer.body());
            };
            run(sender, Duration.ofSeconds(10));
            long before = liveBytes(host);
            Load load = run(sender, duration);
            System.out.printf(
                    "heap of the host after a collection: %,d MB before, %,d MB after%n",
                    before >> 20, liveBytes(host) >> 20);
            return load;
        }
    }

    private static long accepted(String receipt) {
        Matcher matcher = Pattern.compile("\"accepted\":(\\d+)").matcher(receipt);
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static long liveBytes(HostProcess host) throws Exception {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(host.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        Matcher total = LIVE.matcher(new String(histogram.getInputStream().readAllBytes(), UTF_8));
        long bytes = 0;
        while (total.find()) {
            bytes = Long.parseLong(total.group(1));
        }
        return bytes;
    }

    private Load throughJava(Path file) throws Exception {
        AccessPolicy everybody = (caller, org, permission) -> true;
        try (JdbcStorage storage = JdbcStorage.open("jdbc:sqlite:" + file);
                SmartData smartData = SmartData.builder()
                        .storage(storage)
                        .accessPolicy(everybody)
                        .build()) {
            smartData.start();
            OrgScope scope = smartData.access().scope(Caller.of("load"), OrgId.of("load"), Permission.INGEST);
            IngestOptions options =
                    IngestOptions.lenient(ReadOptions.defaults("api").withFormat(Format.JSON));
            Sender sender = batch -> {
                IngestReceipt receipt = smartData.ingest(scope).batch(batch, options);
                return receipt.accepted();
            };
            run(sender, Duration.ofSeconds(10));
            return run(sender, duration);
        }
    }

    private Load run(Sender sender, Duration time) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            long start = System.nanoTime();
            long end = start + time.toNanos();
            List<Callable<List<Long>>> tasks = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                tasks.add(() -> client(sender, end));
            }
            long[] nanos = clients.invokeAll(tasks).stream()
                    .flatMap(task -> done(task).stream())
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            return new Load(nanos.length * (double) BATCH * 1e9 / (System.nanoTime() - start), nanos);
        } finally {
            clients.shutdownNow();
        }
    }

    private static List<Long> done(Future<List<Long>> task) {
        try {
            return task.get();
        } catch (Exception e) {
            throw new AssertionError("A client failed", e);
        }
    }

    private List<Long> client(Sender sender, long end) throws Exception {
        List<Long> nanos = new ArrayList<>();
        while (System.nanoTime() < end) {
            byte[] batch = batch(batches.incrementAndGet());
            long start = System.nanoTime();
            assertThat(sender.send(batch)).isEqualTo(BATCH);
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }

    private static byte[] batch(long number) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number * 60 % (90 * 86_400));
        String[] events = new String[BATCH];
        Arrays.setAll(
                events,
                i ->
                        "{\"id\":\"%d-%d\",\"name\":\"order_placed\",\"time\":\"%s\",\"value\":%d.%02d,\"subject\":\"customer-%d\",\"properties\":{\"country\":\"%s\"}}"
                                .formatted(
                                        number,
                                        i,
                                        start.plusMillis(i * 100L),
                                        5 + i % 90,
                                        i % 100,
                                        (number * 31 + i) % 5_000,
                                        i % 3 == 0 ? "DE" : "FR"));
        return ("[" + String.join(",", events) + "]").getBytes(UTF_8);
    }
}

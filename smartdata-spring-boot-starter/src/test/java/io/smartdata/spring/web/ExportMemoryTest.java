package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.spring.HostProcess;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports from a host that has less memory than any of them takes up. */
class ExportMemoryTest {
    private static final int BATCHES = 15;
    private static final int BATCH = 10_000;
    private static final int TEXT = 600;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void fourExportsAtOnceAreWholeThoughMemoryHoldsNone(@TempDir Path folder) throws Exception {
        fill(folder);
        try (HostProcess host = HostProcess.start(
                folder,
                List.of("-Xmx96m"),
                Gateway.class,
                "smartdata.web.enabled=true",
                "smartdata.jobs.enabled=false")) {
            List<CompletableFuture<Long>> downloads = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> lines(host, i % 2 == 0 ? "csv" : "ndjson")))
                    .toList();
            for (int i = 0; i < downloads.size(); i++) {
                assertThat(downloads.get(i).join()).isEqualTo((long) BATCHES * BATCH + (i % 2 == 0 ? 1 : 0));
            }
            assertThat(host.alive()).isTrue();
            assertThat(host.log()).doesNotContain("OutOfMemoryError");
        }
    }

    private static void fill(Path folder) {
        try (SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open("jdbc:sqlite:" + folder.resolve("host.db")))
                .accessPolicy(AccessPolicy.singleOperator())
                .build()) {
            for (int batch = 0; batch < BATCHES; batch++) {
                List<Event> events = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    events.add(Event.named(
                                    "page",
                                    Instant.parse("2026-03-01T00:00:00Z").plusSeconds(i))
                            .id(batch + "-" + i)
                            .source("web")
                            .properties(Map.of("text", "x".repeat(TEXT)))
                            .build());
                }
                smartData
                        .ingest(smartData.access().scope(Caller.of("large"), OrgId.of("large"), Permission.INGEST))
                        .events(events);
            }
        }
    }

    /** Lines of an export, which is not kept. */
    private static long lines(HostProcess host, String format) {
        HttpRequest request = HttpRequest.newBuilder(host.uri("/smartdata/api/v1/export/events?format=" + format))
                .header(Gateway.USER, "large")
                .build();
        try (InputStream in =
                CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            byte[] buffer = new byte[1 << 16];
            long lines = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
            return lines;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

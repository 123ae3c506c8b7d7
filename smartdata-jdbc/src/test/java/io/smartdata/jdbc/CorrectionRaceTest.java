package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.correction.RetractRequest;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventSelection;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes ingest, replace, take back and compact at once: raw events and figures agree whenever somebody looks. */
@Timeout(300)
class CorrectionRaceTest {
    private static final long SEED = 20_261_122;
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final int ROUNDS = 20;

    private static final OrgScope ACME = OrgScope.request(
            AccessPolicy.singleOperator(),
            Caller.of("tester"),
            OrgId.of("acme"),
            Permission.INGEST,
            Permission.VIEW,
            Permission.EXPORT,
            Permission.OPERATE);

    private final Queue<IngestReceipt> receipts = new ConcurrentLinkedQueue<>();

    private static SmartData node(String url) {
        return SmartData.builder()
                .storage(JdbcStorage.open(url))
                .kpis(KpiCatalog.of(
                        Kpi.sum("revenue").event("order_placed").dimension("country"),
                        Kpi.distinct("buyers").event("order_placed"),
                        Kpi.max("largest").event("order_placed")))
                .accessPolicy(AccessPolicy.singleOperator())
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void figuresAreThoseOfTheEventsThatAreLeft(String database) throws Exception {
        String url = database.equals("sqlite") ? Databases.newSqliteUrl() : Databases.newPostgresUrl();
        try (SmartData one = node(url);
                SmartData two = node(url)) {
            one.sources(ACME).declare("live", ConflictPolicy.LAST_WINS);
            ExecutorService threads = Executors.newFixedThreadPool(5);
            try {
                List<Future<?>> work = new ArrayList<>();
                work.add(threads.submit(() -> ingest(one, "live", new Random(SEED))));
                work.add(threads.submit(() -> ingest(two, "live", new Random(SEED + 1))));
                work.add(threads.submit(() -> ingest(two, "shop", new Random(SEED + 2))));
                work.add(threads.submit(() -> takeBack(one, new Random(SEED + 3))));
                work.add(threads.submit(() -> compactAndVerify(two)));
                for (Future<?> each : work) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
            Verification end = verify(one);
            assertThat(end.differences()).as("seed " + SEED).isEmpty();
            assertThat(end.events()).as("seed " + SEED).isPositive().isEqualTo(exported(two));
        }
    }

    /** Ids meet across batches, threads and nodes. */
    private void ingest(SmartData node, String source, Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            List<Event> batch = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                int id = random.nextInt(400);
                batch.add(Event.named("order_placed", NOON.plus(Duration.ofHours(id % 100)))
                        .id("e" + id)
                        .source(source)
                        .value(random.nextInt(5))
                        .subject("buyer" + random.nextInt(20))
                        .properties(Map.of("country", random.nextBoolean() ? "DE" : "FR"))
                        .build());
            }
            receipts.add(node.ingest(ACME).events(batch));
        }
    }

    private void takeBack(SmartData node, Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            IngestReceipt receipt = receipts.poll();
            EventSelection selection = receipt == null || round % 4 == 0
                    ? EventSelection.ofName("order_placed").withSubject("buyer" + random.nextInt(20))
                    : EventSelection.ofReceipt(receipt.id());
            node.corrections(ACME).retract(RetractRequest.of(selection));
        }
    }

    private static void compactAndVerify(SmartData node) {
        for (int round = 0; round < ROUNDS; round++) {
            node.kpis(ACME).compact();
            assertThat(verify(node).differences()).as("seed " + SEED).isEmpty();
        }
    }

    private static Verification verify(SmartData node) {
        return requireNonNull(node.kpis(ACME).verify(CellRange.FIRST_DAY, CellRange.END));
    }

    private static long exported(SmartData node) {
        return node.exports(ACME).events(EventRange.all(), ExportFormat.NDJSON, new StringWriter());
    }
}

package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.Compaction;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ingests that take their org past the limit of deltas while the database goes away just after their commit. */
class CompactionAfterIngestTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");
    private static final int ONE_DELTA = 1;

    private final Storage memory = new InMemoryStorage();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private boolean leaves = true;
    private boolean away;
    private int merged;

    private final SmartData smartData = SmartData.builder()
            .storage(FaultyStorage.of(
                    memory, () -> away ? FaultyStorage.Fault.BEFORE : FaultyStorage.Fault.NONE, this::committed))
            .accessPolicy(AccessPolicy.singleOperator())
            .ingestSettings(new IngestSettings(100, 1 << 20, 100, 1 << 20, 100, 10, ONE_DELTA))
            .build();
    private final OrgScope acme = smartData
            .access()
            .scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW, Permission.OPERATE);

    private void committed(String call, Object answer) {
        away = leaves && call.equals("append");
        if (answer instanceof Compaction compaction) {
            merged += compaction.deltas();
        }
    }

    @BeforeEach
    void captureTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        System.setErr(stderr);
        smartData.close();
    }

    /** Two days, so at least two deltas. */
    private IngestReceipt ingest(String id) {
        return smartData
                .ingest(acme)
                .events(List.of(
                        Event.named("sale", TIME).id(id).value(5).build(),
                        Event.named("sale", TIME.plus(Duration.ofDays(1)))
                                .id(id)
                                .value(5)
                                .build()));
    }

    private long waitingBatches() {
        return memory.kpis().backlog(acme).batches();
    }

    private List<String> warnings() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("WARN") && line.contains(LogEvent.LOGGER))
                .toList();
    }

    @Test
    void theIngestIsAnsweredWithItsReceiptAndTheLogSaysWhatFailed() {
        IngestReceipt receipt = ingest("a");
        assertThat(away)
                .as("the database was away when the deltas were to be compacted")
                .isTrue();
        assertThat(receipt.accepted()).isEqualTo(2);
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(
                        "compaction_broken",
                        "org=acme",
                        "code=store_unavailable",
                        "error=io.smartdata.storage.StoreUnavailableException");
        away = false;
        assertThat(smartData.ingest(acme).receipt(receipt.id()).accepted()).isEqualTo(2);
        assertThat(ingest("a").duplicates()).isEqualTo(2);
    }

    @Test
    void aLaterIngestCompactsWhatWasLeft() {
        ingest("a");
        assertThat(waitingBatches()).isOne();
        assertThat(merged).isZero();
        leaves = away = false;
        IntStream.range(0, 20).forEach(i -> ingest("later-" + i));
        assertThat(merged).isPositive();
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void theNextCompactionLeavesNothingAndChangesNoFigure() {
        ingest("a");
        leaves = away = false;
        assertThat(smartData.kpis(acme).compact()).isPositive();
        assertThat(waitingBatches()).isZero();
        assertThat(smartData
                        .kpis(acme)
                        .series(KpiQuery.of("sale.sum").between(DAY, DAY.plusDays(1)))
                        .points())
                .singleElement()
                .satisfies(point -> assertThat(point.valueText()).isEqualTo("5"));
    }
}

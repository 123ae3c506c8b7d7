package io.smartdata.core.correction;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.SmartData;
import io.smartdata.core.deadletter.ReplayReport;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.IngestRefusedException;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.Event;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.RejectionCode;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventSelection;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a correction raw events and figures are what they would be had the events never come, or come like this at first. */
public abstract class RetractionContract {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 5, 4);

    private @Nullable Storage storage;
    private @Nullable SmartData opened;
    private OrgScope acme = scope("acme");

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        storage = newStorage();
        opened = SmartData.builder()
                .storage(storage)
                .kpis(KpiCatalog.of(
                        Kpi.sum("revenue").event("order_placed").dimension("country"),
                        Kpi.distinct("buyers").event("order_placed"),
                        Kpi.max("largest").event("order_placed")))
                .orgZone(ZoneId.of("America/New_York"))
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC))
                .build();
        acme = scope("acme");
    }

    @AfterEach
    final void close() {
        smartData().close();
    }

    private Storage storage() {
        return requireNonNull(storage);
    }

    private SmartData smartData() {
        return requireNonNull(opened);
    }

    private static OrgScope scope(String org) {
        return OrgScope.request(
                AccessPolicy.singleOperator(),
                Caller.of("tester"),
                OrgId.of(org),
                Permission.INGEST,
                Permission.VIEW,
                Permission.VIEW_SENSITIVE,
                Permission.EXPORT,
                Permission.OPERATE);
    }

    private static Event order(String id, long value, String buyer, String country, Instant time) {
        return Event.named("order_placed", time)
                .id(id)
                .source("shop")
                .value(value)
                .subject(buyer)
                .properties(Map.of("country", country))
                .build();
    }

    private static Event order(String id, long value) {
        return order(id, value, "anna", "DE", NOON);
    }

    private IngestReceipt ingest(Event... events) {
        return smartData().ingest(acme).events(List.of(events));
    }

    private Retraction retract(EventSelection selection) {
        return smartData().corrections(acme).retract(RetractRequest.of(selection));
    }

    private List<String> values(String kpi) {
        return smartData().kpis(acme).series(KpiQuery.of(kpi).between(DAY, DAY.plusDays(3))).points().stream()
                .map(point ->
                        point.start().atZone(ZoneId.of("America/New_York")).toLocalDate() + " " + point.valueText())
                .toList();
    }

    private List<String> stored() {
        StringWriter out = new StringWriter();
        smartData().exports(acme).events(EventRange.all(), ExportFormat.NDJSON, out);
        return out.toString().lines().toList();
    }

    private void assertProven() {
        Verification verification = smartData().kpis(acme).verify(CellRange.FIRST_DAY, CellRange.END);
        assertThat(verification.differences()).isEmpty();
    }

    @Test
    void aRetractedReceiptLeavesNothingBehind() {
        ingest(order("a", 10));
        IngestReceipt wrong = ingest(
                order("b", 500, "bert", "FR", NOON), order("c", 70, "carl", "DE", NOON.plus(Duration.ofDays(1))));

        Retraction done = retract(EventSelection.ofReceipt(wrong.id()));

        assertThat(done.events()).isEqualTo(2);
        assertThat(done.receipts()).isEqualTo(1);
        assertThat(done.names()).containsExactly("order_placed");
        assertThat(done.minOccurredAt()).isEqualTo(NOON);
        assertThat(values("revenue")).containsExactly("2026-05-04 10");
        assertThat(values("buyers")).contains("2026-05-04 1");
        assertThat(values("largest")).containsExactly("2026-05-04 10");
        assertThat(stored()).hasSize(1);
        assertProven();
    }

    @Test
    void aCorrectedFileLoadsAfterItsFirstVersionWasRetracted() {
        String wrong =
                "id,time,name,value,user_id\n1,2026-05-04T12:00:00Z,order_placed,99,anna\n2,2026-05-04T12:00:00Z,order_placed,1,bert\n";
        IngestOptions options =
                IngestOptions.strict(ReadOptions.defaults("shop")).withIdempotencyKey("may-4");
        IngestReceipt first = file(wrong, options);
        String right = wrong.replace(",99,", ",9,");
        assertThatThrownBy(() -> file(right, options))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("idempotency_key_reused"));
        assertThatThrownBy(() -> file(right, options.withIdempotencyKey(null)))
                .isInstanceOf(IngestRefusedException.class);

        retract(EventSelection.ofReceipt(first.id()));
        IngestReceipt second = file(right, options);

        assertThat(second.accepted()).isEqualTo(2);
        assertThat(values("revenue")).containsExactly("2026-05-04 10");
        assertProven();
    }

    private IngestReceipt file(String text, IngestOptions options) {
        return smartData()
                .ingest(acme)
                .input(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), options);
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() {
        IngestReceipt receipt = ingest(order("a", 10), order("b", 20));

        Retraction dry = smartData()
                .corrections(acme)
                .retract(RetractRequest.of(EventSelection.ofReceipt(receipt.id()))
                        .withDryRun(true)
                        .withTombstones(true));
        assertThat(dry.events()).isEqualTo(2);
        assertThat(dry.dryRun()).isTrue();
        assertThat(values("revenue")).containsExactly("2026-05-04 30");

        Retraction real = retract(EventSelection.ofReceipt(receipt.id()));
        assertThat(real)
                .usingRecursiveComparison()
                .ignoringFields("dryRun", "tombstones")
                .isEqualTo(dry);
        assertThat(ingest(order("a", 10)).accepted()).isEqualTo(1);
    }

    @Test
    void withTombstonesTheSameEventsStayAway() {
        ingest(order("a", 10), order("b", 20));
        smartData()
                .corrections(acme)
                .retract(RetractRequest.of(EventSelection.ofName("order_placed").withSubject("anna"))
                        .withTombstones(true));

        IngestReceipt again = ingest(order("a", 10), order("c", 5), order("b", 999));

        assertThat(again.outcomes())
                .extracting(EventOutcome::outcome)
                .containsExactly(Outcome.DUPLICATE, Outcome.ACCEPTED, Outcome.DUPLICATE);
        assertThat(values("revenue")).containsExactly("2026-05-04 5");
        assertProven();
    }

    @Test
    void whoeverTakesEventsBackIsWrittenDown() {
        IngestReceipt receipt = ingest(order("a", 10));
        retract(EventSelection.ofReceipt(receipt.id()));

        AuditRecord written =
                storage().audit().list(acme, AuditQuery.newest(10)).get(0);
        assertThat(written.caller()).isEqualTo(Caller.of("tester"));
        assertThat(written.entry().action()).isEqualTo(AuditAction.RETRACT);
        assertThat(written.entry().target()).isEqualTo("receipt " + receipt.id());
        assertThat(written.entry().detail().json()).contains("\"events\":1").doesNotContain("anna");
    }

    @Test
    void retractingTwiceDoesNothingTheSecondTime() {
        IngestReceipt receipt = ingest(order("a", 10));
        retract(EventSelection.ofReceipt(receipt.id()));

        Retraction again = retract(EventSelection.ofReceipt(receipt.id()));

        assertThat(again.events()).isZero();
        assertThat(again.cells()).isZero();
        assertProven();
    }

    @Test
    void anUnknownReceiptIsRefusedLikeThatOfAnotherOrg() {
        ingest(order("a", 10));
        IngestReceipt foreign = smartData().ingest(scope("bolt")).events(List.of(order("a", 10)));

        assertThat(refusal(foreign.id())).isEqualTo(refusal(UUID.randomUUID()));
        assertThat(smartData()
                        .kpis(scope("bolt"))
                        .series(KpiQuery.of("revenue").between(DAY, DAY.plusDays(1)))
                        .points())
                .hasSize(1);
    }

    private String refusal(UUID id) {
        try {
            retract(EventSelection.ofReceipt(id));
            throw new AssertionError("An unknown receipt was retracted");
        } catch (SmartDataException e) {
            return (e.code() + " " + e.getMessage()).replace(id.toString(), "ID");
        }
    }

    @Test
    void randomEventsRetractedLeaveTheFiguresOfTheOthers() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        List<IngestReceipt> receipts = new ArrayList<>();
        for (int batch = 0; batch < 30; batch++) {
            Event[] events = new Event[20];
            for (int i = 0; i < events.length; i++) {
                Instant time = NOON.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 40)));
                events[i] = order(
                        "e" + random.nextInt(2_000),
                        random.nextInt(100),
                        "buyer" + random.nextInt(10),
                        random.nextBoolean() ? "DE" : "FR",
                        time);
            }
            receipts.add(ingest(events));
            if (batch % 7 == 3) {
                smartData().kpis(acme).compact();
            }
            if (batch % 3 == 2) {
                IngestReceipt receipt = receipts.get(random.nextInt(receipts.size()));
                retract(EventSelection.ofReceipt(receipt.id()));
            }
            if (batch % 5 == 4) {
                Instant from = NOON.plus(Duration.ofDays(random.nextInt(40)));
                retract(EventSelection.ofSource("shop")
                        .withSubject("buyer" + random.nextInt(10))
                        .between(from, from.plus(Duration.ofDays(5))));
            }
        }
        Verification verification = smartData().kpis(acme).verify(CellRange.FIRST_DAY, CellRange.END);
        assertThat(verification.differences()).as("seed " + seed).isEmpty();
        assertThat(verification.events()).as("seed " + seed).isPositive();
    }

    @Test
    void atASourceThatCorrectsItselfTheLastVersionCounts() {
        smartData().sources(acme).declare("shop", ConflictPolicy.LAST_WINS);
        ingest(order("a", 10), order("b", 1, "bert", "FR", NOON));

        IngestReceipt better = ingest(order("a", 30, "carl", "FR", NOON), order("c", 2));

        assertThat(better.accepted()).isEqualTo(2);
        assertThat(better.replaced()).isEqualTo(1);
        assertThat(better.conflicts()).isZero();
        assertThat(values("revenue")).containsExactly("2026-05-04 33");
        assertThat(values("buyers")).contains("2026-05-04 3");
        assertThat(values("largest")).containsExactly("2026-05-04 30");
        assertThat(stored()).hasSize(3);
        assertThat(ingest(order("a", 30, "carl", "FR", NOON)).duplicates()).isEqualTo(1);
        assertProven();
    }

    @Test
    void ofSeveralVersionsInOneBatchTheLastCounts() {
        smartData().sources(acme).declare("shop", ConflictPolicy.LAST_WINS);
        ingest(order("a", 1));

        IngestReceipt receipt = ingest(order("a", 2), order("n", 7), order("a", 3), order("n", 8), order("a", 3));

        assertThat(values("revenue")).containsExactly("2026-05-04 11");
        assertThat(receipt.accepted()).isEqualTo(2);
        assertThat(receipt.duplicates()).isEqualTo(3);
        assertThat(stored()).hasSize(2);
        ingest(order("a", 2), order("n", 7), order("a", 3), order("n", 8), order("a", 3));
        assertThat(values("revenue")).containsExactly("2026-05-04 11");
        assertProven();
    }

    @Test
    void otherSourcesOfTheOrgGoOnToRejectConflicts() {
        smartData().sources(acme).declare("till", ConflictPolicy.LAST_WINS);
        ingest(order("a", 10));

        IngestReceipt receipt = ingest(order("a", 30));

        assertThat(receipt.conflicts()).isEqualTo(1);
        assertThat(values("revenue")).containsExactly("2026-05-04 10");
    }

    @Test
    void aStrictFileOfASourceThatCorrectsItselfReplacesItsEarlierVersion() {
        smartData().sources(acme).declare("shop", ConflictPolicy.LAST_WINS);
        String text =
                "id,time,name,value,user_id\n1,2026-05-04T12:00:00Z,order_placed,99,anna\n2,2026-05-04T12:00:00Z,order_placed,1,bert\n";
        IngestOptions options = IngestOptions.strict(ReadOptions.defaults("shop"));
        file(text, options);

        IngestReceipt dry = file(text.replace(",99,", ",9,"), options.withDryRun(true));
        assertThat(dry.accepted()).isEqualTo(1);
        assertThat(values("revenue")).containsExactly("2026-05-04 100");

        IngestReceipt second = file(text.replace(",99,", ",9,"), options);
        assertThat(second.accepted()).isEqualTo(1);
        assertThat(second.replaced()).isEqualTo(1);
        assertThat(second.duplicates()).isEqualTo(1);
        assertThat(values("revenue")).containsExactly("2026-05-04 10");
        assertProven();
    }

    @Test
    void anOrgWithDeclaredSourcesRefusesOthersAndKeepsTheirBytes() {
        ingest(order("a", 1));
        smartData().sources(acme).declare("till", ConflictPolicy.REJECT);
        smartData().sources(acme).requireDeclared(true);

        IngestReceipt receipt = ingest(order("b", 2));
        assertThat(receipt.rejectedByCode()).containsEntry(RejectionCode.UNKNOWN_SOURCE, 1L);
        UUID letter = requireNonNull(receipt.outcomes().get(0).deadLetterId());
        assertThat(values("revenue")).containsExactly("2026-05-04 1");

        smartData().sources(acme).declare("shop", ConflictPolicy.REJECT);
        ReplayReport replayed = smartData().deadLetters(acme).replay(letter);
        assertThat(replayed.accepted()).isEqualTo(1);
        assertThat(values("revenue")).containsExactly("2026-05-04 3");
    }

    @Test
    void equalRowsOfAnUndeclaredSourceAreKeptAndReplayedEachOnItsOwn() {
        ingest(order("a", 1));
        smartData().sources(acme).requireDeclared(true);
        String rows = "time,name,value\n" + "2026-05-04T12:00:00Z,order_placed,7\n".repeat(3)
                + "2026-05-04T12:00:00Z,order_placed,9\n";
        IngestReceipt refused = file(rows, IngestOptions.lenient(ReadOptions.defaults("kiosk")));
        assertThat(refused.outcomes())
                .extracting(EventOutcome::deadLetterId)
                .doesNotHaveDuplicates()
                .hasSize(4);

        smartData().sources(acme).declare("kiosk", ConflictPolicy.REJECT);
        refused.outcomes()
                .forEach(outcome -> smartData().deadLetters(acme).replay(requireNonNull(outcome.deadLetterId())));

        assertThat(values("revenue")).containsExactly("2026-05-04 31");
        assertThat(file(rows, IngestOptions.lenient(ReadOptions.defaults("kiosk")))
                        .duplicates())
                .isEqualTo(4);
    }

    @Test
    void aStrictFileFromAnUndeclaredSourceIsRefusedWhole() {
        ingest(order("a", 1));
        smartData().sources(acme).requireDeclared(true);
        assertThatThrownBy(() -> file(
                        "id,time,name,value\n1,2026-05-04T12:00:00Z,order_placed,99\n",
                        IngestOptions.strict(ReadOptions.defaults("shop"))))
                .isInstanceOf(IngestRefusedException.class)
                .hasMessageContaining("declared");
        assertThat(stored()).hasSize(1);
    }

    @Test
    void withoutOperateNothingIsTakenBack() {
        OrgScope viewer = OrgScope.request(
                AccessPolicy.singleOperator(),
                Caller.of("viewer"),
                OrgId.of("acme"),
                Permission.VIEW,
                Permission.INGEST);
        assertThatThrownBy(() -> smartData().corrections(viewer))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        assertThatThrownBy(() -> smartData().sources(viewer).declare("shop", ConflictPolicy.REJECT))
                .isInstanceOf(SmartDataException.class);
        assertThatThrownBy(() -> smartData().sources(viewer).requireDeclared(true))
                .isInstanceOf(SmartDataException.class);
    }
}

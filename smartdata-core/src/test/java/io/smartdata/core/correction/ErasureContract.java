package io.smartdata.core.correction;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.SmartData;
import io.smartdata.core.deadletter.ReplayRequest;
import io.smartdata.core.event.EventQuery;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.Identity;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.event.Event;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
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
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After an erasure nothing tells of the subject, and figures are what they would be without it. */
public abstract class ErasureContract {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final String BATCH = """
            {"id":"a","name":"paid","time":"2026-05-04T12:00:00Z","value":10,"user_id":"anna"}
            {"id":"b","name":"paid","time":"2026-05-04T12:00:00Z","value":20,"user_id":"bert"}
            {"id":"bad-anna","name":"paid","time":"never","value":1,"user_id":"anna"}
            {"id":"bad-bert","name":"paid","time":"never","value":1,"user_id":"bert"}
            {"id":"torn","user_id":"anna",
            {"id":"torn","user_id":"annabel",
            """;

    private @Nullable SmartData opened;
    private OrgScope acme = scope("acme");

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        opened = SmartData.builder()
                .storage(newStorage())
                .kpis(KpiCatalog.of(
                        Kpi.sum("revenue").event("paid"),
                        Kpi.distinct("buyers").event("paid"),
                        Kpi.max("largest").event("paid")))
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
                Permission.VIEW_SUBJECTS,
                Permission.EXPORT,
                Permission.OPERATE);
    }

    private IngestReceipt batch() {
        return smartData()
                .ingest(acme)
                .batch(
                        BATCH.getBytes(StandardCharsets.UTF_8),
                        IngestOptions.lenient(ReadOptions.defaults("shop").withIdentity(Identity.CLIENT))
                                .withIdempotencyKey("key"));
    }

    private Erasure erase(String subject) {
        return smartData().corrections(acme).erase(EraseRequest.of(subject, "ticket 4711"));
    }

    private List<String> values(String kpi) {
        LocalDate day = LocalDate.of(2026, 5, 1);
        return smartData().kpis(acme).series(KpiQuery.of(kpi).between(day, day.plusDays(31))).points().stream()
                .map(KpiPoint::valueText)
                .toList();
    }

    private void assertProven() {
        assertThat(smartData()
                        .kpis(acme)
                        .verify(CellRange.FIRST_DAY, CellRange.END)
                        .differences())
                .isEmpty();
    }

    /** All that is kept of the org, as far as somebody who may see everything can see it. */
    private String everything(IngestReceipt... receipts) {
        StringBuilder all = new StringBuilder();
        StringWriter exported = new StringWriter();
        smartData().exports(acme).events(EventRange.all(), ExportFormat.NDJSON, exported);
        all.append(exported);
        smartData()
                .deadLetters(acme)
                .list(DeadLetterQuery.any(1000))
                .forEach(letter -> all.append(letter)
                        .append(new String(
                                smartData().deadLetters(acme).payload(letter.id()), StandardCharsets.UTF_8)));
        for (IngestReceipt receipt : receipts) {
            all.append(ReceiptJson.write(smartData().ingest(acme).receipt(receipt.id())));
        }
        all.append(smartData().audit(acme).list(AuditQuery.newest(1000)));
        all.append(smartData()
                .events(acme)
                .arrivals(EventQuery.of(StoredEventFilter.any(), 1000))
                .events());
        return all.toString();
    }

    @Test
    void eventsDeadLettersAndWhatReceiptsSayOfThemGo() {
        IngestReceipt receipt = batch();
        assertThat(everything(receipt)).contains("\"anna\"").contains("bad-anna");

        Erasure done = erase("anna");

        assertThat(done.events()).isEqualTo(1);
        assertThat(done.deadLetters()).as("one that is torn among them").isEqualTo(2);
        assertThat(done.receipts()).isEqualTo(1);
        assertThat(done.frozenEvents()).isZero();
        assertThat(done.sources()).containsExactly("shop");
        assertThat(done.minOccurredAt()).isEqualTo(NOON);
        assertThat(everything(receipt))
                .doesNotContain("\"anna\"")
                .doesNotContain("bad-anna")
                .doesNotContain("subject=anna")
                .contains("annabel")
                .contains("bad-bert");
        IngestReceipt left = smartData().ingest(acme).receipt(receipt.id());
        assertThat(left.received()).isEqualTo(receipt.received());
        assertThat(left.outcomesTruncated()).isTrue();
        assertThat(values("revenue")).containsExactly("20");
        assertThat(values("buyers")).containsExactly("1");
        assertProven();
    }

    @Test
    void neitherARetryNorAReplayBringsTheEventsBack() {
        batch();
        erase("anna");
        IngestReceipt again = batch();
        assertThat(again.outcomes())
                .as("the events that were stored are duplicates to their sender")
                .filteredOn(outcome -> outcome.outcome() == Outcome.ACCEPTED)
                .isEmpty();
        erase("anna");
        smartData().deadLetters(acme).replay(ReplayRequest.of(DeadLetterFilter.open()));
        IngestReceipt other = smartData()
                .ingest(acme)
                .events(List.of(Event.named("paid", NOON)
                        .id("a")
                        .source("shop")
                        .subject("anna")
                        .value(77)
                        .build()));
        assertThat(other.outcomes()).extracting(EventOutcome::outcome).containsExactly(Outcome.DUPLICATE);
        assertThat(smartData()
                        .subjects(acme)
                        .profile("anna", LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 1))
                        .events())
                .isZero();
        assertThat(values("revenue")).containsExactly("20");
        assertProven();
    }

    @Test
    void underTheSameNameNewEventsMayCome() {
        batch();
        erase("anna");
        IngestReceipt fresh = smartData()
                .ingest(acme)
                .events(List.of(Event.named("paid", NOON)
                        .id("new")
                        .source("shop")
                        .subject("anna")
                        .value(1)
                        .build()));
        assertThat(fresh.accepted()).isEqualTo(1);
    }

    @Test
    void aDryRunSaysTheSameAndDoesNothing() {
        IngestReceipt receipt = batch();
        Erasure dry = smartData()
                .corrections(acme)
                .erase(EraseRequest.of("anna", "ticket").withDryRun(true));
        assertThat(dry.dryRun()).isTrue();
        assertThat(everything(receipt)).contains("bad-anna");
        assertThat(values("revenue")).containsExactly("30");
        assertThat(erase("anna"))
                .usingRecursiveComparison()
                .ignoringFields("dryRun")
                .isEqualTo(dry);
    }

    @Test
    void theLogKnowsTheSubjectByAHashOfItsOrg() {
        batch();
        Erasure done = erase("anna");
        AuditRecord record = smartData().audit(acme).list(AuditQuery.newest(1)).get(0);
        assertThat(record.entry().action()).isEqualTo(AuditAction.ERASE);
        assertThat(record.entry().target()).isEqualTo("subject " + done.subjectHash());
        assertThat(record.entry().detail().json()).contains("ticket 4711").doesNotContain("anna");
        assertThat(erase("anna").subjectHash()).isEqualTo(done.subjectHash());
        smartData()
                .ingest(scope("globex"))
                .events(List.of(
                        Event.named("paid", NOON).id("x").subject("anna").build()));
        assertThat(smartData()
                        .corrections(scope("globex"))
                        .erase(EraseRequest.of("anna", ""))
                        .subjectHash())
                .isNotEqualTo(done.subjectHash());
    }

    @Test
    void anErasureReachesNoOtherOrg() {
        batch();
        smartData()
                .ingest(scope("globex"))
                .events(List.of(
                        Event.named("paid", NOON).id("x").subject("anna").build()));
        assertThat(smartData()
                        .corrections(scope("globex"))
                        .erase(EraseRequest.of("anna", ""))
                        .events())
                .isEqualTo(1);
        assertThat(erase("anna").events()).isEqualTo(1);
    }

    @Test
    void aNoteThatNamesTheSubjectAndASubjectThatCannotBeAreRefused() {
        batch();
        for (EraseRequest request : List.of(
                EraseRequest.of("anna", "on behalf of Anna"),
                EraseRequest.of("", "ticket"),
                EraseRequest.of("nul\0", "ticket"))) {
            assertThatThrownBy(() -> smartData().corrections(acme).erase(request))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_request"));
        }
        assertThat(values("revenue")).containsExactly("30");
    }

    @Test
    void figuresAreThoseOfTheOthersWhateverTheSubjectDid() {
        long seed = 20261121;
        Random random = new Random(seed);
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(Event.named(
                            random.nextBoolean() ? "paid" : "seen", NOON.plus(Duration.ofHours(random.nextInt(200))))
                    .id("e" + i)
                    .source(random.nextBoolean() ? "shop" : "app")
                    .subject("sub-" + random.nextInt(5))
                    .value(random.nextInt(1000))
                    .build());
        }
        smartData().ingest(acme).events(all);
        OrgScope twin = scope("twin");
        smartData()
                .ingest(twin)
                .events(all.stream()
                        .filter(event -> !"sub-2".equals(event.subject()))
                        .toList());
        erase("sub-2");
        for (String kpi : List.of("revenue", "buyers", "largest", "seen.count", "seen.distinct")) {
            KpiQuery query = KpiQuery.of(kpi).between(LocalDate.of(2026, 5, 1), LocalDate.of(2026, 6, 1));
            assertThat(smartData().kpis(acme).series(query).points())
                    .as("%s, seed %d", kpi, seed)
                    .isEqualTo(smartData().kpis(twin).series(query).points());
        }
        assertProven();
    }
}

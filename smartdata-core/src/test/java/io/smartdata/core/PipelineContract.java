package io.smartdata.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.smartdata.SmartDataException;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.Identity;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.IngestRefusedException;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.InvalidInputException;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.kpi.CompactionRun;
import io.smartdata.core.kpi.DefinedKpi;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.RejectionCode;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events in, provable KPIs out, on whatever storage. Needs JUnit and AssertJ. */
public abstract class PipelineContract {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC);
    private static final String CSV = """
            id,time,name,value,user_id,country
            a,2026-03-01T10:00:00Z,order_placed,10.10,u1,DE
            b,2026-03-01T11:00:00Z,order_placed,0.20,u2,US
            c,2026-03-02T00:00:00Z,order_placed,5,u1,DE
            """;

    private final List<SmartData> opened = new ArrayList<>();
    private @Nullable Storage storage;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void makeStorage() throws Exception {
        storage = newStorage();
    }

    @AfterEach
    final void close() {
        opened.forEach(SmartData::close);
    }

    private SmartData.Builder builder() {
        return SmartData.builder()
                .storage(requireNonNull(storage))
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(CLOCK);
    }

    private SmartData open(SmartData.Builder builder) {
        SmartData smartData = builder.build();
        opened.add(smartData);
        return smartData;
    }

    private SmartData open() {
        return open(builder());
    }

    private static OrgScope org(SmartData smartData, String name) {
        return smartData
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of(name),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.OPERATE,
                        Permission.EXPORT,
                        Permission.VIEW_SENSITIVE);
    }

    private static Input text(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static IngestOptions strict() {
        return IngestOptions.strict(ReadOptions.defaults("shop"));
    }

    private static IngestOptions lenient() {
        return IngestOptions.lenient(ReadOptions.defaults("shop"));
    }

    /** Every KPI point of the org as text, sources kept apart. */
    private static String kpis(SmartData smartData, OrgScope scope) {
        return smartData.kpis(scope).names().stream()
                .flatMap(name -> smartData
                        .kpis(scope)
                        .series(KpiQuery.of(name)
                                .between(CellRange.FIRST_DAY, CellRange.END)
                                .keepSources())
                        .points()
                        .stream()
                        .map(point -> name + " " + line(point)))
                .collect(Collectors.joining("\n"));
    }

    private static String line(KpiPoint point) {
        return "%s %s %s %s %d"
                .formatted(point.bucket(), point.source(), point.dimension(), point.valueText(), point.events());
    }

    private static List<String> points(SmartData smartData, OrgScope scope, String kpi) {
        return smartData
                .kpis(scope)
                .series(KpiQuery.of(kpi).between(CellRange.FIRST_DAY, CellRange.END))
                .points()
                .stream()
                .map(point -> point.bucket() + "=" + point.valueText())
                .toList();
    }

    private static Verification verify(SmartData smartData, OrgScope scope) {
        return smartData.kpis(scope).verify(CellRange.FIRST_DAY, CellRange.END);
    }

    private static void assertCounts(
            IngestReceipt receipt, long accepted, long duplicates, long conflicts, long rejected) {
        assertThat(List.of(receipt.accepted(), receipt.duplicates(), receipt.conflicts(), receipt.rejected()))
                .as("accepted, duplicates, conflicts, rejected")
                .containsExactly(accepted, duplicates, conflicts, rejected);
    }

    @Test
    void aFileBecomesEventsAndKpis() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        IngestReceipt receipt = smartData.ingest(acme).input(text(CSV), strict());
        assertCounts(receipt, 3, 0, 0, 0);
        assertThat(receipt.identity()).isEqualTo("client");
        assertThat(receipt.minOccurredAt()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(receipt.maxOccurredAt()).isEqualTo("2026-03-02T00:00:00Z");
        assertThat(receipt.names()).containsExactly("order_placed");
        assertThat(points(smartData, acme, "order_placed.sum")).containsExactly("2026-03-01=10.3", "2026-03-02=5");
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=2", "2026-03-02=1");
        assertThat(points(smartData, acme, "order_placed.avg")).containsExactly("2026-03-01=5.15", "2026-03-02=5");
        assertThat(points(smartData, acme, "order_placed.distinct")).containsExactly("2026-03-01=2", "2026-03-02=1");
        assertThat(verify(smartData, acme).clean()).isTrue();
    }

    @Test
    void theSameFileAgainAddsNothing() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        String before = kpis(smartData, acme);
        assertCounts(smartData.ingest(acme).input(text(CSV), strict()), 0, 3, 0, 0);
        assertCounts(smartData.ingest(acme).input(text(CSV), lenient()), 0, 3, 0, 0);
        assertThat(kpis(smartData, acme)).isEqualTo(before);
    }

    @Test
    void everyFormatGivesTheSameKpis() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String json = """
                [{"id":"a","time":"2026-03-01T10:00:00Z","name":"order_placed","value":10.10,"user_id":"u1","country":"DE"},
                 {"id":"b","time":"2026-03-01T12:00:00+01:00","name":"order_placed","value":0.2,"user_id":"u2","country":"US"},
                 {"id":"c","time":"2026-03-02T00:00:00Z","name":"order_placed","value":5.0,"user_id":"u1","country":"DE"}]
                """;
        String ndjson = json.replaceAll("(?m)^ ?\\[?(\\{.*\\})[,\\]]$", "$1");
        smartData.ingest(acme).input(text(CSV), strict());
        for (String same : List.of(json, ndjson, "{\"events\":" + json + "}", CSV.replace(",", "\t"))) {
            assertCounts(smartData.ingest(acme).input(text(same), strict()), 0, 3, 0, 0);
        }
        for (String other : List.of(json, ndjson)) {
            OrgScope globex = org(smartData, "globex-" + other.hashCode());
            smartData.ingest(globex).input(text(other), strict());
            assertThat(kpis(smartData, globex)).isEqualTo(kpis(smartData, acme));
        }
    }

    @Test
    void aStrictFileWithOneBadRowStoresNothing() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String bad = CSV + "d,yesterday,order_placed,1,u1,DE\n";
        assertThatThrownBy(() -> smartData.ingest(acme).input(text(bad), strict()))
                .isInstanceOfSatisfying(IngestRefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("invalid_time");
                    assertThat(refused.badRowCount()).isEqualTo(1);
                    assertThat(refused.badRows().get(0).row()).isEqualTo(5);
                    assertThat(requireNonNull(refused.badRows().get(0).rejection())
                                    .field())
                            .isEqualTo("time");
                });
        assertUnknown(smartData, acme);
    }

    /** Not even the org was created. */
    private static void assertUnknown(SmartData smartData, OrgScope scope) {
        for (Runnable question : List.<Runnable>of(
                () -> smartData.kpis(scope).names(),
                () -> smartData.deadLetters(scope).list(DeadLetterQuery.open(10)),
                () -> smartData.exports(scope).events(EventRange.all(), ExportFormat.CSV, new StringWriter()),
                () -> smartData
                        .exports(scope)
                        .kpis(null, CellRange.FIRST_DAY, CellRange.END, ExportFormat.CSV, new StringWriter()),
                () -> smartData
                        .exports(scope)
                        .anomalies(CellRange.FIRST_DAY, CellRange.END, ExportFormat.CSV, new StringWriter()),
                () -> smartData.exports(scope).forecasts(ExportFormat.CSV, new StringWriter()))) {
            assertThatThrownBy(question::run)
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
        }
    }

    @Test
    void aConflictFailsAStrictFileAndADuplicateDoesNot() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        String changed = CSV.replace("10.10", "99") + "d,2026-03-03,order_placed,1,u1,DE\n";
        assertThatThrownBy(() -> smartData.ingest(acme).input(text(changed), strict()))
                .isInstanceOfSatisfying(
                        IngestRefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("id_conflict"));
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=2", "2026-03-02=1");
    }

    @Test
    void aLenientFileKeepsTheGoodRowsAndTheBytesOfTheBad() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String badTime = "d,yesterday,order_placed,1,u1,\"D\nE\"";
        String badValue = "e,2026-03-03,order_placed,\"1,5\",u1,DE";
        String conflict = "a,2026-03-01T10:00:00Z,order_placed,11,u1,DE";
        IngestReceipt receipt =
                smartData.ingest(acme).input(text(CSV + badTime + "\n" + badValue + "\n" + conflict + "\n"), lenient());
        assertCounts(receipt, 3, 0, 1, 2);
        assertThat(receipt.rejectedByCode())
                .isEqualTo(Map.of(
                        RejectionCode.INVALID_TIME, 1L,
                        RejectionCode.INVALID_VALUE, 1L,
                        RejectionCode.ID_CONFLICT, 1L));
        assertThat(receipt.outcomes()).extracting(EventOutcome::row).containsExactly(5L, 7L, 8L);
        List<DeadLetter> letters = smartData.deadLetters(acme).list(DeadLetterQuery.open(10));
        assertThat(letters)
                .extracting(letter ->
                        new String(smartData.deadLetters(acme).payload(letter.id()), StandardCharsets.UTF_8).strip())
                .containsExactly(badTime, badValue, conflict);
        assertThat(points(smartData, acme, "order_placed.sum")).containsExactly("2026-03-01=10.3", "2026-03-02=5");
        assertThat(verify(smartData, acme).clean()).isTrue();
    }

    @Test
    void aBadFileReadAgainMakesNoNewDeadLetters() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String conflict = "a,2026-03-01T10:00:00Z,order_placed,11,u1,DE\n";
        String bad = CSV + "d,yesterday,order_placed,1,u1,DE\n" + conflict;
        smartData.ingest(acme).input(text(bad), lenient());
        List<DeadLetter> letters = smartData.deadLetters(acme).list(DeadLetterQuery.open(10));
        IngestReceipt again = smartData.ingest(acme).input(text(bad), lenient());
        assertThat(again.outcomes())
                .extracting(EventOutcome::deadLetterId)
                .containsExactlyInAnyOrderElementsOf(
                        letters.stream().map(DeadLetter::id).toList());
        assertThat(smartData.deadLetters(acme).list(DeadLetterQuery.any(10))).hasSize(2);
        String twice = "time,value\nnever,1\nnever,1\n";
        IngestOptions named = IngestOptions.lenient(ReadOptions.defaults("till").withDefaultName("sale"));
        smartData.ingest(acme).input(text(twice), named);
        smartData.ingest(acme).input(text(twice), named);
        assertThat(smartData.deadLetters(acme).list(DeadLetterQuery.any(10)))
                .as("equal rows are letters of their own")
                .hasSize(4);
    }

    @Test
    void aFixedDeadLetterIsReplayedOnce() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String bad = "d,yesterday,order_placed,1,u1,DE";
        smartData.ingest(acme).input(text(CSV + bad + "\n"), lenient());
        DeadLetter letter =
                smartData.deadLetters(acme).list(DeadLetterQuery.open(10)).get(0);
        assertThat(smartData.deadLetters(acme).replay(letter.id()).failedByCode())
                .containsOnlyKeys(RejectionCode.INVALID_TIME);
        byte[] fixed = bad.replace("yesterday", "2026-03-02").getBytes(StandardCharsets.UTF_8);
        assertThat(smartData.deadLetters(acme).replay(letter.id(), fixed).accepted())
                .isEqualTo(1);
        assertThat(smartData.deadLetters(acme).replay(letter.id(), fixed, false).settledBefore())
                .isEqualTo(1);
        DeadLetter settled = smartData.deadLetters(acme).get(letter.id());
        assertThat(settled.status()).isEqualTo(DeadLetter.Status.REPLAYED);
        assertThat(settled.attempts()).isEqualTo(2);
        assertThat(points(smartData, acme, "order_placed.sum")).containsExactly("2026-03-01=10.3", "2026-03-02=6");
        assertThat(verify(smartData, acme).clean()).isTrue();
    }

    @Test
    void rowsWithoutIdsAreCountedAsOftenAsTheyOccurAndNoMore() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String header = "time,value\n";
        String rows = "2026-03-01T10:00:00Z,1\n2026-03-01T10:00:00Z,1\n2026-03-02,7\n";
        IngestOptions named = IngestOptions.strict(ReadOptions.defaults("till").withDefaultName("sale"));
        assertCounts(smartData.ingest(acme).input(text(header + rows), named), 3, 0, 0, 0);
        assertCounts(smartData.ingest(acme).input(text(header + rows), named), 0, 3, 0, 0);
        String appended = header + "2026-03-02,8\n" + rows + "2026-03-01T10:00:00Z,1\n";
        assertCounts(smartData.ingest(acme).input(text(appended), named), 2, 3, 0, 0);
        assertThat(points(smartData, acme, "sale.sum")).containsExactly("2026-03-01=3", "2026-03-02=15");
    }

    @Test
    void aNaturalKeyTurnsACorrectionIntoAConflict() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        IngestOptions natural = IngestOptions.lenient(
                ReadOptions.defaults("till").withDefaultName("sale").withIdentity(Identity.NATURAL));
        assertCounts(smartData.ingest(acme).input(text("time,value\n2026-03-01,1\n"), natural), 1, 0, 0, 0);
        assertCounts(
                smartData.ingest(acme).input(text("time,value\n2026-03-01,1\n2026-03-01,2\n"), natural), 0, 1, 1, 0);
    }

    @Test
    void shufflingAndSplittingChangeNoByteOfTheKpis() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        List<String> rows = IntStream.range(0, 2000)
                .mapToObj(i ->
                        "{\"id\":\"e%d\",\"time\":\"%s\",\"name\":\"n%d\",\"value\":%d.%03d,\"user_id\":\"u%d\",\"source\":\"s%d\"}"
                                .formatted(
                                        i,
                                        Instant.ofEpochSecond(1_767_225_600L + random.nextInt(10_000_000)),
                                        random.nextInt(3),
                                        random.nextInt(1_000_000) - 500_000,
                                        random.nextInt(1000),
                                        random.nextInt(900),
                                        random.nextInt(2)))
                .collect(Collectors.toCollection(ArrayList::new));
        SmartData smartData =
                open(builder().ingestSettings(new IngestSettings(100, 1 << 20, 1000, 1 << 20, 5000, 10, 50)));
        OrgScope whole = org(smartData, "whole");
        smartData.ingest(whole).input(text(String.join("\n", rows)), strict());
        String expected = kpis(smartData, whole);
        for (int round = 0; round < 3; round++) {
            Collections.shuffle(rows, random);
            OrgScope split = org(smartData, "split-" + round);
            for (int from = 0; from < rows.size(); from += 700) {
                List<String> part = rows.subList(Math.max(0, from - 50), Math.min(rows.size(), from + 700));
                smartData.ingest(split).input(text(String.join("\n", part)), round == 0 ? strict() : lenient());
            }
            if (round == 2) {
                smartData.kpis(split).compact();
            }
            assertThat(kpis(smartData, split))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
            assertThat(verify(smartData, split).clean()).isTrue();
        }
    }

    @Test
    void maintenanceCompactsEveryOrgAndChangesNoFigure() {
        SmartData smartData = open();
        OrgScope large = org(smartData, "large");
        OrgScope small = org(smartData, "small");
        for (int i = 0; i < 100; i++) {
            smartData.ingest(large).input(text(CSV.replaceAll("\n(.),", "\n$1-" + i + ",")), strict());
        }
        smartData.ingest(small).input(text(CSV), strict());
        String before = kpis(smartData, large) + kpis(smartData, small);
        CompactionRun none = smartData.maintenance().compact(Duration.ZERO);
        assertThat(none).isEqualTo(new CompactionRun(2, 0, 0, false));
        CompactionRun run = smartData.maintenance().compact(Duration.ofMinutes(1));
        assertThat(run).isEqualTo(new CompactionRun(2, 404, 0, true));
        assertThat(kpis(smartData, large) + kpis(smartData, small)).isEqualTo(before);
        assertThat(verify(smartData, large).clean()).isTrue();
        assertThat(smartData.maintenance().compact(Duration.ofMinutes(1))).isEqualTo(new CompactionRun(0, 0, 0, true));
    }

    @Test
    void upkeepOfTheStorageChangesNoFigure() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        String before = kpis(smartData, acme);
        assertThat(smartData.maintenance().storage().complete()).isTrue();
        assertThat(kpis(smartData, acme)).isEqualTo(before);
        assertThat(verify(smartData, acme).clean()).isTrue();
        assertThat(smartData.ingest(acme).input(text(CSV), strict()).accepted()).isZero();
        assertThat(smartData.maintenance().storage().partitions()).isEmpty();
    }

    @Test
    void aLateEventChangesOnlyItsOwnDay() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        smartData.kpis(acme).compact();
        Event late = Event.named("order_placed", Instant.parse("2026-03-01T00:00:00Z"))
                .id("late")
                .source("shop")
                .value(100)
                .build();
        smartData.ingest(acme).events(List.of(late));
        assertThat(points(smartData, acme, "order_placed.sum")).containsExactly("2026-03-01=110.3", "2026-03-02=5");
        assertThat(verify(smartData, acme).clean()).isTrue();
    }

    @Test
    void daysAreThoseOfTheOrgsZone() {
        SmartData smartData = open(builder().orgZone(ZoneId.of("America/New_York")));
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=3");
        smartData.kpis(acme).changeZone(ZoneId.of("Pacific/Kiritimati"));
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-02=3");
        assertThat(verify(smartData, acme).clean()).isTrue();
        smartData.ingest(acme).input(text(CSV.replace("\na,", "\nz,")), lenient());
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-02=4");
    }

    @Test
    void rebuildGivesTheSameBytes() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        String before = kpis(smartData, acme);
        assertThat(smartData
                        .kpis(acme)
                        .rebuild(CellRange.FIRST_DAY, CellRange.END)
                        .clean())
                .isTrue();
        assertThat(kpis(smartData, acme)).isEqualTo(before);
        assertThat(verify(smartData, acme).clean()).isTrue();
    }

    @Test
    void declaredKpisAreFilledFromHistoryWhenTheyAreActivated() {
        SmartData plain = open();
        OrgScope acme = org(plain, "acme");
        plain.ingest(acme).input(text(CSV), strict());
        KpiCatalog catalog = KpiCatalog.of(
                Kpi.sum("revenue").event("order_*").dimension("country"),
                Kpi.distinct("buyers").event("order_placed"),
                Kpi.count("orders_per_hour").event("order_placed").grain(Grain.HOUR));
        SmartData declared = open(builder().kpis(catalog));
        assertThat(points(declared, acme, "revenue")).containsExactly("2026-03-01=10.3", "2026-03-02=5");
        assertThat(declared.kpis(acme)
                        .series(KpiQuery.of("revenue")
                                .between(CellRange.FIRST_DAY, CellRange.END)
                                .dimension("country"))
                        .points())
                .extracting(point -> point.bucket() + " " + point.dimension() + " " + point.valueText())
                .containsExactlyInAnyOrder("2026-03-01 DE 10.1", "2026-03-01 US 0.2", "2026-03-02 DE 5");
        assertThat(declared.kpis(acme)
                        .series(KpiQuery.of("buyers")
                                .between(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 4, 1))
                                .grain(Grain.MONTH))
                        .points())
                .extracting(KpiPoint::valueText)
                .as("distinct over a month is not the sum of days")
                .containsExactly("2");
        assertThat(verify(declared, acme).clean()).isTrue();
        plain.ingest(acme)
                .events(List.of(Event.named("order_placed", Instant.parse("2026-03-02T05:00:00Z"))
                        .id("n")
                        .value(1)
                        .build()));
        assertThat(points(declared, acme, "revenue"))
                .as("a process that was started before folds with the new definitions")
                .containsExactly("2026-03-01=10.3", "2026-03-02=6");
        assertThat(verify(declared, acme).clean()).isTrue();
    }

    @Test
    void definitionsAreWhatIsDeclaredAndWhatCountsByItself() {
        SmartData smartData = open(builder()
                .kpis(KpiCatalog.of(
                        Kpi.count("zeal").event("never"), Kpi.sum("cash").event("order_placed"))));
        OrgScope acme = org(smartData, "acme");
        smartData
                .ingest(acme)
                .events(List.of(
                        Event.named("order_placed", Instant.parse("2026-03-02T05:00:00Z"))
                                .id("1")
                                .value(1)
                                .build(),
                        Event.named("login", Instant.parse("2026-03-02T05:00:00Z"))
                                .id("2")
                                .build()));
        assertThat(smartData.kpis(acme).definitions())
                .extracting(
                        defined -> defined.kpi().name(),
                        defined -> defined.kpi().automatic(),
                        DefinedKpi::hasData)
                .containsExactly(
                        tuple("cash", false, true),
                        tuple("login.avg", true, true),
                        tuple("login.count", true, true),
                        tuple("login.sum", true, true),
                        tuple("zeal", false, false));
    }

    @Test
    void nothingIsDerivedFromANameThatNoEventCountsIn() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        LocalDate from = LocalDate.of(2026, 3, 1);
        for (ThrowingCallable derive : List.<ThrowingCallable>of(
                () -> smartData.anomalies(acme).detect("madeup.sum", from, from.plusDays(9)),
                () -> smartData.forecasts(acme).forecast("madeup.sum", 7),
                () -> smartData.forecasts(acme).update("madeup.sum", 7),
                () -> smartData.forecasts(acme).reestimate("madeup.sum", 7))) {
            assertThatThrownBy(derive)
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_kpi"));
        }
        assertThat(smartData.forecasts(acme).latest()).isEmpty();
        assertThat(smartData.freshness(acme).derived()).isEmpty();
        assertThat(smartData
                        .anomalies(acme)
                        .detect(
                                "order_placed.sum",
                                from.plusYears(20),
                                from.plusYears(20).plusDays(1)))
                .isEmpty();
    }

    @Test
    void pagesOfTheOverviewAddUpToTheDailyTotalsOfAllKpisWithData() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        Period ever = Period.ofYears(100);
        List<KpiSeries> all = smartData.kpis(acme).overview(ever, null, 1000);
        assertThat(all)
                .extracting(series -> series.kpi().name())
                .isEqualTo(smartData.kpis(acme).names());
        assertThat(all).allSatisfy(series -> {
            assertThat(series.grain()).isEqualTo(Grain.DAY);
            assertThat(series.dataFreshAsOf()).isEqualTo(all.get(0).dataFreshAsOf());
            assertThat(series.points().stream()
                            .filter(point -> point.events() > 0)
                            .map(point -> point.bucket() + "=" + point.valueText()))
                    .isEqualTo(points(smartData, acme, series.kpi().name()));
        });
        List<String> paged = new ArrayList<>();
        String after = null;
        List<KpiSeries> page;
        do {
            page = smartData.kpis(acme).overview(ever, after, 2);
            page.forEach(series -> paged.add(series.kpi().name()));
            after = page.isEmpty() ? null : page.get(page.size() - 1).kpi().name();
        } while (after != null);
        assertThat(paged).isEqualTo(smartData.kpis(acme).names());
    }

    @Test
    void aDryRunCountsAndStoresNothing() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        String more = CSV + "d,2026-03-03,order_placed,1,u1,DE\ne,never,order_placed,1,u1,DE\n";
        IngestReceipt receipt =
                smartData.ingest(acme).input(text(more), lenient().withDryRun(true));
        assertThat(receipt.dryRun()).isTrue();
        assertCounts(receipt, 1, 3, 0, 1);
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=2", "2026-03-02=1");
        assertThat(smartData.deadLetters(acme).list(DeadLetterQuery.open(10))).isEmpty();
        OrgScope newOrg = org(smartData, "new");
        assertCounts(smartData.ingest(newOrg).input(text(more), lenient().withDryRun(true)), 4, 0, 0, 1);
        assertUnknown(smartData, newOrg);
    }

    @Test
    void aValidatedFileIsCheckedBeforeAnythingIsStored() {
        SmartData smartData = open(builder().ingestSettings(new IngestSettings(2, 1 << 20, 100, 1 << 20, 2, 10, 100)));
        OrgScope acme = org(smartData, "acme");
        assertThatThrownBy(() -> smartData
                        .ingest(acme)
                        .input(text(CSV + "d,never,order_placed,1,u1,DE\n"), strict().withMode(Mode.VALIDATED)))
                .isInstanceOf(IngestRefusedException.class);
        assertUnknown(smartData, acme);
        assertThatThrownBy(() -> smartData.ingest(acme).input(text(CSV), strict()))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("strict_too_large"));
        assertCounts(smartData.ingest(acme).input(text(CSV), strict().withMode(Mode.VALIDATED)), 3, 0, 0, 0);
        assertThat(points(smartData, acme, "order_placed.sum")).containsExactly("2026-03-01=10.3", "2026-03-02=5");
    }

    @Test
    void aTruncatedDocumentStoresNothing() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String truncated = "[{\"id\":\"a\",\"time\":\"2026-03-01\",\"name\":\"n\"},{\"id\":\"b\"";
        for (IngestOptions options : List.of(strict(), lenient())) {
            assertThatThrownBy(() -> smartData.ingest(acme).input(text(truncated), options))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isEqualTo("invalid_json"));
        }
        assertUnknown(smartData, acme);
    }

    @Test
    void anInputThatBreaksOffLateSaysWhatIsStored() {
        SmartData smartData =
                open(builder().ingestSettings(new IngestSettings(2, 1 << 20, 100, 1 << 20, 100, 10, 100)));
        OrgScope acme = org(smartData, "acme");
        String broken = CSV + "d,2026-03-02,order_placed,1,u1,\"DE\n";
        assertThatThrownBy(() -> smartData.ingest(acme).input(text(broken), lenient()))
                .isInstanceOfSatisfying(PartlyStoredException.class, e -> {
                    assertThat(e.code()).isEqualTo("invalid_csv");
                    assertThat(e.receipt().accepted()).isEqualTo(2);
                });
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=2");
        assertCounts(smartData.ingest(acme).input(text(broken.replace("\"DE", "DE")), lenient()), 2, 2, 0, 0);
        assertThat(verify(smartData, acme).clean()).isTrue();
    }

    /** Bytes that break off in the middle when they are opened for the {@code opening}th time. */
    private static Input breakingOff(String text, int opening, int bytes) {
        AtomicInteger openings = new AtomicInteger();
        return () -> openings.incrementAndGet() == opening
                ? new SequenceInputStream(text(text.substring(0, bytes)).open(), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("The line went dead");
                    }
                })
                : text(text).open();
    }

    @Test
    void anIngestKilledMidwayAndRunAgainStoresTheRestOnly() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        int rows = 4000;
        StringBuilder csv = new StringBuilder("time,name,value,note\n");
        for (int i = 0; i < rows; i++) {
            csv.append("2026-03-0%d,sale,%d,%s\n".formatted(1 + random.nextInt(9), random.nextInt(50), "x".repeat(50)));
        }
        SmartData smartData =
                open(builder().ingestSettings(new IngestSettings(300, 1 << 20, 300, 1 << 20, 100, 10, 100)));
        OrgScope whole = org(smartData, "whole");
        IngestOptions validated = strict().withMode(Mode.VALIDATED);
        assertCounts(smartData.ingest(whole).input(text(csv.toString()), validated), rows, 0, 0, 0);
        String expected = kpis(smartData, whole);
        String withBadRows = csv.toString().replaceAll("(?m)^(2026-03-09,sale,7,.*)$", "$1\nnever,sale,1,");
        long bad = withBadRows.lines().count() - rows - 1;
        for (Mode mode : List.of(Mode.LENIENT, Mode.VALIDATED)) {
            OrgScope killed = org(smartData, "killed-" + mode.name().toLowerCase(Locale.ROOT));
            smartData.ingest(killed).events(List.of());
            String text = mode == Mode.LENIENT ? withBadRows : csv.toString();
            long rejected = mode == Mode.LENIENT ? bad : 0;
            long before = 0;
            for (int attempt = 0; attempt < 3; attempt++) {
                int cut = text.length() / 2 + random.nextInt(text.length() / 2);
                Input input = breakingOff(text, mode == Mode.LENIENT ? 1 : 2, cut);
                PartlyStoredException stopped = catchThrowableOfType(
                        PartlyStoredException.class,
                        () -> smartData.ingest(killed).input(input, lenient().withMode(mode)));
                assertThat(stopped)
                        .as("seed %d, %s, broken off at %d", seed, mode, cut)
                        .isNotNull();
                assertThat(stopped.code()).isEqualTo("unreadable_input");
                IngestReceipt part = stopped.receipt();
                assertThat(part.accepted() + part.duplicates() + part.rejected())
                        .isEqualTo(part.received());
                assertThat(part.duplicates()).isEqualTo(Math.min(before, part.received() - part.rejected()));
                before += part.accepted();
            }
            IngestReceipt rest =
                    smartData.ingest(killed).input(text(text), lenient().withMode(mode));
            assertThat(before).isBetween(1L, (long) rows);
            assertCounts(rest, rows - before, before, 0, rejected);
            assertThat(smartData.deadLetters(killed).list(DeadLetterQuery.open(1000)))
                    .as("a bad row read again is the letter it was")
                    .hasSize((int) rejected);
            assertThat(kpis(smartData, killed)).as("seed %d, %s", seed, mode).isEqualTo(expected);
            assertThat(verify(smartData, killed).clean()).isTrue();
        }
    }

    @Test
    void aBatchTellsTheOutcomeOfEveryEvent() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        String batch = """
                {"events":[{"clientEventId":"1","type":"view","occurredAt":"2026-03-01T10:00:00Z"},
                {"clientEventId":"1","type":"view","occurredAt":"2026-03-01T10:00:00Z"},
                {"clientEventId":"1","type":"buy","occurredAt":"2026-03-01T10:00:00Z"},
                {"clientEventId":"2","type":"view","occurredAt":"tomorrow"}]}
                """;
        IngestReceipt receipt = smartData.ingest(acme).batch(batch.getBytes(StandardCharsets.UTF_8), lenient());
        assertThat(receipt.outcomes())
                .extracting(EventOutcome::outcome)
                .containsExactly(Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.CONFLICT, Outcome.REJECTED);
        assertThat(receipt.outcomes()).extracting(EventOutcome::id).containsExactly("1", "1", "1", "2");
    }

    @ParameterizedTest
    @EnumSource
    void aBatchOfTooManyEventsStoresNothing(Mode mode) {
        SmartData smartData = open(builder().ingestSettings(new IngestSettings(3, 1 << 20, 3, 1 << 20, 100, 10, 100)));
        OrgScope acme = org(smartData, "acme");
        byte[] four = (CSV + "d,2026-03-02,order_placed,1,u1,DE\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> smartData.ingest(acme).batch(four, lenient().withMode(mode)))
                .isInstanceOfSatisfying(SmartDataException.class, e -> {
                    assertThat(e.code()).isEqualTo("batch_too_large");
                    assertThat(e).hasMessageContaining("Nothing was stored");
                });
        assertThatThrownBy(() -> smartData
                        .ingest(acme)
                        .batch(four, lenient().withMode(mode).withDryRun(true)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("batch_too_large"));
        assertUnknown(smartData, acme);
        byte[] three = CSV.getBytes(StandardCharsets.UTF_8);
        assertCounts(smartData.ingest(acme).batch(three, lenient().withMode(mode)), 3, 0, 0, 0);
        assertThatThrownBy(() -> smartData.ingest(acme).batch(four, lenient().withMode(mode)))
                .isInstanceOf(SmartDataException.class);
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=2", "2026-03-02=1");
    }

    @Test
    void aRetryUnderTheSameIdempotencyKeyGivesTheFirstReceipt() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        List<Event> batch = List.of(
                Event.named("n", Instant.parse("2026-03-01T10:00:00Z")).id("1").build());
        IngestReceipt first = smartData.ingest(acme).events(batch, "key");
        assertThat(smartData.ingest(acme).events(batch, "key"))
                .usingRecursiveComparison()
                .ignoringFields("duration")
                .isEqualTo(first);
        assertThatThrownBy(() -> smartData.ingest(acme).events(List.of(), "key"))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("idempotency_key_reused"));
    }

    @Test
    void anEventWithHalfACharacterIsRejectedAloneAndEachTimeItIsReplayed() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        Instant time = Instant.parse("2026-03-01T10:00:00Z");
        String half = "\ude00a\"\ud83d";
        List<Event> batch = List.of(
                Event.named("n", time).id("1").source(half).build(),
                Event.named("n", time).id("2").build(),
                Event.named("n", time).id("3").subject(half).build(),
                Event.named("n", time).id(half).build(),
                Event.named("n", time).id("4").subject("\ud83d\ude00").build());
        IngestReceipt receipt = smartData.ingest(acme).events(batch, "key");
        assertCounts(receipt, 2, 0, 0, 3);
        assertThat(receipt.rejectedByCode()).containsOnlyKeys(RejectionCode.INVALID_ENCODING);
        List<DeadLetter> letters = smartData.deadLetters(acme).list(DeadLetterQuery.open(10));
        assertThat(letters).hasSize(3).allSatisfy(letter -> {
            byte[] payload = smartData.deadLetters(acme).payload(letter.id());
            assertThat(new String(payload, StandardCharsets.UTF_8)).contains("\"\\ude00a\\\"\\ud83d\"");
            assertThat(smartData.deadLetters(acme).replay(letter.id()).failed()).isEqualTo(1);
        });
    }

    @Test
    void aDeadLetterOfAJavaEventIsReplayedWhenItsTimeHasCome() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        Event ahead = Event.named("order_placed", CLOCK.instant().plusSeconds(301))
                .id("a")
                .source("shop")
                .value(5)
                .subject("u1")
                .properties(Map.of("country", "DE"))
                .build();
        assertCounts(smartData.ingest(acme).events(List.of(ahead)), 0, 0, 0, 1);
        DeadLetter letter =
                smartData.deadLetters(acme).list(DeadLetterQuery.open(10)).get(0);
        SmartData later = open(builder().clock(Clock.offset(CLOCK, Duration.ofMinutes(1))));
        assertThat(later.deadLetters(acme).replay(letter.id()).accepted()).isEqualTo(1);
        assertCounts(later.ingest(acme).events(List.of(ahead)), 0, 1, 0, 0);
        assertThat(verify(later, acme).clean()).isTrue();
    }

    @Test
    void aStoredReceiptListsWhatWentWellOnlyIfARetryMayAskForIt() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        Event first =
                Event.named("n", Instant.parse("2026-03-01T10:00:00Z")).id("1").build();
        Event changed = Event.named("m", first.occurredAt()).id("1").build();
        Event ahead = Event.named("n", CLOCK.instant().plusSeconds(301)).id("2").build();
        List<Event> batch = List.of(first, first, changed, ahead);
        for (@Nullable String key : Arrays.asList(null, "key")) {
            IngestReceipt receipt = smartData.ingest(acme).events(batch, key);
            assertThat(receipt.outcomes()).hasSize(4);
            String stored = requireNonNull(storage)
                    .events()
                    .receipt(acme, receipt.id())
                    .orElseThrow()
                    .json();
            assertThat(stored.contains("\"outcome\":\"duplicate\"")).isEqualTo(key != null);
            assertThat(stored).contains("\"received\":4", "\"outcome\":\"conflict\"", "\"outcome\":\"rejected\"");
        }
    }

    @Test
    void eventsOfTheFutureAreRejectedAndOldOnesAreNot() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        IngestReceipt receipt = smartData
                .ingest(acme)
                .events(List.of(
                        Event.named("n", CLOCK.instant().plusSeconds(301))
                                .id("1")
                                .build(),
                        Event.named("n", CLOCK.instant().plusSeconds(299))
                                .id("2")
                                .build(),
                        Event.named("n", Instant.EPOCH).id("3").build()));
        assertCounts(receipt, 2, 0, 0, 1);
        assertThat(receipt.rejectedByCode()).containsOnlyKeys(RejectionCode.IN_FUTURE);
    }

    @Test
    void anotherOrgSeesNothing() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        OrgScope globex = org(smartData, "globex");
        smartData.ingest(acme).input(text(CSV + "x,never,order_placed,1,u,DE\n"), lenient());
        DeadLetter letter =
                smartData.deadLetters(acme).list(DeadLetterQuery.open(1)).get(0);
        assertCounts(smartData.ingest(globex).input(text(CSV.replace("10.10", "1")), strict()), 3, 0, 0, 0);
        assertThat(points(smartData, globex, "order_placed.sum")).containsExactly("2026-03-01=1.2", "2026-03-02=5");
        assertThat(smartData.deadLetters(globex).list(DeadLetterQuery.open(10))).isEmpty();
        assertThatThrownBy(() -> smartData.deadLetters(globex).replay(letter.id()))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_dead_letter"));
    }

    @Test
    void anEmptyOrgHasNoKpis() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).events(List.of());
        assertThat(smartData.kpis(acme).names()).isEmpty();
        assertThat(verify(smartData, acme).cells()).isZero();
        assertThatThrownBy(() -> smartData.kpis(org(smartData, "nobody")).names())
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }

    @Test
    void whatIsExportedCanBeIngestedElsewhereWithTheSameKpis() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        OrgScope copy = org(smartData, "copy");
        smartData.ingest(acme).input(text(CSV), strict());
        StringWriter exported = new StringWriter();
        assertThat(smartData.exports(acme).events(EventRange.all(), ExportFormat.NDJSON, exported))
                .isEqualTo(3);
        assertCounts(
                smartData
                        .ingest(copy)
                        .input(
                                text(exported.toString()),
                                IngestOptions.strict(
                                        ReadOptions.defaults("other").withFormat(Format.NDJSON))),
                3,
                0,
                0,
                0);
        assertThat(kpis(smartData, copy)).isEqualTo(kpis(smartData, acme));
    }

    @Test
    void exportedKpisAreThoseOfOneMomentWhateverComesMeanwhile() {
        SmartData smartData = open();
        OrgScope acme = org(smartData, "acme");
        smartData.ingest(acme).input(text(CSV), strict());
        StringWriter before = new StringWriter();
        smartData.exports(acme).kpis(null, CellRange.FIRST_DAY, CellRange.END, ExportFormat.NDJSON, before);
        assertThat(before.toString().lines())
                .contains(
                        "{\"org\":\"acme\",\"source\":\"shop\",\"kpi\":\"order_placed.sum\",\"bucket\":\"2026-03-02\","
                                + "\"dimension\":\"\",\"value\":\"5\",\"events\":\"1\"}");
        int[] meanwhile = {0};
        StringWriter during = new StringWriter() {
            @Override
            public StringWriter append(CharSequence row) {
                if (meanwhile[0]++ == 0) {
                    smartData.ingest(acme).input(text(CSV.replace("10.10", "99").replace("a,", "z,")), lenient());
                }
                return super.append(row);
            }
        };
        long points =
                smartData.exports(acme).kpis(null, CellRange.FIRST_DAY, CellRange.END, ExportFormat.NDJSON, during);
        assertThat(points).isEqualTo(meanwhile[0]).isGreaterThan(1);
        assertThat(during).hasToString(before.toString());
        assertThat(points(smartData, acme, "order_placed.count")).containsExactly("2026-03-01=3", "2026-03-02=1");
    }

    @Test
    void withoutThePermissionNothingHappens() {
        SmartData smartData = open();
        OrgScope viewer = smartData.access().scope(Caller.of("viewer"), OrgId.of("acme"), Permission.VIEW);
        for (Runnable forbidden : List.<Runnable>of(
                () -> smartData.ingest(viewer),
                () -> smartData.exports(viewer),
                () -> smartData.deadLetters(viewer),
                () -> smartData.kpis(viewer).compact(),
                () -> verify(smartData, viewer),
                () -> smartData.kpis(viewer).changeZone(ZoneOffset.UTC))) {
            assertThatThrownBy(forbidden::run)
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        }
    }
}

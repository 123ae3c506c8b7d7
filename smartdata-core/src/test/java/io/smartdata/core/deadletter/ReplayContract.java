package io.smartdata.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.Transformation;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.RejectionCode;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellRange;
import io.smartdata.storage.DeadLetterCount;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import io.smartdata.tenancy.OrgQuotas;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters are triaged, corrected and replayed, on whatever storage. Needs JUnit and AssertJ. */
@Timeout(120)
public abstract class ReplayContract {
    private static final String TEXT_VALUE =
            "{\"id\":\"%s\",\"name\":\"tick\",\"time\":\"2026-03-01\",\"value\":\"%s\",\"subject\":\"%s\"}\n";
    private static final DeadLetterFilter OPEN = DeadLetterFilter.open();

    private final List<Storage> storages = new ArrayList<>();
    private final List<SmartData> nodes = new ArrayList<>();
    private volatile OrgQuotas quotas = OrgQuotas.none();

    /** Storages of one new database, not yet opened. */
    protected abstract List<Storage> newNodes(int count) throws Exception;

    @BeforeEach
    final void open() throws Exception {
        storages.addAll(newNodes(2));
        for (Storage storage : storages) {
            nodes.add(SmartData.builder()
                    .storage(storage)
                    .accessPolicy(AccessPolicy.singleOperator())
                    .orgDirectory(org -> Optional.of(OrgProfile.defaults().withQuotas(quotas)))
                    .build());
        }
    }

    @AfterEach
    final void close() {
        nodes.forEach(SmartData::close);
    }

    private SmartData smartData() {
        return nodes.get(0);
    }

    private Storage storage() {
        return storages.get(0);
    }

    private OrgScope scope(Permission first, Permission... more) {
        return smartData().access().scope(Caller.of("test"), OrgId.of("acme"), first, more);
    }

    private OrgScope acme() {
        return scope(Permission.OPERATE, Permission.INGEST, Permission.VIEW, Permission.VIEW_SENSITIVE);
    }

    private DeadLetters letters() {
        return smartData().deadLetters(acme());
    }

    private IngestReceipt send(String text) {
        return send(text, "clock");
    }

    private IngestReceipt send(String text, String source) {
        return smartData()
                .ingest(acme())
                .input(
                        () -> new ByteArrayInputStream(text.getBytes(UTF_8)),
                        IngestOptions.lenient(ReadOptions.defaults(source)));
    }

    private List<DeadLetter> open(int limit) {
        return letters().list(DeadLetterQuery.open(limit));
    }

    private static ReplayRequest fixed() {
        return ReplayRequest.of(OPEN).withFix(LetterScenario.FIX);
    }

    private void assertVerified(long events) {
        var verification = smartData().kpis(acme()).verify(CellRange.FIRST_DAY, CellRange.END);
        assertThat(verification.clean()).isTrue();
        assertThat(verification.events()).isEqualTo(events);
    }

    @Test
    void aDryRunSaysWhatAReplayDoesAndChangesNothing() {
        send(TEXT_VALUE.formatted("a", "1", "u1") + TEXT_VALUE.formatted("b", "1;5", "u2"));
        ReplayReport dry = letters().replay(fixed().withDryRun(true));
        assertThat(dry.accepted()).isEqualTo(1);
        assertThat(dry.failedByCode()).isEqualTo(Map.of(RejectionCode.INVALID_VALUE, 1L));
        assertThat(open(10)).hasSize(2).extracting(DeadLetter::attempts).containsOnly(0);
        assertVerified(0);
        ReplayReport real = letters().replay(fixed());
        assertThat(real).usingRecursiveComparison().ignoringFields("dryRun").isEqualTo(dry);
        assertThat(open(10)).singleElement().extracting(DeadLetter::attempts).isEqualTo(1);
        assertVerified(1);
    }

    @Test
    void theBytesOfALetterNeverChange() {
        String line = TEXT_VALUE.formatted("a", "1", "u1").strip();
        send(line);
        DeadLetter letter = open(1).get(0);
        letters().replay(fixed());
        assertThat(letters().payload(letter.id())).isEqualTo(line.getBytes(UTF_8));
        assertThat(letters().get(letter.id()).rejection()).isEqualTo(letter.rejection());
    }

    @Test
    void laterLettersOfASubjectWaitForTheEarlier() {
        send(TEXT_VALUE.formatted("a", "one", "u1")
                + TEXT_VALUE.formatted("b", "2", "u2")
                + TEXT_VALUE.formatted("c", "3", "u1"));
        ReplayReport report = letters().replay(fixed());
        assertThat(report.accepted()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.heldBack()).isEqualTo(1);
        DeadLetter first = open(10).get(0);
        assertThat(letters()
                        .replay(
                                first.id(),
                                TEXT_VALUE
                                        .formatted("a", "1", "u1")
                                        .replace("\"1\"", "1")
                                        .getBytes(UTF_8),
                                false)
                        .accepted())
                .isEqualTo(1);
        assertThat(letters().replay(fixed()).accepted()).isEqualTo(1);
        assertThat(open(10)).isEmpty();
        assertVerified(3);
    }

    @Test
    void aSubjectThatIsReadFromABrokenEventWaitsToo() {
        send("{\"subject\":\"u1\",\"id\":\"a\",\"name\":\"tick\",\"time\":\"2026-03-01\",\"value\":}\n"
                + TEXT_VALUE.formatted("b", "2", "u1"));
        ReplayReport report = letters().replay(fixed());
        assertThat(report.failedByCode()).isEqualTo(Map.of(RejectionCode.INVALID_JSON, 1L));
        assertThat(report.heldBack()).isEqualTo(1);
        send("{\"subject\":\"u2\",\"id\":\"c\",\"name\":\"tick\",\"time\":\"never\",\"name\":\"x\"}\n"
                + TEXT_VALUE.formatted("d", "2", "u2"));
        assertThat(letters().replay(fixed()).heldBack()).isEqualTo(2);
    }

    @Test
    void aLetterTriedTooOftenIsLeftAloneAndItsSubjectStillWaits() {
        send(TEXT_VALUE.formatted("a", "one", "u1") + TEXT_VALUE.formatted("b", "2", "u1"));
        for (int run = 0; run < 2; run++) {
            assertThat(letters().replay(fixed().withMaxAttempts(2)).failed()).isEqualTo(1);
        }
        for (int run = 0; run < 2; run++) {
            ReplayReport report = letters().replay(fixed().withMaxAttempts(2));
            assertThat(report.tried()).isZero();
            assertThat(report.atCap()).isEqualTo(1);
            assertThat(report.heldBack()).isEqualTo(1);
        }
        assertThat(open(10)).extracting(DeadLetter::attempts).containsExactly(2, 0);
        assertThat(letters().replay(fixed().withMaxAttempts(3)).failed()).isEqualTo(1);
        letters()
                .discard(
                        OPEN.withCodes(Set.of(RejectionCode.INVALID_VALUE))
                                .withIds(Set.of(open(1).get(0).id())),
                        "hopeless");
        assertThat(letters().replay(fixed()).accepted()).isEqualTo(1);
    }

    @Test
    void aKeyTakenMeanwhileIsADuplicateOrStaysAConflict() {
        send(TEXT_VALUE.formatted("a", "1", "u1") + TEXT_VALUE.formatted("b", "2", "u2"));
        String taken = TEXT_VALUE.replace("\"%s\",\"subject", "%s,\"subject");
        send(taken.formatted("a", "1", "u1") + taken.formatted("b", "3", "u2"));
        ReplayReport report = letters().replay(fixed());
        assertThat(report.duplicates()).isEqualTo(1);
        assertThat(report.failedByCode()).isEqualTo(Map.of(RejectionCode.ID_CONFLICT, 1L));
        assertThat(open(10)).extracting(DeadLetter::row).containsExactly(2L);
        assertVerified(2);
    }

    @Test
    void whatIsFixedOneWayIsNotReplayedAnother() {
        send(TEXT_VALUE.formatted("a", "1", "u1"));
        DeadLetter letter = open(1).get(0);
        letters().replay(fixed());
        byte[] other =
                TEXT_VALUE.formatted("z", "1", "u1").replace("\"1\"", "1").getBytes(UTF_8);
        assertThat(letters().replay(letter.id(), other, false).settledBefore()).isEqualTo(1);
        assertThat(letters().get(letter.id()).attempts()).isEqualTo(1);
        assertVerified(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "2026-03-01,1\n2026-03-02,2", "2026-03-01", "\"2026-03-01,1", "2026-03-01,1,1"})
    void aPayloadThatIsNotOneRowLeavesItsLetterOpen(String payload) {
        assertNotReplayed("time,value\nnever,1\n", payload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "{\"time\":\"2026-03-01\"} {\"time\":\"2026-03-02\"}", "{\"time\":\"2026-03-01\""
            })
    void aPayloadThatIsNotOneObjectLeavesItsLetterOpen(String payload) {
        assertNotReplayed("{\"time\":\"never\"}\n{\"time\":\"2026-03-03\"}", payload);
    }

    private void assertNotReplayed(String sent, String payload) {
        IngestOptions options =
                IngestOptions.lenient(ReadOptions.defaults("till").withDefaultName("sale"));
        long stored = smartData()
                .ingest(acme())
                .input(() -> new ByteArrayInputStream(sent.getBytes(UTF_8)), options)
                .accepted();
        DeadLetter letter = open(1).get(0);
        ReplayReport report = letters().replay(letter.id(), payload.getBytes(UTF_8), false);
        assertThat(report.failed()).as(report.toString()).isEqualTo(1);
        assertThat(letters().get(letter.id()))
                .extracting(DeadLetter::status, DeadLetter::attempts)
                .containsExactly(DeadLetter.Status.OPEN, 1);
        assertVerified(stored);
    }

    @Test
    void aRowIsReadUnderTheHeaderThatItsTransformationMakes() {
        send("time,total,name,who\n1772323200,5,sale,u1\n", "till");
        Transformation fix = Transformation.none()
                .cast("time", Transformation.Type.EPOCH_SECONDS)
                .rename("total", "value")
                .set("country", "a,\"b\"")
                .drop("who");
        assertThat(letters().replay(ReplayRequest.of(OPEN).withFix(fix)).accepted())
                .isEqualTo(1);
        List<StoredEvent> events = new ArrayList<>();
        storage().events().scan(acme(), EventRange.all(), events::add);
        Event event = events.get(0).event();
        assertThat(event.occurredAt()).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(event.value()).isEqualByComparingTo("5");
        assertThat(event.properties().json()).isEqualTo("{\"country\":\"a,\\\"b\\\"\"}");
    }

    @Test
    void onlyLettersOfTheFilterAreReplayedAndNoMoreThanTheLimit() {
        for (int call = 0; call < 3; call++) {
            send(TEXT_VALUE.formatted("a" + call, "1", "u1") + TEXT_VALUE.formatted("b" + call, "1", "u2"), "s" + call);
        }
        ReplayRequest request = fixed().withBatchSize(1);
        assertThat(letters()
                        .replay(ReplayRequest.of(OPEN.withSource("s1")).withFix(LetterScenario.FIX))
                        .accepted())
                .isEqualTo(2);
        assertThat(letters()
                        .replay(ReplayRequest.of(OPEN.withCodes(Set.of(RejectionCode.TOO_OLD))))
                        .letters())
                .isZero();
        ReplayReport three = letters().replay(request.withLimit(3));
        assertThat(three.accepted()).isEqualTo(3);
        assertThat(three.more()).isTrue();
        ReplayReport last = letters().replay(request.withLimit(3));
        assertThat(last.accepted()).isEqualTo(1);
        assertThat(last.more()).isFalse();
        assertVerified(6);
    }

    @Test
    void aRunThatIsStoppedSaysWhatItDidAndWhenToGoOn() {
        send(TEXT_VALUE.formatted("a", "1", "u1")
                + TEXT_VALUE.formatted("b", "1", "u2")
                + TEXT_VALUE.formatted("c", "1", "u3"));
        quotas = OrgQuotas.none().withEventsPerMinute(1);
        ReplayReport stopped = letters().replay(fixed());
        assertThat(stopped.accepted()).isEqualTo(2);
        assertThat(stopped.more()).isTrue();
        assertThat(requireNonNull(stopped.stopped()).retryAfter()).isPositive();
        assertThatThrownBy(() -> letters().replay(fixed())).isInstanceOf(RetryLaterException.class);
        quotas = OrgQuotas.none();
        ReplayReport rest = letters().replay(fixed());
        assertThat(rest.accepted()).isEqualTo(1);
        assertThat(rest.stopped()).isNull();
    }

    @Test
    void discardedLettersAreNotReplayedUntilTheyAreOpenAgain() {
        send(TEXT_VALUE.formatted("a", "1", "u1"));
        assertThat(letters().discard(DeadLetterFilter.any(), "test data")).isEqualTo(1);
        assertThat(letters().replay(fixed()).letters()).isZero();
        assertThat(letters().counts(DeadLetterFilter.any()))
                .singleElement()
                .extracting(DeadLetterCount::status)
                .isEqualTo(DeadLetter.Status.DISCARDED);
        assertThat(letters().reopen(DeadLetterFilter.any())).isEqualTo(1);
        assertThat(letters().replay(fixed()).accepted()).isEqualTo(1);
        assertThat(letters().reopen(DeadLetterFilter.any()))
                .as("what was replayed stays replayed")
                .isZero();
    }

    @Test
    void operatorsSeeLettersAndOnlySomeTheirBytes() {
        send(TEXT_VALUE.formatted("a", "1", "u1"));
        DeadLetter letter = open(1).get(0);
        DeadLetters operator = smartData().deadLetters(scope(Permission.OPERATE));
        assertThat(operator.list(DeadLetterQuery.open(1))).containsExactly(letter);
        assertThat(operator.get(letter.id())).isEqualTo(letter);
        assertNotPermitted(() -> operator.payload(letter.id()));
        assertNotPermitted(() -> operator.replay(fixed()));
        assertNotPermitted(() -> smartData().deadLetters(scope(Permission.VIEW, Permission.VIEW_SENSITIVE)));
        DeadLetters ingesting = smartData().deadLetters(scope(Permission.OPERATE, Permission.INGEST));
        assertThat(ingesting.replay(fixed()).accepted()).isEqualTo(1);
    }

    private static void assertNotPermitted(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
    }

    @Test
    void whoReplaysDiscardsAndOpensIsWrittenDown() {
        send(TEXT_VALUE.formatted("a", "1", "u1") + TEXT_VALUE.formatted("b", "one", "u2"));
        DeadLetter first = open(1).get(0);
        letters().replay(fixed().withDryRun(true));
        letters().replay(fixed());
        letters().discard(OPEN, "test data");
        letters().reopen(DeadLetterFilter.any());
        byte[] edited =
                TEXT_VALUE.formatted("b", "1", "u2").replace("\"1\"", "1").getBytes(UTF_8);
        letters().replay(open(1).get(0).id(), edited);
        List<AuditEntry> written = storage().audit().list(acme(), AuditQuery.newest(10)).stream()
                .map(AuditRecord::entry)
                .toList();
        assertThat(written)
                .extracting(AuditEntry::action)
                .containsExactly(AuditAction.REPLAY, AuditAction.REOPEN, AuditAction.DISCARD, AuditAction.REPLAY);
        assertThat(written.get(0).detail().json()).isEqualTo("{\"changes\":[\"edited payload\"]}");
        assertThat(written.get(2).detail().json()).contains("\"letters\":1,\"note\":\"test data\"");
        assertThat(written.get(3).target()).isEqualTo("dead letter " + first.id());
        assertThat(written.get(3).detail().json()).isEqualTo("{\"changes\":[\"cast value to number\"]}");
    }

    static LongStream seeds() {
        long first = Long.getLong("smartdata.seed", 20_261_121);
        return LongStream.range(first, first + 3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void replayingAgainAndAgainEndsInTheSameState(long seed) {
        LetterScenario scenario = new LetterScenario(seed, 120);
        scenario.send(smartData(), acme());
        for (int run = 1; run <= 3; run++) {
            ReplayReport report = letters().replay(fixed().withBatchSize(16));
            assertThat(report.accepted() + report.duplicates())
                    .as("seed %d, run %d", seed, run)
                    .isEqualTo(run == 1 ? scenario.replayed() : 0);
            scenario.assertDone(smartData(), acme(), "seed %d, run %d".formatted(seed, run));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void twoNodesAtOnceSettleEachLetterOnceAndEndInTheSameState(long seed) throws Exception {
        LetterScenario scenario = new LetterScenario(seed, 120);
        scenario.send(smartData(), acme());
        List<Callable<ReplayReport>> replays = new ArrayList<>();
        for (SmartData node : nodes) {
            replays.add(() -> node.deadLetters(acme()).replay(fixed().withBatchSize(7)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(replays.size());
        try {
            long settled = 0;
            for (Future<ReplayReport> replay : threads.invokeAll(replays)) {
                settled += replay.get().accepted() + replay.get().duplicates();
            }
            assertThat(settled).as("seed %d", seed).isEqualTo(scenario.replayed());
        } finally {
            threads.shutdown();
        }
        scenario.assertDone(smartData(), acme(), "seed " + seed);
        assertThat(LetterScenario.letters(smartData(), acme()).values())
                .as("seed %d", seed)
                .allSatisfy(letter -> assertThat(letter.attempts())
                        .isLessThanOrEqualTo(letter.status() == DeadLetter.Status.REPLAYED ? 1 : nodes.size()));
    }
}

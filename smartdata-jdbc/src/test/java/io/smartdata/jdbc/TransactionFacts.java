package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.event.Outcome;
import io.smartdata.jdbc.fault.Failure;
import io.smartdata.jdbc.fault.Fault;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.StateMerge;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Facts about transactions that need a connection in the test's own hands. */
@Timeout(120)
abstract class TransactionFacts {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final StateMerge ADD = (family, states) ->
            state(states.stream().mapToLong(TransactionFacts::number).sum());

    final InterceptedDataSource dataSource = new InterceptedDataSource(newUrl());
    final JdbcStorage storage = JdbcStorage.of(dataSource);

    abstract String newUrl();

    /** Events in one append: adapters store many in another way than few. */
    int events() {
        return 5;
    }

    /** A connection of the host, in a transaction that may write. */
    abstract Connection begun() throws SQLException;

    @BeforeEach
    void open() {
        storage.open(system -> {});
    }

    @Test
    void anAppendThatLosesItsConnectionIsWholeOrNothingAndSafeToSendAgain() {
        loseTheConnectionAtEveryCall(this::append);
    }

    @Test
    void aCompactionThatLosesItsConnectionChangesNoFigure() {
        loseTheConnectionAtEveryCall(scope -> {
            dataSource.paused(() -> append(scope));
            storage.kpis().compact(scope, 100, Long.MAX_VALUE, ADD);
        });
    }

    @Test
    void anActivationThatLosesItsConnectionIsWholeOrNothing() {
        loseTheConnectionAtEveryCall(scope -> {
            dataSource.paused(() -> append(scope));
            storage.orgs().activate(scope, ZoneOffset.UTC, List.of(), rebuild -> {
                long[] events = {0};
                rebuild.events(EventRange.all(), event -> events[0]++);
                rebuild.replace(CellRange.all(), List.of(delta(events[0])));
            });
        });
    }

    /** At each call in turn, in every way, each time in an org of its own, until the work needs no more calls. */
    private void loseTheConnectionAtEveryCall(Consumer<OrgScope> work) {
        for (int call = 1; ; call++) {
            for (Failure failure : Failure.values()) {
                OrgScope scope = org("org-%d-%s".formatted(call, failure));
                Fault fault = dataSource.failAt(call, failure);
                SmartDataException thrown = thrownBy(() -> work.accept(scope));
                dataSource.stop();
                if (!fault.struck()) {
                    assertThat(call).as("calls seen").isGreaterThan(5);
                    return;
                }
                String where = fault.toString();
                assertHonest(scope, thrown, where);
                append(scope);
                assertThat(counted(scope)).as(where).isEqualTo(events());
                assertThat(stored(scope)).as(where).isEqualTo(events());
            }
        }
    }

    private static @Nullable SmartDataException thrownBy(Runnable work) {
        try {
            work.run();
            return null;
        } catch (SmartDataException e) {
            return e;
        }
    }

    private void assertHonest(OrgScope scope, @Nullable SmartDataException thrown, String where) {
        long stored = stored(scope);
        assertThat(stored).as(where).isIn(0L, (long) events());
        assertThat(counted(scope)).as("%s: events and figures agree", where).isEqualTo(stored);
        if (thrown == null) {
            assertThat(stored).as(where).isEqualTo(events());
        } else {
            assertThat(thrown)
                    .as(where)
                    .isInstanceOfAny(StoreUnavailableException.class, UnknownOutcomeException.class);
        }
    }

    @Test
    void nothingIsStoredWhenTheAnswerSaysSo() {
        for (int call = 1; ; call++) {
            OrgScope scope = org("org-" + call);
            Fault fault = dataSource.failAt(call, Failure.CUT_AFTER);
            SmartDataException thrown = thrownBy(() -> append(scope));
            dataSource.stop();
            if (!fault.struck()) {
                return;
            }
            if (thrown instanceof StoreUnavailableException) {
                assertThat(stored(scope)).as("call " + call).isZero();
            }
        }
    }

    @Test
    void figuresAreNotOlderThanTheySay() {
        OrgScope scope = org("acme");
        for (int reads = 1; reads <= 3; reads++) {
            AtomicInteger queries = new AtomicInteger();
            int pause = reads;
            long before = stored(scope);
            List<Instant> acknowledged = new ArrayList<>();
            dataSource.intercept((connection, call) -> {
                Object result = call.run();
                if (call.prepared() && queries.incrementAndGet() == pause) {
                    dataSource.paused(() -> {
                        append(scope, "late-" + pause);
                        acknowledged.add(storage.kpis().snapshot(scope, KpiSnapshot::dataFreshAsOf));
                        awaitTheNextTick();
                    });
                }
                return result;
            });
            Instant[] freshAsOf = new Instant[1];
            long seen = storage.kpis().snapshot(scope, snapshot -> {
                freshAsOf[0] = snapshot.dataFreshAsOf();
                return sum(snapshot);
            });
            dataSource.stop();
            if (seen == before) {
                assertThat(freshAsOf[0])
                        .as("an event acknowledged after read %d is not counted", pause)
                        .isBeforeOrEqualTo(acknowledged.get(0));
            }
        }
    }

    /** SQLite's clock has milliseconds. */
    private static void awaitTheNextTick() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
    }

    @Test
    void whatTheHostCommitsIsStoredWithItsOwnRows() throws SQLException {
        OrgScope scope = org("acme");
        try (Connection host = begun()) {
            appendJoined(scope, host, "a");
            assertThat(stored(scope)).as("before the host commits").isZero();
            host.commit();
        }
        assertThat(stored(scope)).isEqualTo(events());
        assertThat(counted(scope)).isEqualTo(events());
    }

    @Test
    void whatTheHostRollsBackWasNeverThere() throws SQLException {
        OrgScope scope = org("acme");
        try (Connection host = begun()) {
            appendJoined(scope, host, "a");
            host.rollback();
        }
        assertThat(stored(scope)).isZero();
        assertThat(storage.orgs().sources(scope)).isEmpty();
        assertThat(append(scope, "a")).isEqualTo(events());
    }

    @Test
    void aJoinedAppendThatFailsLeavesTheHostsOwnWorkStanding() throws SQLException {
        OrgScope scope = org("acme");
        try (Connection host = begun()) {
            appendJoined(scope, host, "a");
            assertThatThrownBy(() -> storage.events().append(scope, JdbcStorage.joining(host), transaction -> {
                        transaction.insert(candidates("b"));
                        throw new IllegalStateException("in the middle");
                    }))
                    .hasMessage("in the middle");
            host.commit();
        }
        assertThat(stored(scope)).as("only the first append").isEqualTo(events());
    }

    @Test
    void aConnectionWithoutATransactionIsRefused() throws SQLException {
        OrgScope scope = org("acme");
        try (Connection host = dataSource.getConnection()) {
            HostTransaction joining = JdbcStorage.joining(host);
            assertThatThrownBy(() -> storage.events().append(scope, joining, transaction -> true))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("no_host_transaction"));
        }
    }

    @Test
    void oneOfManyRetriesTakesTheKeyOfADeadCall() throws Exception {
        byte[] hash = {1};
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 10; round++) {
                OrgScope scope = org("org-" + round);
                claim(scope, hash, false);
                List<Callable<Boolean>> retries = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    retries.add(() -> claim(scope, hash, true));
                }
                int taken = 0;
                for (Future<Boolean> retry : pool.invokeAll(retries)) {
                    taken += retry.get() ? 1 : 0;
                }
                assertThat(taken).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean claim(OrgScope scope, byte[] hash, boolean complete) {
        return storage.events().append(scope, transaction -> {
            UUID id = UUID.randomUUID();
            boolean ours = transaction.claim(id, "key", hash).isEmpty();
            if (ours) {
                transaction.putReceipt(new StoredReceipt(id, "shop", 0, 0, 0, 0, 0, complete, "{}"));
            }
            return ours;
        });
    }

    void appendJoined(OrgScope scope, Connection host, String prefix) {
        storage.events().append(scope, JdbcStorage.joining(host), transaction -> {
            assertThat(transaction.provisional()).isTrue();
            transaction.insert(candidates(prefix));
            transaction.addDeltas(transaction.org().generation(), List.of(delta(events())));
            return true;
        });
    }

    private int append(OrgScope scope) {
        return append(scope, "id");
    }

    int append(OrgScope scope, String prefix) {
        return storage.events().append(scope, transaction -> {
            int accepted = (int) transaction.insert(candidates(prefix)).stream()
                    .filter(outcome -> outcome == Outcome.ACCEPTED)
                    .count();
            if (accepted > 0) {
                transaction.addDeltas(transaction.org().generation(), List.of(delta(accepted)));
            }
            transaction.putReceipt(
                    new StoredReceipt(UUID.randomUUID(), "shop", events(), accepted, 0, 0, 0, true, "{}"));
            return accepted;
        });
    }

    private List<EventCandidate> candidates(String prefix) {
        return IntStream.range(0, events())
                .mapToObj(i -> Event.named("order_placed", NOON.plusSeconds(i))
                        .id(prefix + i)
                        .source("shop")
                        .build())
                .map(event -> new EventCandidate(event, new byte[EventCandidate.FINGERPRINT_BYTES], UUID.randomUUID()))
                .toList();
    }

    private static KpiDelta delta(long number) {
        return new KpiDelta(new CellKey("f", "2026-03-01", "shop", ""), state(number));
    }

    private static byte[] state(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static long number(byte[] state) {
        return ByteBuffer.wrap(state).getLong();
    }

    OrgScope org(String name) {
        OrgScope scope =
                OrgScope.request(AccessPolicy.singleOperator(), Caller.of("test"), OrgId.of(name), Permission.INGEST);
        storage.orgs().ensure(scope, ZoneOffset.UTC);
        return scope;
    }

    private long counted(OrgScope scope) {
        return requireNonNull(storage.kpis().snapshot(scope, TransactionFacts::sum));
    }

    private static long sum(KpiSnapshot snapshot) {
        long[] sum = {0};
        snapshot.states(CellRange.all(), delta -> sum[0] += number(delta.state()));
        return sum[0];
    }

    long stored(OrgScope scope) {
        long[] stored = {0};
        storage.events().scan(scope, EventRange.all(), event -> stored[0]++);
        return stored[0];
    }
}

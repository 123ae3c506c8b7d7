package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.event.Outcome;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.AppendWork;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sqlite.SQLiteErrorCode;

/** Callers who write to SQLite at the same time. */
@Timeout(60)
class SharedCommitTest {
    private static final int CALLERS = 8;

    private final InterceptedDataSource dataSource = new InterceptedDataSource(Databases.newSqliteUrl());
    private final JdbcStorage storage = JdbcStorage.of(dataSource);
    private final OrgScope acme = OrgScope.request(
            AccessPolicy.singleOperator(), Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.OPERATE);
    private final AtomicInteger commits = new AtomicInteger();
    private final CountDownLatch allWait = new CountDownLatch(1);
    private final List<Thread> started = new ArrayList<>();

    @BeforeEach
    void open() {
        storage.open(system -> {});
        storage.orgs().ensure(acme, ZoneOffset.UTC);
        dataSource.intercept((connection, call) -> {
            if (isCommit(call)) {
                commits.incrementAndGet();
            }
            return call.run();
        });
    }

    private static boolean isCommit(InterceptedDataSource.Call call) {
        return call.arguments() != null && call.arguments().length > 0 && "COMMIT".equals(call.arguments()[0]);
    }

    @AfterEach
    void join() throws InterruptedException {
        allWait.countDown();
        for (Thread thread : started) {
            thread.join();
        }
    }

    @Test
    void callersWhoWaitForTheirTurnShareOneCommit() throws Exception {
        List<FutureTask<List<Outcome>>> calls = waiting(CALLERS, this::append);
        allWait.countDown();
        for (FutureTask<List<Outcome>> call : calls) {
            assertThat(call.get()).containsExactly(Outcome.ACCEPTED);
        }
        assertThat(commits)
                .as("one transaction for the first and all who waited")
                .hasValue(1);
        assertThat(stored()).isEqualTo(CALLERS + 1);
    }

    @Test
    void aCallerAloneCommitsAtOnce() {
        append(1);
        append(2);
        assertThat(commits).hasValue(2);
    }

    @Test
    void aCallerWhoFailsHarmsNobodyElse() throws Exception {
        IllegalStateException failure = new IllegalStateException("in the middle");
        List<FutureTask<List<Outcome>>> calls = waiting(CALLERS, caller -> {
            if (caller % 2 == 0) {
                return append(caller);
            }
            return append(transaction -> {
                transaction.insert(List.of(candidate(caller)));
                throw failure;
            });
        });
        allWait.countDown();
        for (int caller = 0; caller < CALLERS; caller++) {
            FutureTask<List<Outcome>> call = calls.get(caller);
            if (caller % 2 == 0) {
                assertThat(call.get()).containsExactly(Outcome.ACCEPTED);
            } else {
                assertThatThrownBy(call::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasCause(failure);
            }
        }
        assertThat(stored()).isEqualTo(1 + CALLERS / 2);
    }

    @Test
    void aCommitThatFailsIsToldToEveryoneWhoSharedIt() throws Exception {
        dataSource.intercept((connection, call) -> {
            if (isCommit(call) && commits.incrementAndGet() == 1) {
                throw new SQLException("disk I/O error", null, SQLiteErrorCode.SQLITE_IOERR_FSYNC.code);
            }
            return call.run();
        });
        List<FutureTask<List<Outcome>>> calls = waiting(CALLERS, this::append);
        allWait.countDown();
        for (FutureTask<List<Outcome>> call : calls) {
            assertThatThrownBy(call::get).hasCauseInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(stored()).isZero();
        assertThat(append(1)).as("the next transaction is a new one").containsExactly(Outcome.ACCEPTED);
    }

    @Test
    void aBrokenConnectionIsToldToEveryoneWhoSharedIt() throws Exception {
        AtomicInteger inserts = new AtomicInteger();
        dataSource.intercept((connection, call) -> {
            if (call.name().equals("executeBatch") && inserts.incrementAndGet() == 10) {
                connection.close();
                throw new SQLException("disk I/O error", null, SQLiteErrorCode.SQLITE_IOERR_READ.code);
            }
            return call.run();
        });
        List<FutureTask<List<Outcome>>> calls = waiting(CALLERS, this::append);
        allWait.countDown();
        int failed = 0;
        for (FutureTask<List<Outcome>> call : calls) {
            try {
                call.get();
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfAny(StoreUnavailableException.class, UnknownOutcomeException.class);
                failed++;
            }
        }
        dataSource.stop();
        assertThat(failed).isPositive();
        assertThat(stored()).as("acknowledged and stored").isBetween((long) CALLERS - failed, CALLERS - failed + 1L);
    }

    @Test
    void readersAreNotKeptWaiting() throws Exception {
        append(100);
        waiting(1, this::append);
        assertThat(stored()).as("while a transaction is open").isEqualTo(1);
    }

    @Test
    void aCallerInterruptedBeforeItsTurnStoresNothingAndLeavesTheOthersAlone() throws Exception {
        List<FutureTask<List<Outcome>>> calls = waiting(3, this::append);
        Thread second = started.get(2);
        second.interrupt();
        assertThatThrownBy(calls.get(1)::get).hasCauseInstanceOf(StoreUnavailableException.class);
        allWait.countDown();
        assertThat(calls.get(0).get()).containsExactly(Outcome.ACCEPTED);
        assertThat(calls.get(2).get()).containsExactly(Outcome.ACCEPTED);
        assertThat(stored()).isEqualTo(3);
    }

    /** A rebuild may take minutes; who came before it has long been stored. */
    @Test
    void acknowledgementsDoNotWaitForWorkThatRunsAlone() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch rebuilt = new CountDownLatch(1);
        List<FutureTask<List<Outcome>>> calls = waiting(2, caller -> {
            if (caller == 0) {
                return append(caller);
            }
            return storage.kpis().rebuild(acme, rebuild -> {
                inside.countDown();
                await(rebuilt);
                return List.of();
            });
        });
        allWait.countDown();
        inside.await();
        assertThat(calls.get(0).get()).containsExactly(Outcome.ACCEPTED);
        assertThat(calls.get(1).isDone()).isFalse();
        rebuilt.countDown();
        calls.get(1).get();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWriteInsideAWriteIsRefusedAndCommitsNothingOfTheOuterOne() {
        assertThatThrownBy(() -> append(transaction -> {
                    transaction.insert(List.of(candidate(1)));
                    return append(2);
                }))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("nested_write"));
        assertThat(stored()).isZero();
    }

    /** It was the last in the queue when the one before it left the commit to it. */
    @Test
    void aCallerWhoGivesUpLeavesNobodyWaitingForever() throws Exception {
        List<FutureTask<List<Outcome>>> calls = waiting(1, this::append);
        started.get(1).interrupt();
        allWait.countDown();
        started.get(0).join();
        assertThatThrownBy(calls.get(0)::get).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(stored()).isEqualTo(1);
    }

    private interface Work {
        List<Outcome> call(int caller);
    }

    /** Starts one caller who works until all others wait, and returns the others. */
    private List<FutureTask<List<Outcome>>> waiting(int callers, Work work) throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        start(() -> append(transaction -> {
            first.countDown();
            allWait.await();
            return transaction.insert(List.of(candidate(1_000)));
        }));
        first.await();
        List<FutureTask<List<Outcome>>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            int caller = i;
            calls.add(start(() -> work.call(caller)));
            Thread thread = started.get(started.size() - 1);
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        return calls;
    }

    private FutureTask<List<Outcome>> start(Callable<List<Outcome>> call) {
        FutureTask<List<Outcome>> task = new FutureTask<>(call);
        Thread thread = new Thread(task);
        started.add(thread);
        thread.start();
        return task;
    }

    private List<Outcome> append(int id) {
        return append(transaction -> transaction.insert(List.of(candidate(id))));
    }

    private interface Checked {
        List<Outcome> run(AppendTransaction transaction) throws InterruptedException;
    }

    private List<Outcome> append(Checked work) {
        AppendWork<List<Outcome>> unchecked = transaction -> {
            try {
                return work.run(transaction);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        return storage.events().append(acme, unchecked);
    }

    private static EventCandidate candidate(int id) {
        Event event = Event.named("order_placed", Instant.parse("2026-03-01T12:00:00Z"))
                .id("order-" + id)
                .source("shop")
                .build();
        return new EventCandidate(event, new byte[EventCandidate.FINGERPRINT_BYTES], new UUID(1, 1));
    }

    private long stored() {
        long[] events = {0};
        storage.events().scan(acme, EventRange.all(), event -> events[0]++);
        return events[0];
    }
}

package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.event.Outcome;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiRebuild;
import io.smartdata.storage.Upkeep;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Months of the event table on PostgreSQL. */
@Timeout(60)
class PartitionsTest {
    private static final YearMonth NOW = YearMonth.now(ZoneOffset.UTC);
    private static final List<String> THIS_AND_NEXT =
            List.of(table(NOW.plusMonths(2)), table(NOW.plusMonths(1)), table(NOW));

    private final String url = Databases.newPostgresUrl();
    private final JdbcStorage storage = JdbcStorage.open(url);
    private @Nullable SystemScope minted;

    @BeforeEach
    void open() {
        storage.open(scope -> minted = scope);
        storage.orgs().ensure(acme(), ZoneOffset.UTC);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private SystemScope system() {
        return requireNonNull(minted);
    }

    private OrgScope acme() {
        return system().org(OrgId.of("acme"));
    }

    @Test
    void anEmptyTableGetsThisMonthAndTheNextTwo() {
        assertThat(storage.upkeep(system()))
                .isEqualTo(new Upkeep(THIS_AND_NEXT, 0, true, "Every month that should have a partition has one."));
    }

    @Test
    void aSecondRunFindsNothingToDo() {
        append(month(NOW.minusMonths(1), 0, 10));
        storage.upkeep(system());
        Upkeep second = storage.upkeep(system());
        assertThat(second.partitions()).isEmpty();
        assertThat(second.movedEvents()).isZero();
        assertThat(second.complete()).isTrue();
    }

    @Test
    void eventsOfRecentMonthsMoveAndAllOthersStay() throws SQLException {
        append(month(NOW.minusMonths(25), 0, 3));
        append(month(NOW.minusMonths(24), 3, 5));
        append(month(NOW.minusMonths(1), 5, 12));
        append(month(NOW, 12, 16));
        append(month(NOW.plusMonths(3), 16, 18));
        List<StoredEvent> before = stored();
        Upkeep run = storage.upkeep(system());
        List<String> made = new ArrayList<>(THIS_AND_NEXT);
        made.add(table(NOW.minusMonths(1)));
        made.add(table(NOW.minusMonths(24)));
        assertThat(run.partitions()).isEqualTo(made);
        assertThat(run.movedEvents()).isEqualTo(2 + 7 + 4);
        assertThat(stored()).as("same events, same order").isEqualTo(before);
        assertThat(number("SELECT count(*) FROM ONLY smartdata.event_default")).isEqualTo(3 + 2);
        assertThat(number("SELECT count(*) FROM ONLY smartdata." + table(NOW.minusMonths(1))))
                .isEqualTo(7);
    }

    @Test
    void firstAndLastInstantOfAMonthAreInItsPartition() throws SQLException {
        Instant first = NOW.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        Instant next = NOW.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        append(List.of(
                candidate(0, first.minusNanos(1000)),
                candidate(1, first),
                candidate(2, next.minusNanos(1000)),
                candidate(3, next)));
        storage.upkeep(system());
        assertThat(number("SELECT count(*) FROM ONLY smartdata." + table(NOW))).isEqualTo(2);
        assertThat(number("SELECT count(*) FROM ONLY smartdata." + table(NOW.minusMonths(1))))
                .isEqualTo(1);
        assertThat(number("SELECT count(*) FROM ONLY smartdata." + table(NOW.plusMonths(1))))
                .isEqualTo(1);
    }

    @Test
    void whatWasStoredBeforeTheMoveIsADuplicateAfterIt() {
        List<EventCandidate> many = month(NOW, 0, 400);
        List<EventCandidate> few = month(NOW.minusMonths(1), 400, 405);
        append(many);
        append(few);
        storage.upkeep(system());
        JdbcStorage restarted = JdbcStorage.open(url);
        restarted.open(scope -> {});
        for (JdbcStorage each : List.of(storage, restarted)) {
            assertThat(append(each, many)).containsOnly(Outcome.DUPLICATE);
            assertThat(append(each, few)).containsOnly(Outcome.DUPLICATE);
        }
        restarted.close();
        assertThat(stored()).hasSize(405);
    }

    @Test
    void aScanOfOneDayTouchesOnePartition() throws SQLException {
        append(month(NOW, 0, 50));
        append(month(NOW.minusMonths(2), 50, 100));
        storage.upkeep(system());
        long day = NOW.atDay(10).toEpochDay();
        String plan = text("""
                EXPLAIN SELECT event_id FROM smartdata.event
                WHERE org_no = (SELECT org_no FROM smartdata.org WHERE org_id = 'acme') AND day >= %d AND day <= %d
                ORDER BY day, source_id, event_id
                """.formatted(day, day));
        assertThat(plan).contains(table(NOW)).doesNotContain("event_default").doesNotContain(table(NOW.minusMonths(2)));
    }

    @Test
    void nodesThatRunAtOnceMakeEachMonthOnce() throws Exception {
        append(month(NOW, 0, 200));
        append(month(NOW.minusMonths(1), 200, 400));
        List<Callable<Upkeep>> runs = Collections.nCopies(4, () -> storage.upkeep(system()));
        List<Upkeep> done = new ArrayList<>();
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try {
            for (Future<Upkeep> run : nodes.invokeAll(runs)) {
                done.add(run.get());
            }
        } finally {
            nodes.shutdownNow();
        }
        assertThat(done).allMatch(Upkeep::complete);
        assertThat(done.stream().flatMap(run -> run.partitions().stream()))
                .as("made by one of the nodes")
                .containsExactlyInAnyOrderElementsOf(
                        List.of(THIS_AND_NEXT.get(0), THIS_AND_NEXT.get(1), table(NOW), table(NOW.minusMonths(1))));
        assertThat(done.stream().mapToLong(Upkeep::movedEvents).sum()).isEqualTo(400);
        assertThat(stored()).hasSize(400);
    }

    /** Four writers send the same events in overlapping batches, small and large, while their months are made. */
    @Test
    void eventsThatArriveWhileTheirMonthIsMadeAreStoredOnce() throws Exception {
        int months = 8;
        int batch = 120;
        int batches = 12;
        List<List<EventCandidate>> sent = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            List<EventCandidate> events = new ArrayList<>();
            for (int m = 0; m < months; m++) {
                int first = (m * batches + i) * batch;
                events.addAll(month(NOW.minusMonths(m), first, first + (i % 3 == 0 ? 5 : batch)));
            }
            sent.add(events);
        }
        append(sent.get(0));
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Outcome> outcomes = new ArrayList<>();
        Upkeep run;
        try {
            List<Future<List<Outcome>>> running = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int start = writer * batches / 4;
                running.add(writers.submit(() -> IntStream.range(0, batches)
                        .mapToObj(i -> append(sent.get((start + i) % batches)))
                        .flatMap(List::stream)
                        .toList()));
            }
            run = storage.upkeep(system());
            for (Future<List<Outcome>> writer : running) {
                outcomes.addAll(writer.get());
            }
        } finally {
            writers.shutdownNow();
        }
        int distinct = sent.stream().mapToInt(List::size).sum();
        assertThat(Collections.frequency(outcomes, Outcome.ACCEPTED))
                .isEqualTo(distinct - sent.get(0).size());
        assertThat(Collections.frequency(outcomes, Outcome.DUPLICATE))
                .isEqualTo(3 * distinct + sent.get(0).size());
        assertThat(stored().stream().map(event -> event.event().id()).distinct())
                .hasSize(distinct);
        assertThat(stored()).hasSize(distinct);
        assertThat(run.complete()).as(run.message()).isTrue();
    }

    /** The append has its row on the way to the default partition when the job takes it away. */
    @Test
    void anAppendThatChoseTheDefaultPartitionBeforeTheMoveRunsAgain() throws Exception {
        append(month(NOW.plusMonths(4), 1000, 1001)); // so that neither waits for the other to name the source
        try (Connection holder = DriverManager.getConnection(url);
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE smartdata.event_default IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<List<Outcome>> few = async(() -> append(month(NOW, 0, 5)));
            CompletableFuture<List<Outcome>> many = async(() -> append(month(NOW, 5, 405)));
            awaitWaiting(2);
            statement.execute(
                    "CREATE TABLE smartdata.%1$s PARTITION OF smartdata.event FOR VALUES FROM (%2$d) TO (%3$d)"
                            .formatted(
                                    table(NOW),
                                    NOW.atDay(1).toEpochDay(),
                                    NOW.plusMonths(1).atDay(1).toEpochDay()));
            holder.commit();
            assertThat(few.join()).hasSize(5).containsOnly(Outcome.ACCEPTED);
            assertThat(many.join()).hasSize(400).containsOnly(Outcome.ACCEPTED);
        }
        assertThat(number("SELECT count(*) FROM ONLY smartdata." + table(NOW))).isEqualTo(405);
    }

    /** Without holding the events, a snapshot taken before the move would find the month empty after it. */
    @Test
    void aSnapshotBegunBeforeTheMoveSeesEveryEvent() throws Exception {
        append(month(NOW, 0, 50));
        CompletableFuture<Upkeep> run = storage.kpis().snapshot(acme(), snapshot -> {
            CompletableFuture<Upkeep> started = async(() -> storage.upkeep(system()));
            awaitWaiting(1);
            long[] events = {0};
            snapshot.events(EventRange.all(), event -> events[0]++);
            assertThat(events[0]).isEqualTo(50);
            return started;
        });
        assertThat(run.join().complete()).isTrue();
        assertThat(stored()).hasSize(50);
    }

    @Test
    void aRebuildAndAnActivationThatMeetTheMoveSeeEveryEvent() throws Exception {
        append(month(NOW, 0, 50));
        long[] events = {0, 0};
        CompletableFuture<Upkeep> first = storage.kpis().rebuild(acme(), rebuild -> meet(rebuild, events, 0));
        assertThat(first.join().complete()).isTrue();
        append(month(NOW.minusMonths(1), 50, 100));
        List<CompletableFuture<Upkeep>> second = new ArrayList<>();
        storage.orgs().activate(acme(), ZoneOffset.UTC, List.of(), rebuild -> second.add(meet(rebuild, events, 1)));
        assertThat(second.get(0).join().complete()).isTrue();
        assertThat(events).containsExactly(50, 100);
        assertThat(number("SELECT count(*) FROM ONLY smartdata.event_default")).isZero();
    }

    private CompletableFuture<Upkeep> meet(KpiRebuild rebuild, long[] events, int at) {
        CompletableFuture<Upkeep> started = async(() -> storage.upkeep(system()));
        awaitWaiting(1);
        rebuild.events(EventRange.all(), event -> events[at]++);
        return started;
    }

    @Test
    void aLongReaderMakesTheJobGiveUpAndTheNextRunDoesIt() throws SQLException {
        append(month(NOW.plusMonths(2), 0, 10));
        try (Connection reader = DriverManager.getConnection(url);
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM smartdata.event");
            Upkeep refused = storage.upkeep(system());
            assertThat(refused.complete()).isFalse();
            assertThat(refused.partitions()).isEmpty();
            assertThat(refused.message()).contains(table(NOW.plusMonths(2))).contains("next run");
            assertThat(append(month(NOW.plusMonths(2), 5, 15))).contains(Outcome.DUPLICATE, Outcome.ACCEPTED);
        }
        assertThat(storage.upkeep(system()).movedEvents()).isEqualTo(15);
    }

    @Test
    void aRoleThatMayNotChangeTablesIsToldSo() throws SQLException {
        String role = "upkeep_app";
        run("DROP ROLE IF EXISTS " + role);
        run("CREATE ROLE %s LOGIN".formatted(role));
        run("GRANT USAGE ON SCHEMA smartdata TO " + role);
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA smartdata TO " + role);
        try (JdbcStorage app = JdbcStorage.open(url.replace("user=postgres", "user=" + role))
                .withSchema(JdbcStorage.SchemaMode.VALIDATE)) {
            app.open(scope -> {});
            Upkeep skipped = app.upkeep(system());
            assertThat(skipped.complete()).isFalse();
            assertThat(skipped.message()).contains("does not own").contains("smartdata maintain");
            append(app, month(NOW, 0, 10));
            storage.upkeep(system());
            assertThat(append(app, month(NOW, 5, 15)))
                    .as("partitions need no grants of their own")
                    .contains(Outcome.DUPLICATE, Outcome.ACCEPTED);
            long[] events = {0};
            app.events().scan(acme(), EventRange.all(), event -> events[0]++);
            assertThat(events[0]).isEqualTo(15);
        }
    }

    @Test
    void sqliteHasNothingToDoAndSaysSo() {
        try (JdbcStorage sqlite = Databases.newSqlite()) {
            sqlite.open(scope -> {});
            Upkeep run = sqlite.upkeep(system());
            assertThat(run.complete()).isTrue();
            assertThat(run.partitions()).isEmpty();
            assertThat(run.message()).contains("SQLite");
        }
    }

    /** On a thread of its own: newer Java runs what is not told otherwise on a pool that may have one thread. */
    private static <R> CompletableFuture<R> async(Supplier<R> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task).start());
    }

    private void awaitWaiting(int transactions) {
        try {
            while (number(
                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'relation' AND datname = current_database()")
                    < transactions) {
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                Thread.onSpinWait();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String table(YearMonth month) {
        return "event_" + month.toString().replace('-', '_');
    }

    private static List<EventCandidate> month(YearMonth month, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i -> candidate(i, month.atDay(1 + i % 28).atTime(12, 0).toInstant(ZoneOffset.UTC)))
                .toList();
    }

    private static EventCandidate candidate(int id, Instant at) {
        Event event = Event.named("order_placed", at)
                .id(new UUID(0x1234, id).toString())
                .source("shop")
                .value(1)
                .build();
        return new EventCandidate(event, new byte[EventCandidate.FINGERPRINT_BYTES], new UUID(1, 1));
    }

    private List<Outcome> append(List<EventCandidate> candidates) {
        return append(storage, candidates);
    }

    private List<Outcome> append(JdbcStorage into, List<EventCandidate> candidates) {
        return into.events().append(acme(), transaction -> transaction.insert(candidates));
    }

    private List<StoredEvent> stored() {
        List<StoredEvent> events = new ArrayList<>();
        storage.events().scan(acme(), EventRange.all(), events::add);
        return events;
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(text(sql).strip());
    }

    private String text(String sql) throws SQLException {
        StringBuilder lines = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.append(rows.getString(1)).append('\n');
            }
        }
        return lines.toString();
    }
}

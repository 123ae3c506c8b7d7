package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.IngestReceipt;
import io.smartdata.jdbc.fault.Failure;
import io.smartdata.jdbc.fault.Fault;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.kpi.CellRange;
import io.smartdata.promise.Trials;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Work that meets a failure at one call to the database, whichever it is, and is repeated by its caller, leaves the same rows
 * behind as work that met none. A few calls drawn at random here, every call and every failure in the soak.
 */
@Timeout(3600)
class EveryCallTest {
    private static final int SUITE_TRIALS = 3;
    private static final int STRIDE = (int) Math.round(1 / Trials.part());
    private static final long SEED = Trials.seed();

    static Stream<Arguments> scenarios() {
        return Scenario.all().stream()
                .flatMap(scenario -> Stream.of(Engine.values()).map(engine -> Arguments.of(scenario, engine)));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("scenarios")
    void repeatedWorkLeavesWhatUndisturbedWorkLeaves(Scenario scenario, Engine engine) throws SQLException {
        try (Proof proof = new Proof(scenario, engine)) {
            if (Trials.soak()) {
                proof.everyCall();
            } else {
                proof.someCalls(SUITE_TRIALS, SEED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepeatedMigrationLeavesWhatAnUndisturbedOneLeaves(Engine engine) throws SQLException {
        String undisturbed = engine.newUrl();
        open(new InterceptedDataSource(undisturbed));
        List<String> expected = dump(engine, undisturbed);
        int trials = 0;
        boolean struck = true;
        for (int call = 1; struck; call += Trials.soak() ? STRIDE : 17) {
            for (Failure failure : Failure.values()) {
                String url = engine.newUrl();
                InterceptedDataSource dataSource = new InterceptedDataSource(url);
                Fault fault = dataSource.failAt(call, failure);
                try {
                    open(dataSource);
                } catch (SmartDataException e) {
                    assertThat(e).as(fault.toString()).matches(EveryCallTest::mayBeRepeated);
                }
                dataSource.stop();
                struck = fault.struck();
                trials += struck ? 1 : 0;
                open(dataSource);
                assertThat(Dump.difference(dump(engine, url), expected))
                        .as(fault.toString())
                        .isEmpty();
                Databases.drop(url);
            }
        }
        Trials.report("P2", "failure at call n: migration", trials, 0);
    }

    private static void open(InterceptedDataSource dataSource) {
        JdbcStorage.of(dataSource).open(system -> {});
    }

    private static List<String> dump(Engine engine, String url) throws SQLException {
        try (Connection connection = new InterceptedDataSource(url).newConnection()) {
            List<String> dump = Dump.comparable(engine, connection, Set.of());
            dump.addAll(engine.tables(connection));
            return dump;
        }
    }

    private static boolean mayBeRepeated(@Nullable Throwable thrown) {
        return thrown instanceof RetryLaterException
                || thrown instanceof UnknownOutcomeException
                || thrown instanceof PartlyStoredException && mayBeRepeated(thrown.getCause());
    }

    /** One scenario on one database. */
    private static final class Proof implements AutoCloseable {
        private final Scenario scenario;
        private final Engine engine;
        private final String template;
        private final List<String> expected;
        private final long expectedAccepted;
        private final int calls;
        private final @Nullable Object expectedResult;
        private int trials;
        private int failures;
        private int committedUnknown;

        Proof(Scenario scenario, Engine engine) throws SQLException {
            this.scenario = scenario;
            this.engine = engine;
            this.template = engine.newUrl();
            InterceptedDataSource first = new InterceptedDataSource(template);
            scenario.before().run(Scenario.Node.start(engine, first));
            String undisturbed = Databases.copy(template);
            InterceptedDataSource dataSource = new InterceptedDataSource(undisturbed);
            Scenario.Node node = Scenario.Node.start(engine, dataSource);
            Fault none = dataSource.failAt(Integer.MAX_VALUE, Failure.DISK_FULL);
            this.expectedResult = scenario.work().run(node);
            this.calls = none.calls();
            dataSource.stop();
            node.kpis().compact();
            this.expected = comparable(dataSource);
            this.expectedAccepted = accepted(dataSource);
            Databases.drop(undisturbed);
        }

        void everyCall() throws SQLException {
            boolean struck = true;
            for (int call = 1; struck; call += STRIDE) {
                for (Failure failure : Failure.values()) {
                    struck = struck(call, failure, call % 2 == 0);
                }
            }
        }

        void someCalls(int number, long seed) throws SQLException {
            Random random = new Random(seed);
            for (int i = 0; i < number; i++) {
                struck(
                        1 + random.nextInt(calls),
                        Failure.values()[random.nextInt(Failure.values().length)],
                        random.nextBoolean());
            }
        }

        /** False if the work was done before it came to that call. */
        private boolean struck(int call, Failure failure, boolean restart) throws SQLException {
            String url = Databases.copy(template);
            InterceptedDataSource dataSource = new InterceptedDataSource(url);
            Scenario.Node node = Scenario.Node.start(engine, dataSource);
            List<String> before = exact(dataSource);
            Fault fault = dataSource.failAt(call, failure);
            SmartDataException thrown = thrownBy(node);
            dataSource.stop();
            if (fault.struck()) {
                trials++;
                failures++;
                String where = "%s on %s, %s, restarted %s, seed %d".formatted(scenario, engine, fault, restart, SEED);
                List<String> after = exact(dataSource);
                if (thrown != null) {
                    assertHonest(thrown, before.equals(after), where);
                    Scenario.Node caller = restart ? Scenario.Node.start(engine, dataSource) : node;
                    assertAnswer(scenario.work().run(caller), before.equals(after), where);
                }
                assertSame(node, where);
                failures--;
            }
            Databases.drop(url);
            return fault.struck();
        }

        private @Nullable SmartDataException thrownBy(Scenario.Node node) throws SQLException {
            try {
                scenario.work().run(node);
                return null;
            } catch (SmartDataException e) {
                return e;
            }
        }

        /** Who is told that nothing was stored finds nothing stored. */
        private void assertHonest(SmartDataException thrown, boolean nothingStored, String where) {
            assertThat(thrown).as(where).matches(EveryCallTest::mayBeRepeated);
            if (scenario.oneTransaction() && thrown instanceof StoreUnavailableException) {
                assertThat(nothingStored).as("%s: nothing was stored", where).isTrue();
            }
        }

        /** What was stored although nobody was told is answered as duplicate, or with its first receipt. */
        private void assertAnswer(@Nullable Object result, boolean nothingStored, String where) {
            if (scenario.oneTransaction() && result instanceof IngestReceipt receipt) {
                IngestReceipt first = (IngestReceipt) expectedResult;
                boolean again = nothingStored || scenario.equals(Scenario.WITH_KEY);
                committedUnknown += nothingStored ? 0 : 1;
                assertThat(receipt.received()).as(where).isEqualTo(first.received());
                assertThat(receipt.accepted()).as(where).isEqualTo(again ? first.accepted() : 0);
                assertThat(receipt.duplicates())
                        .as(where)
                        .isEqualTo(again ? first.duplicates() : first.duplicates() + first.accepted());
            }
        }

        private void assertSame(Scenario.Node node, String where) throws SQLException {
            node.kpis().compact();
            assertThat(Dump.difference(comparable(node.dataSource()), expected))
                    .as(where)
                    .isEmpty();
            Verification verified = node.kpis().verify(CellRange.FIRST_DAY, CellRange.END);
            assertThat(verified.differences()).as(where).isEmpty();
            assertThat(accepted(node.dataSource()))
                    .as("%s: receipts add up", where)
                    .isEqualTo(expectedAccepted);
        }

        /** As the receipts have it. */
        private long accepted(InterceptedDataSource dataSource) throws SQLException {
            try (Connection connection = dataSource.newConnection();
                    Statement statement = connection.createStatement();
                    ResultSet sum = statement.executeQuery("SELECT SUM(accepted) FROM " + engine.table("receipt"))) {
                sum.next();
                return sum.getLong(1);
            }
        }

        private List<String> comparable(InterceptedDataSource dataSource) throws SQLException {
            try (Connection connection = dataSource.newConnection()) {
                return Dump.comparable(engine, connection, scenario.ignored());
            }
        }

        private List<String> exact(InterceptedDataSource dataSource) throws SQLException {
            try (Connection connection = dataSource.newConnection()) {
                return Dump.exact(engine, connection);
            }
        }

        @Override
        public void close() {
            String note = committedUnknown == 0 ? "" : committedUnknown + " stored though not acknowledged";
            Trials.report("P2", "failure at call n: " + scenario, trials, failures, note);
            Databases.drop(template);
        }
    }
}

package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.event.Event;
import io.smartdata.event.Outcome;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.xa.PGXADataSource;

/** Batches large enough to be copied in, where copying meets something in its way. */
@Timeout(60)
class PostgresEventsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int MANY = 400;

    private final String url = Databases.newPostgresUrl();
    private final JdbcStorage storage = JdbcStorage.open(url);
    private final OrgScope acme = OrgScope.request(
            AccessPolicy.singleOperator(), Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.OPERATE);

    @BeforeEach
    void open() {
        storage.open(system -> {});
        storage.orgs().ensure(acme, ZoneOffset.UTC);
    }

    @Test
    void aStorageThatHasSeenNothingYetFindsWhatIsStored() {
        append(storage, candidates(0, MANY, 1));
        JdbcStorage restarted = JdbcStorage.open(url);
        restarted.open(system -> {});
        List<EventCandidate> overlapping = candidates(MANY / 2, MANY + MANY / 2, 1);
        assertThat(append(restarted, overlapping))
                .as("half stored, half new")
                .isEqualTo(IntStream.range(0, MANY)
                        .mapToObj(i -> i < MANY / 2 ? Outcome.DUPLICATE : Outcome.ACCEPTED)
                        .toList());
        assertThat(append(restarted, overlapping)).containsOnly(Outcome.DUPLICATE);
        assertThat(append(restarted, candidates(0, MANY, 2)))
                .as("other content under keys that are stored")
                .containsOnly(Outcome.CONFLICT);
        assertThat(stored(storage)).isEqualTo(MANY + MANY / 2);
    }

    @Test
    void oneDuplicateAmongManyIsFoundWhereverItStands() {
        append(storage, candidates(0, 1, 1));
        append(storage, candidates(MANY - 1, MANY, 1));
        JdbcStorage restarted = JdbcStorage.open(url);
        restarted.open(system -> {});
        List<Outcome> outcomes = append(restarted, candidates(0, MANY, 1));
        assertThat(outcomes.get(0)).isEqualTo(Outcome.DUPLICATE);
        assertThat(outcomes.get(MANY - 1)).isEqualTo(Outcome.DUPLICATE);
        assertThat(Collections.frequency(outcomes, Outcome.ACCEPTED)).isEqualTo(MANY - 2);
    }

    /** Another transaction stores one of the rows after the probe looked and before the copy. */
    @Test
    void aRowThatComesBetweenTheProbeAndTheCopyIsCountedOnce() {
        InterceptedDataSource intercepted = new InterceptedDataSource(url);
        JdbcStorage slow = JdbcStorage.of(intercepted);
        slow.open(system -> {});
        append(storage, candidates(MANY, MANY + 1, 1));
        AtomicInteger copies = new AtomicInteger();
        intercepted.intercept((connection, call) -> {
            if (call.arguments() != null && String.valueOf(call.arguments()[0]).startsWith("SAVEPOINT")) {
                int id = copies.getAndIncrement();
                append(storage, candidates(id, id + 1, 1));
            }
            return call.run();
        });
        List<Outcome> outcomes = append(slow, candidates(0, MANY, 1));
        assertThat(copies).hasValue(2);
        assertThat(Collections.frequency(outcomes, Outcome.DUPLICATE)).isEqualTo(2);
        assertThat(Collections.frequency(outcomes, Outcome.ACCEPTED)).isEqualTo(MANY - 2);
        assertThat(stored(storage)).isEqualTo(MANY + 1);
    }

    @Test
    void aServerProcessThatDiesBetweenTwoRowsLeavesNothing() {
        InterceptedDataSource intercepted = new InterceptedDataSource(url);
        JdbcStorage dying = JdbcStorage.of(intercepted);
        dying.open(system -> {});
        List<EventCandidate> events = candidates(0, MANY, 1);
        intercepted.intercept((connection, call) -> {
            Object result = call.run();
            if (call.name().equals("unwrap")) {
                terminate(connection);
            }
            return result;
        });
        assertThatThrownBy(() -> append(dying, events))
                .isInstanceOfAny(StoreUnavailableException.class, UnknownOutcomeException.class);
        intercepted.stop();
        assertThat(stored(storage)).isZero();
        assertThat(append(dying, events)).containsOnly(Outcome.ACCEPTED);
    }

    private void terminate(Connection connection) throws SQLException {
        int pid = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
        try (Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
        }
    }

    /** Such a transaction takes no temporary tables, and its connection refuses to roll back to a savepoint of the driver. */
    @Test
    void manyEventsJoinADistributedTransaction() throws Exception {
        append(storage, candidates(0, 1, 1));
        PGXADataSource distributed = new PGXADataSource();
        distributed.setUrl(url);
        XAConnection connection = distributed.getXAConnection();
        try {
            Xid id = new BranchId(1, new byte[] {1}, new byte[] {2});
            Connection host = connection.getConnection();
            XAResource resource = connection.getXAResource();
            resource.start(id, XAResource.TMNOFLAGS);
            List<Outcome> outcomes = storage.events()
                    .append(acme, JdbcStorage.joining(host), transaction -> transaction.insert(candidates(0, MANY, 1)));
            resource.end(id, XAResource.TMSUCCESS);
            assertThat(outcomes.get(0)).isEqualTo(Outcome.DUPLICATE);
            assertThat(resource.prepare(id)).isEqualTo(XAResource.XA_OK);
            assertThat(stored(storage)).as("before the second phase").isEqualTo(1);
            resource.commit(id, false);
        } finally {
            connection.close();
        }
        assertThat(stored(storage)).isEqualTo(MANY);
    }

    private record BranchId(int format, byte[] global, byte[] branch) implements Xid {
        @Override
        public int getFormatId() {
            return format;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return global;
        }

        @Override
        public byte[] getBranchQualifier() {
            return branch;
        }
    }

    @Test
    void underRowLevelSecurityRowsGoInByStatements() throws SQLException {
        try (Connection owner = DriverManager.getConnection(url);
                Statement statement = owner.createStatement()) {
            statement.execute("DROP ROLE IF EXISTS guarded_app");
            statement.execute("CREATE ROLE guarded_app LOGIN");
            statement.execute("GRANT USAGE ON SCHEMA smartdata TO guarded_app");
            statement.execute("GRANT ALL ON ALL TABLES IN SCHEMA smartdata TO guarded_app");
            statement.execute("ALTER TABLE smartdata.event ENABLE ROW LEVEL SECURITY");
            statement.execute("CREATE POLICY everything ON smartdata.event USING (true)");
        }
        JdbcStorage guarded = JdbcStorage.open(url.replace("user=postgres", "user=guarded_app"))
                .withSchema(JdbcStorage.SchemaMode.VALIDATE);
        guarded.open(system -> {});
        assertThat(append(guarded, candidates(0, MANY, 1))).containsOnly(Outcome.ACCEPTED);
        assertThat(append(guarded, candidates(0, MANY, 1))).containsOnly(Outcome.DUPLICATE);
        assertThat(stored(storage)).isEqualTo(MANY);
    }

    /** Few events and many figures: here no copy of events has met the refusal before. */
    @Test
    void underRowLevelSecurityOfAnotherHandDeltasGoInByStatements() {
        Databases.run(url, """
                DROP ROLE IF EXISTS guarded_deltas;
                CREATE ROLE guarded_deltas LOGIN;
                GRANT USAGE ON SCHEMA smartdata TO guarded_deltas;
                GRANT ALL ON ALL TABLES IN SCHEMA smartdata TO guarded_deltas;
                ALTER TABLE smartdata.kpi_delta ENABLE ROW LEVEL SECURITY;
                CREATE POLICY everything ON smartdata.kpi_delta USING (true)
                """);
        JdbcStorage guarded = JdbcStorage.open(Databases.as("guarded_deltas", url));
        guarded.open(system -> {});
        for (int call = 1; call <= 2; call++) {
            int day = call;
            guarded.events().append(acme, transaction -> {
                transaction.addDeltas(1, deltas(day));
                return true;
            });
        }
        List<KpiDelta> stored = new ArrayList<>();
        storage.kpis().snapshot(acme, snapshot -> {
            snapshot.states(CellRange.all(), stored::add);
            return true;
        });
        assertThat(stored).hasSize(2 * MANY);
    }

    private static List<KpiDelta> deltas(int day) {
        return IntStream.range(0, MANY)
                .mapToObj(i -> new KpiDelta(new CellKey("f" + i, "2026-03-0" + day, "shop", ""), new byte[] {1}))
                .toList();
    }

    @Test
    void aConnectionThatHidesItsDriverIsWrittenToByStatements() throws SQLException {
        try (Connection real = DriverManager.getConnection(url)) {
            real.setAutoCommit(false);
            Connection hiding = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("isWrapperFor")) {
                            return false;
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
            List<Outcome> outcomes = storage.events()
                    .append(
                            acme,
                            JdbcStorage.joining(hiding),
                            transaction -> transaction.insert(candidates(0, MANY, 1)));
            assertThat(outcomes).containsOnly(Outcome.ACCEPTED);
            real.commit();
        }
        assertThat(stored(storage)).isEqualTo(MANY);
    }

    private List<Outcome> append(JdbcStorage into, List<EventCandidate> candidates) {
        return into.events().append(acme, transaction -> transaction.insert(candidates));
    }

    private static List<EventCandidate> candidates(int from, int to, int content) {
        List<EventCandidate> candidates = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Event event = Event.named("order_placed", NOON.plusSeconds(i % 7 * 86_400L))
                    .id(new UUID(0x1234, i).toString())
                    .source("shop")
                    .value(content)
                    .build();
            byte[] fingerprint = new byte[EventCandidate.FINGERPRINT_BYTES];
            fingerprint[0] = (byte) content;
            candidates.add(new EventCandidate(event, fingerprint, new UUID(1, 1)));
        }
        return candidates;
    }

    private long stored(JdbcStorage in) {
        long[] events = {0};
        in.events().scan(acme, EventRange.all(), event -> events[0]++);
        return events[0];
    }
}

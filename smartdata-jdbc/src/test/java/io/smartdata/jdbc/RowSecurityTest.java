package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.smartdata.event.Event;
import io.smartdata.event.IdentityScope;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What statements that forgot their org can do: the belt is tried without the one who wears it. */
@Timeout(60)
class RowSecurityTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int EVENTS_OF_ACME = 120;
    private static final int EVENTS_OF_GLOBEX = 7;

    private final String app = Databases.newRowSecurityUrl();
    private final String superuser = Databases.as("postgres", app);
    private HikariDataSource pool;
    private JdbcStorage storage;
    private OrgScope acme;
    private OrgScope globex;

    /** One connection, so that every transaction gets what the one before left. */
    @BeforeEach
    void open() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(app);
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
        storage = JdbcStorage.of(pool).requiring(JdbcStorage.Requirement.ROW_SECURITY);
        SystemScope[] system = new SystemScope[1];
        storage.open(scope -> system[0] = scope);
        acme = system[0].org(OrgId.of("acme"));
        globex = system[0].org(OrgId.of("globex"));
        fill(acme, EVENTS_OF_ACME);
        fill(globex, EVENTS_OF_GLOBEX);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private void fill(OrgScope org, int events) {
        storage.orgs().ensure(org, ZoneOffset.UTC, IdentityScope.FOREVER);
        storage.events().append(org, transaction -> {
            transaction.insert(candidates(events));
            transaction.addDeltas(1, List.of(delta("a"), delta("b")));
            transaction.putReceipt(new StoredReceipt(UUID.randomUUID(), "shop", 1, 1, 0, 0, 0, true, "{}"));
            return true;
        });
        storage.kpis().rebuild(org, rebuild -> {
            rebuild.replace(CellRange.days(LocalDate.EPOCH, LocalDate.EPOCH.plusDays(1)), List.of(delta("c")));
            return true;
        });
    }

    private static List<EventCandidate> candidates(int events) {
        return IntStream.range(0, events)
                .mapToObj(i -> Event.named("order_placed", NOON.plusSeconds(i))
                        .id("id-" + i)
                        .source("shop")
                        .build())
                .map(event -> new EventCandidate(event, new byte[EventCandidate.FINGERPRINT_BYTES], UUID.randomUUID()))
                .toList();
    }

    private static KpiDelta delta(String family) {
        return new KpiDelta(new CellKey(family, "2026-03-01", "shop", ""), new byte[] {1});
    }

    @Test
    void aStatementThatForgotItsOrgSeesTheRowsOfTheTransactionsOrgOnly() throws SQLException {
        List<String> filled = new ArrayList<>();
        for (String table : orgTables()) {
            long ofAcme = count(superuser, "", ofOrg(table, "acme"));
            long ofGlobex = count(superuser, "", ofOrg(table, "globex"));
            String forgetful = "SELECT count(*) FROM smartdata." + table;
            assertThat(count(app, org("acme"), forgetful)).as(table).isEqualTo(ofAcme);
            assertThat(count(app, org("globex"), forgetful)).as(table).isEqualTo(ofGlobex);
            assertThat(count(app, org(""), forgetful)).as(table).isZero();
            assertThat(count(app, org("nobody"), forgetful)).as(table).isZero();
            assertThat(count(app, "", forgetful)).as(table).isZero();
            if (ofAcme > 0 && ofGlobex > 0) {
                filled.add(table);
            }
        }
        assertThat(filled)
                .as("tables where there was something to see")
                .contains(
                        "org", "guard", "source", "event", "event_key", "arrival", "receipt", "kpi_delta", "kpi_cell");
    }

    private List<String> orgTables() throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(superuser);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                        WHERE c.relnamespace = 'smartdata'::regnamespace AND c.relkind IN ('r', 'p')
                            AND NOT c.relispartition AND a.attname IN ('org_id', 'org_no')
                        """)) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        return tables;
    }

    private static String ofOrg(String table, String org) {
        return table.startsWith("event") || table.startsWith("arrival")
                ? "SELECT count(*) FROM smartdata.%s WHERE org_no = (SELECT org_no FROM smartdata.org WHERE org_id = '%s')"
                        .formatted(table, org)
                : "SELECT count(*) FROM smartdata.%s WHERE org_id = '%s'".formatted(table, org);
    }

    private static String org(String org) {
        return "SET LOCAL smartdata.org = '%s'".formatted(org);
    }

    /** In a transaction that is taken back. */
    private static long count(String url, String setting, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(setting);
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void change(String url, String setting, String change) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(setting);
            statement.execute(change);
            connection.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO smartdata.guard (org_id, turn) VALUES ('globex-2', 0)",
                "INSERT INTO smartdata.tombstone (org_id, key_hash, erased_at) VALUES ('globex', '', 0)",
                "INSERT INTO smartdata.event_key SELECT 4711, source_id, event_id, day, fingerprint FROM smartdata.event_key",
                "UPDATE smartdata.receipt SET org_id = 'globex'",
                "UPDATE smartdata.event SET org_no = 4711",
                "TRUNCATE smartdata.event",
                "DROP TABLE smartdata.event",
                "ALTER TABLE smartdata.event DISABLE ROW LEVEL SECURITY",
                "CREATE TABLE smartdata.mine (id INTEGER)",
                "SELECT * FROM smartdata.event_default",
                "DELETE FROM smartdata.event_default",
                "DELETE FROM smartdata.schema_history"
            })
    void nothingIsWrittenForAnotherOrgNorPastThePolicies(String statement) {
        assertThatThrownBy(() -> change(app, org("acme"), statement))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }

    @Test
    void aDeleteThatForgotItsOrgLeavesOtherOrgsAlone() throws SQLException {
        change(app, org("acme"), "DELETE FROM smartdata.event");
        assertThat(count(superuser, "", ofOrg("event", "acme"))).isZero();
        assertThat(count(superuser, "", ofOrg("event", "globex"))).isEqualTo(EVENTS_OF_GLOBEX);
    }

    @Test
    void whoServesAllOrgsReadsTheirNamesAndQueuesAndWritesNothing() throws SQLException {
        String system = "SET LOCAL smartdata.system = 'on'";
        assertThat(count(app, system, "SELECT count(*) FROM smartdata.org")).isEqualTo(2);
        assertThat(count(app, system, "SELECT count(*) FROM smartdata.event")).isZero();
        assertThat(count(app, system, "SELECT count(*) FROM smartdata.kpi_cell"))
                .isZero();
        change(app, system, "DELETE FROM smartdata.org");
        change(app, system, "UPDATE smartdata.org SET zone = 'UTC+1'");
        assertThat(count(superuser, "", "SELECT count(*) FROM smartdata.org WHERE zone <> 'UTC+1'"))
                .isEqualTo(2);
    }

    @Test
    void theNextBorrowerOfAConnectionIsNobody() throws SQLException {
        storage.events().append(acme, transaction -> true);
        assertNobody("after a commit");
        assertThatThrownBy(() -> storage.events().append(acme, transaction -> {
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertNobody("after a rollback");
        storage.kpis().snapshot(acme, snapshot -> true);
        assertNobody("after a read");
        try (Connection host = pool.getConnection()) {
            host.setAutoCommit(false);
            storage.events().append(acme, JdbcStorage.joining(host), transaction -> true);
            host.commit();
        }
        assertNobody("after a host's transaction");
    }

    private void assertNobody(String when) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_setting('smartdata.org', true), (SELECT count(*) FROM smartdata.org)")) {
            row.next();
            assertThat(row.getString(1)).as(when).isIn(null, "");
            assertThat(row.getLong(2)).as(when).isZero();
        }
    }

    /** A setting of the role or the session must not reach into a transaction of smartdata. */
    @Test
    void whatASessionHasSetMakesNoDifference() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET smartdata.org = 'globex'; SET smartdata.system = 'on'");
        }
        long[] seen = new long[1];
        storage.events().append(acme, JdbcStorage.joining(begun()), transaction -> true);
        storage.kpis().snapshot(acme, snapshot -> {
            snapshot.events(EventRange.all(), event -> seen[0]++);
            return true;
        });
        assertThat(seen[0]).isEqualTo(EVENTS_OF_ACME);
    }

    private Connection begun() throws SQLException {
        Connection connection = DriverManager.getConnection(app);
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void thePolicyIsWorkedOutOnceForAStatement() throws SQLException {
        for (String statement : List.of(
                "SELECT count(*) FROM smartdata.event",
                "UPDATE smartdata.event SET value = 1",
                "SELECT count(*) FROM smartdata.receipt",
                "SELECT count(*) FROM smartdata.kpi_delta")) {
            String plan = plan(statement);
            assertThat(plan).contains("InitPlan").doesNotContain("SubPlan");
            assertThat(plan.lines().filter(line -> line.contains("loops=") && !line.contains("loops=1")))
                    .as(plan)
                    .isEmpty();
        }
    }

    @Test
    void theIndexServesUnderThePolicyAsWithoutIt() throws SQLException {
        assertThat(plan("SELECT count(*) FROM smartdata.event WHERE org_no = 1 AND day >= 0 AND day < 9"))
                .containsPattern("Index Cond: .*org_no = 1.*day >= 0.*day < 9");
        assertThat(plan("""
                        SELECT state FROM smartdata.kpi_delta WHERE org_id = 'acme' AND generation = 1
                            AND (family, bucket, source, dimension) > ('a', 'b', 'c', 'd')
                        """)).containsPattern("Index Cond: .*org_id = .*generation = 1.*ROW\\(family");
    }

    private String plan(String statement) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = begun();
                Statement run = connection.createStatement()) {
            run.execute(org("acme"));
            run.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off");
            try (ResultSet lines = run.executeQuery("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + statement)) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            connection.rollback();
        }
        return plan.toString();
    }

    @Test
    void monthsMadeLaterAreReachedThroughTheEventTableOnly() throws SQLException {
        try (HikariDataSource owner = ownerPool()) {
            JdbcStorage keeping = storage.withMigrations(owner);
            SystemScope[] system = new SystemScope[1];
            keeping.open(scope -> system[0] = scope);
            assertThat(keeping.upkeep(system[0]).partitions()).hasSizeGreaterThanOrEqualTo(3);
        }
        String month = text(
                "SELECT max(relname) FROM pg_class WHERE relispartition AND relname LIKE 'event_2%' AND relkind = 'r'");
        assertThatThrownBy(() -> count(app, org("acme"), "SELECT count(*) FROM smartdata." + month))
                .hasMessageContaining("permission denied");
        assertThat(count(app, org("acme"), "SELECT count(*) FROM smartdata.event"))
                .isEqualTo(EVENTS_OF_ACME);
        assertThat(count(app, org("globex"), "SELECT count(*) FROM smartdata.event"))
                .isEqualTo(EVENTS_OF_GLOBEX);
        storage.open(system -> {});
    }

    private HikariDataSource ownerPool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Databases.as("smartdata_migrate", app));
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    private String text(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(superuser);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void deadLettersOfAllOrgsAreCountedForTheOperator() {
        for (String org : List.of("acme", "globex")) {
            Databases.run(superuser, """
                    INSERT INTO smartdata.dead_letter (org_id, id, receipt_id, source, row_number, code, message, format,
                        context, payload, received_at, status, attempts)
                    VALUES ('%s', '1', '1', 'shop', 1, 'invalid_name', '', 'csv', '', '', 0, 'OPEN', 0)
                    """.formatted(org));
        }
        assertThat(storage.examine())
                .filteredOn(finding -> finding.code().equals("dead_letters_open"))
                .singleElement()
                .extracting(Finding::what)
                .asString()
                .startsWith("2 dead letters");
    }
}

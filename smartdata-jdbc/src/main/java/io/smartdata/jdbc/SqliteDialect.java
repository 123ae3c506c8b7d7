package io.smartdata.jdbc;

import io.smartdata.jdbc.JdbcStorage.Requirement;
import io.smartdata.storage.Upkeep;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** SQLite in WAL mode, {@code synchronous=FULL}: one writer, many readers, durable at commit. */
final class SqliteDialect implements Dialect {
    /** Of 4 KiB: the log is written back after some batches, not after each. */
    private static final int CHECKPOINT_PAGES = 8000;

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int IO_ERROR = 10;
    private static final Set<Integer> UNAVAILABLE = Set.of(7, 8, IO_ERROR, 13, 14);
    private static final Finding ROLES_UNSUPPORTED = Finding.warning(
            "roles_unsupported",
            "SQLite knows no roles. Orgs are kept apart by smartdata's own statements, and the file by who may read it.",
            "Take PostgreSQL where the database itself is to keep orgs apart.");

    private final EventTable events = new SqliteEvents();
    private final TableNames tables = new TableNames("sd_");

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public String tables(String sql) {
        return tables.in(sql);
    }

    /** SQLite's clock ticks in milliseconds. */
    @Override
    public String now() {
        return "(CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000)";
    }

    /** The snapshot is taken when a table is first read, so a clock read before it is early enough. */
    @Override
    public String begun() {
        return now();
    }

    @Override
    public String forShare() {
        return "";
    }

    @Override
    public String forUpdate() {
        return "";
    }

    @Override
    public String forUpdateSkipLocked() {
        return "";
    }

    /** The file remembers it: readers do not wait for the writer, whoever made the pool. */
    @Override
    public void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        execute(connection, "PRAGMA journal_mode = WAL");
    }

    /** Transactions are begun in SQL, so the driver must not begin its own. */
    @Override
    public void beginWrite(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            statement.execute("BEGIN IMMEDIATE");
        }
    }

    @Override
    public void beginSnapshotWrite(Connection connection) throws SQLException {
        beginWrite(connection);
    }

    @Override
    public void beginRead(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        execute(connection, "BEGIN");
    }

    /** Events are never moved. */
    @Override
    public void holdEvents(Handle handle) {}

    @Override
    public boolean server() {
        return false;
    }

    @Override
    public List<Finding> examine(Handle handle, Requirement requirement) {
        return List.of(
                requirement == Requirement.TLS
                        ? Finding.ok("tls", "SQLite is a file on this machine; nothing crosses a network.")
                        : ROLES_UNSUPPORTED);
    }

    @Override
    public List<Finding> examineServer(Handle handle) {
        String mode =
                handle.createQuery("PRAGMA journal_mode").mapTo(String.class).one();
        return List.of(
                mode.equals("wal") || mode.equals("memory")
                        ? Finding.ok(
                                "durability",
                                "Every commit is on the disk when it is acknowledged (WAL, synchronous=FULL).")
                        : Finding.warning(
                                "sqlite_not_wal",
                                "The file is in journal mode %s. Readers and the writer wait for each other."
                                        .formatted(mode),
                                "Run smartdata migrate while no other program has the file open; it switches to WAL."));
    }

    @Override
    public List<Finding> examineTables(Handle handle) {
        return List.of();
    }

    @Override
    public Upkeep upkeep(Database database) {
        return Upkeep.nothing("SQLite keeps all events in one table, which needs no partitions.");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        execute(connection, "ROLLBACK");
    }

    @Override
    public void release(Connection connection) {}

    /** When syncing the log fails, its commit record may be on the disk already. */
    @Override
    public boolean commitUnknown(SQLException e) {
        return (e.getErrorCode() & 0xff) == IO_ERROR;
    }

    @Override
    public boolean singleWriter() {
        return true;
    }

    @Override
    public int fetchSize() {
        return 0;
    }

    @Override
    public @Nullable Object decimal(@Nullable BigDecimal value) {
        return Columns.text(value);
    }

    @Override
    public EventTable events() {
        return events;
    }

    @Override
    public ErrorKind classify(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return ErrorKind.UNAVAILABLE;
        }
        int code = e.getErrorCode() & 0xff;
        if (code == BUSY || code == LOCKED || UNAVAILABLE.contains(code)) {
            return ErrorKind.UNAVAILABLE;
        }
        return ErrorKind.FAILURE;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.smartdata.jdbc;

import io.smartdata.event.Event;
import io.smartdata.storage.Upkeep;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.HashSet;
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
    private static final String INSERT = """
            INSERT INTO sd_event (org_no, day, source_id, event_id, event_id_text, fingerprint, name, occurred_at, value,
                subject, entity, session, schema_version, properties, received_at, receipt_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_no, day, source_id, event_id) DO NOTHING
            """;
    private static final String FINGERPRINT =
            "SELECT fingerprint FROM sd_event WHERE org_no = ? AND day = ? AND source_id = ? AND event_id = ?";

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
        return value == null ? null : value.toString();
    }

    @Override
    public byte @Nullable [][] insertEvents(Handle handle, int orgNo, List<EventRow> rows, long receivedAt)
            throws SQLException {
        Set<Integer> inserted = insert(handle, orgNo, rows, receivedAt);
        byte @Nullable [][] storedBefore = new byte[rows.size()][];
        if (inserted.size() < rows.size()) {
            try (PreparedStatement query = handle.getConnection().prepareStatement(FINGERPRINT)) {
                for (int i = 0; i < rows.size(); i++) {
                    if (!inserted.contains(i)) {
                        storedBefore[i] = fingerprint(query, orgNo, rows.get(i));
                    }
                }
            }
        }
        return storedBefore;
    }

    private Set<Integer> insert(Handle handle, int orgNo, List<EventRow> rows, long receivedAt) throws SQLException {
        try (PreparedStatement insert = handle.getConnection().prepareStatement(INSERT)) {
            for (EventRow row : rows) {
                Event event = row.candidate().event();
                insert.setInt(1, orgNo);
                insert.setInt(2, row.day());
                insert.setInt(3, row.sourceId());
                insert.setBytes(4, row.id().key());
                insert.setString(5, event.id().original());
                insert.setBytes(6, row.candidate().fingerprint());
                insert.setString(7, event.name());
                insert.setLong(8, Columns.micros(event.occurredAt()));
                insert.setString(9, (String) decimal(event.value()));
                insert.setString(10, event.subject());
                insert.setString(11, event.entity());
                insert.setString(12, event.session());
                insert.setString(13, event.schemaVersion());
                insert.setString(14, event.properties().json());
                insert.setLong(15, receivedAt);
                insert.setBytes(16, Columns.bytes(row.candidate().receiptId()));
                insert.addBatch();
            }
            int[] counts = insert.executeBatch();
            Set<Integer> inserted = new HashSet<>();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    inserted.add(i);
                }
            }
            return inserted;
        }
    }

    private static byte[] fingerprint(PreparedStatement query, int orgNo, EventRow row) throws SQLException {
        query.setInt(1, orgNo);
        query.setInt(2, row.day());
        query.setInt(3, row.sourceId());
        query.setBytes(4, row.id().key());
        try (ResultSet found = query.executeQuery()) {
            if (!found.next()) {
                throw new SQLException("A row that was in the way is gone");
            }
            return found.getBytes(1);
        }
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

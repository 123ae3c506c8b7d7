package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.tenancy.OrgId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 13 and later, tables in the schema {@code smartdata}. */
final class PostgresDialect implements Dialect {
    private static final Pattern TABLE = Pattern.compile("#(\\w+)");
    private static final Set<String> RETRY = Set.of("40001", "40P01");
    private static final Set<String> UNAVAILABLE = Set.of("57P01", "57P02", "57P03", "55P03", "58030");
    private static final String INSERT = """
            INSERT INTO smartdata.event (org_id, day, source, event_id, event_id_text, fingerprint, name, occurred_at, value,
                subject, entity, session, schema_version, properties, received_at, receipt_id)
            SELECT ?, e.day, e.source, e.event_id, e.event_id_text, e.fingerprint, e.name, e.occurred_at, e.value,
                e.subject, e.entity, e.session, e.schema_version, e.properties, ?, e.receipt_id
            FROM unnest(?::int[], ?::text[], ?::bytea[], ?::text[], ?::bytea[], ?::text[], ?::bigint[], ?::numeric[],
                ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                AS e (day, source, event_id, event_id_text, fingerprint, name, occurred_at, value,
                    subject, entity, session, schema_version, properties, receipt_id)
            ON CONFLICT DO NOTHING
            RETURNING day, source, event_id
            """;
    private static final String FINGERPRINTS = """
            SELECT day, source, event_id, fingerprint FROM smartdata.event
            WHERE org_id = ? AND (day, source, event_id) IN (
                SELECT e.day, e.source, e.event_id FROM unnest(?::int[], ?::text[], ?::bytea[]) AS e (day, source, event_id))
            """;

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String tables(String sql) {
        return TABLE.matcher(sql).replaceAll("smartdata.$1");
    }

    @Override
    public String now() {
        return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
    }

    /** Set by BEGIN, which comes before the snapshot. */
    @Override
    public String begun() {
        return "CAST(EXTRACT(EPOCH FROM transaction_timestamp()) * 1000000 AS BIGINT)";
    }

    @Override
    public String forShare() {
        return " FOR SHARE";
    }

    @Override
    public String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    public String forUpdateSkipLocked() {
        return " FOR UPDATE SKIP LOCKED";
    }

    @Override
    public void beginWrite(Connection connection) throws SQLException {
        begin(connection, "READ COMMITTED READ WRITE");
    }

    @Override
    public void beginSnapshotWrite(Connection connection) throws SQLException {
        begin(connection, "REPEATABLE READ READ WRITE");
    }

    @Override
    public void beginRead(Connection connection) throws SQLException {
        begin(connection, "REPEATABLE READ READ ONLY");
    }

    /** One round trip with the driver's BEGIN; nothing of it outlives the transaction. */
    private static void begin(Connection connection, String mode) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL " + mode);
        }
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public void release(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
    }

    @Override
    public boolean commitUnknown(SQLException e) {
        return classify(e) == ErrorKind.UNAVAILABLE;
    }

    @Override
    public boolean singleWriter() {
        return false;
    }

    @Override
    public int fetchSize() {
        return 2000;
    }

    @Override
    public @Nullable Object decimal(@Nullable BigDecimal value) {
        return value;
    }

    @Override
    public Set<Integer> insertEvents(Handle handle, OrgId org, List<EventRow> rows, long receivedAt)
            throws SQLException {
        Connection connection = handle.getConnection();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, org.value());
            insert.setLong(2, receivedAt);
            ArrayParameters columns = new ArrayParameters(connection, rows, 3, insert);
            columns.add("int4", EventRow::day);
            columns.event("text", Event::source);
            columns.add("bytea", EventRow::id);
            columns.event("text", event -> event.id().original());
            columns.add("bytea", row -> row.candidate().fingerprint());
            columns.event("text", Event::name);
            columns.event("int8", event -> Columns.micros(event.occurredAt()));
            columns.event("numeric", Event::value);
            columns.event("text", Event::subject);
            columns.event("text", Event::entity);
            columns.event("text", Event::session);
            columns.event("text", Event::schemaVersion);
            columns.event("text", event -> event.properties().json());
            columns.add("bytea", row -> Columns.bytes(row.candidate().receiptId()));
            Map<EventRow.Key, Integer> positions = positions(rows);
            Set<Integer> inserted = new HashSet<>();
            try (ResultSet returned = insert.executeQuery()) {
                while (returned.next()) {
                    inserted.add(requireNonNull(positions.get(key(returned))));
                }
            }
            return inserted;
        }
    }

    @Override
    public List<byte[]> fingerprints(Handle handle, OrgId org, List<EventRow> rows) throws SQLException {
        Connection connection = handle.getConnection();
        byte[][] found = new byte[rows.size()][];
        try (PreparedStatement query = connection.prepareStatement(FINGERPRINTS)) {
            query.setString(1, org.value());
            ArrayParameters columns = new ArrayParameters(connection, rows, 2, query);
            columns.add("int4", EventRow::day);
            columns.event("text", Event::source);
            columns.add("bytea", EventRow::id);
            Map<EventRow.Key, Integer> positions = positions(rows);
            try (ResultSet results = query.executeQuery()) {
                while (results.next()) {
                    found[requireNonNull(positions.get(key(results)))] = results.getBytes(4);
                }
            }
        }
        List<byte[]> fingerprints = new ArrayList<>(rows.size());
        for (byte[] fingerprint : found) {
            if (fingerprint == null) {
                throw new SQLException("A row that was in the way is gone", "40001");
            }
            fingerprints.add(fingerprint);
        }
        return fingerprints;
    }

    /** Binds one array parameter after the other. */
    private static final class ArrayParameters {
        private final Connection connection;
        private final List<EventRow> rows;
        private final PreparedStatement statement;
        private int next;

        ArrayParameters(Connection connection, List<EventRow> rows, int first, PreparedStatement statement) {
            this.connection = connection;
            this.rows = rows;
            this.next = first;
            this.statement = statement;
        }

        void event(String type, Function<Event, @Nullable Object> column) throws SQLException {
            add(type, row -> column.apply(row.candidate().event()));
        }

        void add(String type, Function<EventRow, @Nullable Object> column) throws SQLException {
            Object[] values = new Object[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = column.apply(rows.get(i));
            }
            Array array = connection.createArrayOf(type, type.equals("bytea") ? bytes(values) : values);
            statement.setArray(next++, array);
        }

        private static byte[][] bytes(Object[] values) {
            byte[][] bytes = new byte[values.length][];
            for (int i = 0; i < values.length; i++) {
                bytes[i] = (byte[]) values[i];
            }
            return bytes;
        }
    }

    private static Map<EventRow.Key, Integer> positions(List<EventRow> rows) {
        Map<EventRow.Key, Integer> positions = new HashMap<>(rows.size() * 2);
        for (int i = 0; i < rows.size(); i++) {
            positions.put(rows.get(i).key(), i);
        }
        return positions;
    }

    private static EventRow.Key key(ResultSet row) throws SQLException {
        ByteBuffer id = ByteBuffer.wrap(row.getBytes(3));
        return new EventRow.Key(row.getInt(1), row.getString(2), id.getLong(), id.getLong());
    }

    @Override
    public ErrorKind classify(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return ErrorKind.UNAVAILABLE;
        }
        String state = e.getSQLState();
        if (state == null) {
            return ErrorKind.FAILURE;
        }
        if (RETRY.contains(state)) {
            return ErrorKind.RETRY;
        }
        boolean unavailable = state.startsWith("08") || state.startsWith("53") || UNAVAILABLE.contains(state);
        return unavailable ? ErrorKind.UNAVAILABLE : ErrorKind.FAILURE;
    }
}

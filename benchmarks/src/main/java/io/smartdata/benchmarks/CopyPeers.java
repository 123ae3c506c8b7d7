package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** What a good engineer writes for PostgreSQL without a library. */
final class CopyPeers {
    private static final String ORG = "bench";

    private CopyPeers() {}

    /** Binary COPY into one table without any index: no duplicate is noticed, nothing is counted. */
    static Contender bareCopy(String url) throws SQLException {
        Connection connection = connect(url);
        execute(connection, """
                CREATE TABLE bare (org text NOT NULL, source text NOT NULL, id uuid NOT NULL, name text NOT NULL,
                    occurred_at timestamptz NOT NULL, value numeric, subject text, properties text NOT NULL)
                """);
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        return new Peer(connection, batch -> {
            BinaryRows rows = new BinaryRows(copies, "COPY bare FROM STDIN (FORMAT binary)");
            for (Event event : batch) {
                rows.row(8);
                rows.text(ORG);
                rows.text(event.source());
                rows.id(event.id().high(), event.id().low());
                rows.text(event.name());
                rows.int8(micros(event) - POSTGRES_EPOCH_MICROS);
                rows.numeric(event.value());
                rows.text(event.subject());
                rows.text(event.properties().json());
            }
            return rows.end();
        });
    }

    /** 2000-01-01T00:00Z, from where PostgreSQL counts. */
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    /**
     * COPY to a temporary stage, one INSERT ... SELECT ... ON CONFLICT DO NOTHING into a table with smartdata's columns and
     * primary key, and the totals of what was new added to one row per name and day. The rows go in in the order of the
     * key, which keeps the index in the cache and concurrent writers out of deadlocks.
     */
    static Contender handWritten(String url) throws SQLException {
        migrate(url);
        Connection connection = connect(url);
        execute(connection, """
                CREATE SCHEMA peer;
                CREATE TABLE peer.event (LIKE smartdata.event INCLUDING ALL);
                CREATE TABLE peer.kpi (org_id text COLLATE "C", source text COLLATE "C", name text COLLATE "C", day integer,
                    events bigint NOT NULL, total numeric NOT NULL, PRIMARY KEY (org_id, source, name, day));
                CREATE TEMPORARY TABLE stage (LIKE peer.event) ON COMMIT DELETE ROWS
                """);
        List<Column> columns = columns(connection);
        PreparedStatement merge = connection.prepareStatement("""
                WITH added AS (
                    INSERT INTO peer.event SELECT * FROM stage ORDER BY day, event_id
                    ON CONFLICT DO NOTHING RETURNING name, day, value
                ), totals AS (
                    SELECT name, day, count(*) AS events, coalesce(sum(value), 0) AS total FROM added GROUP BY name, day
                ), merged AS (
                    INSERT INTO peer.kpi AS kpi SELECT ?, ?, name, day, events, total FROM totals ORDER BY name, day
                    ON CONFLICT (org_id, source, name, day)
                    DO UPDATE SET events = kpi.events + excluded.events, total = kpi.total + excluded.total
                )
                SELECT coalesce(sum(events), 0) FROM totals
                """);
        merge.setString(1, ORG);
        merge.setString(2, IngestWorkload.SOURCE);
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        return new Peer(connection, batch -> {
            BinaryRows rows = new BinaryRows(copies, "COPY stage FROM STDIN (FORMAT binary)");
            for (Event event : batch) {
                rows.row(columns.size());
                for (Column column : columns) {
                    column.write(rows, event);
                }
            }
            rows.end();
            try (ResultSet added = merge.executeQuery()) {
                added.next();
                return added.getLong(1);
            }
        });
    }

    private static void migrate(String url) {
        try (JdbcStorage storage = JdbcStorage.open(url)) {
            storage.open(system -> {});
        }
    }

    private interface Column {
        void write(BinaryRows rows, Event event);
    }

    private static List<Column> columns(Connection connection) throws SQLException {
        long now = System.currentTimeMillis() * 1000;
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("""
                        SELECT column_name || ' ' || udt_name, is_nullable = 'YES' FROM information_schema.columns
                        WHERE table_schema = 'peer' AND table_name = 'event' ORDER BY ordinal_position
                        """)) {
            while (results.next()) {
                columns.add(column(results.getString(1), results.getBoolean(2), now));
            }
        }
        connection.commit();
        return columns;
    }

    /** Where smartdata keeps a hash, the peer keeps bytes it has at hand. */
    private static Column column(String column, boolean nullable, long now) {
        return switch (column) {
            case "org_no int4", "source_id int4" -> (rows, event) -> rows.int4(1);
            case "day int4" -> (rows, event) -> rows.int4(day(event));
            case "event_id bytea", "fingerprint bytea" ->
                (rows, event) -> rows.id(event.id().high(), event.id().low());
            case "receipt_id bytea" -> (rows, event) -> rows.id(1, 2);
            case "name text" -> (rows, event) -> rows.text(event.name());
            case "occurred_at int8" -> (rows, event) -> rows.int8(micros(event));
            case "received_at int8" -> (rows, event) -> rows.int8(now);
            case "value numeric" -> (rows, event) -> rows.numeric(event.value());
            case "subject text" -> (rows, event) -> rows.text(event.subject());
            case "properties text" ->
                (rows, event) -> rows.text(event.properties().json());
            default -> {
                if (!nullable) {
                    throw new IllegalStateException("The peer does not know what belongs into the column " + column);
                }
                yield (rows, event) -> rows.nothing();
            }
        };
    }

    private static int day(Event event) {
        return (int) Math.floorDiv(event.occurredAt().getEpochSecond(), 86_400L);
    }

    private static long micros(Event event) {
        return event.occurredAt().getEpochSecond() * 1_000_000
                + event.occurredAt().getNano() / 1000;
    }

    private static Connection connect(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        connection.commit();
    }

    private interface Insert {
        long rows(List<Event> batch) throws SQLException;
    }

    /** One transaction a batch. */
    private record Peer(Connection connection, Insert insert) implements Contender {
        @Override
        public long write(List<Event> batch) throws SQLException {
            long stored = insert.rows(batch);
            connection.commit();
            return stored;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}

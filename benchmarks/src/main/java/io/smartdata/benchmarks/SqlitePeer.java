package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A prepared batch insert into one table with smartdata's columns and primary key, one transaction a batch, with the pragmas
 * smartdata uses. Nothing is counted, and a duplicate would fail the batch.
 */
record SqlitePeer(Connection connection, PreparedStatement insert, List<Column> columns) implements Contender {
    static SqlitePeer open(String url) throws SQLException {
        try (JdbcStorage storage = JdbcStorage.open(url)) {
            storage.open(system -> {});
        }
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            for (String pragma : List.of("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536")) {
                statement.execute("PRAGMA " + pragma);
            }
            statement.execute("PRAGMA wal_autocheckpoint = 8000");
            statement.execute(tableLikeOurs(statement));
        }
        connection.setAutoCommit(false);
        List<Column> columns = columns(connection);
        String parameters = String.join(", ", Collections.nCopies(columns.size(), "?"));
        return new SqlitePeer(
                connection, connection.prepareStatement("INSERT INTO peer_event VALUES (" + parameters + ")"), columns);
    }

    private static String tableLikeOurs(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT sql FROM sqlite_master WHERE name = 'sd_event'")) {
            return result.getString(1).replaceFirst("sd_event", "peer_event");
        }
    }

    interface Column {
        void bind(PreparedStatement insert, int parameter, Event event) throws SQLException;
    }

    private static List<Column> columns(Connection connection) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(
                        "SELECT name || ' ' || type, \"notnull\" FROM pragma_table_info('peer_event') ORDER BY cid")) {
            while (results.next()) {
                columns.add(column(results.getString(1), results.getBoolean(2)));
            }
        }
        connection.commit();
        return columns;
    }

    /** Where smartdata keeps a hash, the peer keeps bytes it has at hand. */
    private static Column column(String column, boolean notNull) {
        long now = System.currentTimeMillis() * 1000;
        return switch (column) {
            case "org_no INTEGER", "source_id INTEGER" -> (insert, parameter, event) -> insert.setInt(parameter, 1);
            case "day INTEGER" ->
                (insert, parameter, event) ->
                        insert.setLong(parameter, event.occurredAt().getEpochSecond() / 86_400);
            case "event_id BLOB", "fingerprint BLOB" ->
                (insert, parameter, event) ->
                        insert.setBytes(parameter, event.id().key());
            case "receipt_id BLOB" ->
                (insert, parameter, event) -> insert.setBytes(
                        parameter, ByteBuffer.allocate(16).putLong(8, now).array());
            case "name TEXT" -> (insert, parameter, event) -> insert.setString(parameter, event.name());
            case "occurred_at BIGINT" ->
                (insert, parameter, event) -> insert.setLong(
                        parameter,
                        event.occurredAt().getEpochSecond() * 1_000_000
                                + event.occurredAt().getNano() / 1000);
            case "received_at BIGINT" -> (insert, parameter, event) -> insert.setLong(parameter, now);
            case "value TEXT" ->
                (insert, parameter, event) -> insert.setString(parameter, String.valueOf(event.value()));
            case "subject TEXT" -> (insert, parameter, event) -> insert.setString(parameter, event.subject());
            case "properties TEXT" ->
                (insert, parameter, event) ->
                        insert.setString(parameter, event.properties().json());
            default -> {
                if (notNull) {
                    throw new IllegalStateException("The peer does not know what belongs into the column " + column);
                }
                yield (insert, parameter, event) -> insert.setNull(parameter, 0);
            }
        };
    }

    @Override
    public long write(List<Event> batch) throws SQLException {
        for (Event event : batch) {
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).bind(insert, i + 1, event);
            }
            insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
        return batch.size();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

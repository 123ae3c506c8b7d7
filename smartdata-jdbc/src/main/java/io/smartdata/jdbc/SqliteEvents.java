package io.smartdata.jdbc;

import io.smartdata.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One prepared statement over all rows; those that changed nothing were in the way of themselves. */
final class SqliteEvents implements EventTable {
    private static final String INSERT = """
            INSERT INTO sd_event (org_no, day, source_id, event_id, event_id_text, fingerprint, name, occurred_at, value,
                subject, entity, session, schema_version, properties, received_at, receipt_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_no, day, source_id, event_id) DO NOTHING
            """;
    private static final String FINGERPRINT =
            "SELECT fingerprint FROM sd_event WHERE org_no = ?1 AND source_id = ?2 AND event_id = ?3 AND day = ?4";
    private static final String TAKE = """
            INSERT INTO sd_event_key (org_no, source_id, event_id, day, fingerprint) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (org_no, source_id, event_id) DO NOTHING
            """;
    /** Whatever the day; the parameter is there for the sake of {@link #FINGERPRINT}. */
    private static final String TAKEN =
            "SELECT fingerprint FROM sd_event_key WHERE org_no = ?1 AND source_id = ?2 AND event_id = ?3 AND ?4 NOT NULL";

    @Override
    public byte[] @Nullable [] insert(Connection connection, int orgNo, List<EventRow> rows, long receivedAt)
            throws SQLException {
        int[] changes;
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (EventRow row : rows) {
                bind(insert, orgNo, row, receivedAt);
                insert.addBatch();
            }
            changes = insert.executeBatch();
        }
        return storedBefore(connection, FINGERPRINT, orgNo, rows, changes);
    }

    private static void bind(PreparedStatement insert, int orgNo, EventRow row, long receivedAt) throws SQLException {
        Event event = row.candidate().event();
        insert.setInt(1, orgNo);
        insert.setInt(2, row.day());
        insert.setInt(3, row.sourceId());
        insert.setBytes(4, row.id().key());
        insert.setString(5, event.id().original());
        insert.setBytes(6, row.candidate().fingerprint());
        insert.setString(7, event.name());
        insert.setLong(8, Columns.micros(event.occurredAt()));
        insert.setString(9, Columns.text(event.value()));
        insert.setString(10, event.subject());
        insert.setString(11, event.entity());
        insert.setString(12, event.session());
        insert.setString(13, event.schemaVersion());
        insert.setString(14, event.properties().json());
        insert.setLong(15, receivedAt);
        insert.setBytes(16, Columns.bytes(row.candidate().receiptId()));
    }

    @Override
    public byte[] @Nullable [] takeForever(Connection connection, int orgNo, List<EventRow> rows) throws SQLException {
        int[] changes;
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            for (EventRow row : rows) {
                take.setInt(1, orgNo);
                take.setInt(2, row.sourceId());
                take.setBytes(3, row.id().key());
                take.setInt(4, row.day());
                take.setBytes(5, row.candidate().fingerprint());
                take.addBatch();
            }
            changes = take.executeBatch();
        }
        return storedBefore(connection, TAKEN, orgNo, rows, changes);
    }

    /** Looks for those that changed nothing. */
    private static byte[] @Nullable [] storedBefore(
            Connection connection, String fingerprint, int orgNo, List<EventRow> rows, int[] changes)
            throws SQLException {
        byte[] @Nullable [] storedBefore = new byte[rows.size()][];
        try (PreparedStatement query = connection.prepareStatement(fingerprint)) {
            for (int i = 0; i < changes.length; i++) {
                if (changes[i] == 0) {
                    EventRow row = rows.get(i);
                    query.setInt(1, orgNo);
                    query.setInt(2, row.sourceId());
                    query.setBytes(3, row.id().key());
                    query.setInt(4, row.day());
                    storedBefore[i] = one(query);
                }
            }
        }
        return storedBefore;
    }

    private static byte[] one(PreparedStatement query) throws SQLException {
        try (ResultSet found = query.executeQuery()) {
            if (!found.next()) {
                throw new SQLException("A row that was in the way is gone");
            }
            return found.getBytes(1);
        }
    }
}

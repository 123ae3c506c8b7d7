package io.smartdata.jdbc;

import io.smartdata.event.Event;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event table under its unique key. Few rows go through one statement that leaves out what is there. Many rows are
 * expected to be new and are copied in; where duplicates are likely, or the copy met one, a probe finds them first. A row the
 * probe did not see may still be in the way, put there meanwhile: then the one statement decides.
 */
final class PostgresEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresEvents.class);
    private static final String UNIQUE_VIOLATION = "23505";
    /** For example under row-level security, where the server takes rows by INSERT only. */
    private static final String NOT_SUPPORTED = "0A000";
    /** From about this many rows a copy with its savepoint is quicker than one statement with arrays. */
    private static final int COPY_FROM = 100;

    private static final int COLUMNS = 16;
    private static final String TARGET = """
            smartdata.event (org_no, day, source_id, event_id, event_id_text, fingerprint, name, occurred_at, value,
                subject, entity, session, schema_version, properties, received_at, receipt_id)""";
    private static final String INSERT = """
            INSERT INTO %s
            SELECT ?, e.day, e.source_id, e.event_id, e.event_id_text, e.fingerprint, e.name, e.occurred_at, e.value,
                e.subject, e.entity, e.session, e.schema_version, e.properties, ?, e.receipt_id
            FROM unnest(?::int[], ?::int[], ?::bytea[], ?::text[], ?::bytea[], ?::text[], ?::bigint[], ?::numeric[],
                ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                AS e (day, source_id, event_id, event_id_text, fingerprint, name, occurred_at, value,
                    subject, entity, session, schema_version, properties, receipt_id)
            ON CONFLICT DO NOTHING
            RETURNING day, source_id, event_id
            """.formatted(TARGET);
    /** LIMIT keeps the plan to one look into the index for each key, whatever the planner thinks of the table. */
    private static final String PROBE = """
            SELECT k.place, stored.fingerprint
            FROM unnest(?::int[], ?::int[], ?::bytea[]) WITH ORDINALITY AS k (day, source_id, event_id, place)
            CROSS JOIN LATERAL (
                SELECT e.fingerprint FROM smartdata.event e
                WHERE e.org_no = ? AND e.day = k.day AND e.source_id = k.source_id AND e.event_id = k.event_id
                LIMIT 1) AS stored
            """;

    private final RecentEvents recent = new RecentEvents();
    private volatile boolean copyRefused;

    /** As {@link Dialect#insertEvents}. */
    byte @Nullable [][] insert(Connection connection, int orgNo, List<EventRow> rows, long receivedAt)
            throws SQLException {
        Insert insert = new Insert(connection, orgNo, rows, receivedAt);
        if (rows.size() >= COPY_FROM && copies(connection)) {
            insert.byCopy();
        } else {
            insert.byStatement();
        }
        return insert.storedBefore;
    }

    /** True if rows can be copied in over this connection. */
    boolean copies(Connection connection) throws SQLException {
        return !copyRefused && PostgresCopy.possible(connection);
    }

    /** One list of rows on its way into the table. */
    private final class Insert {
        private final Connection connection;
        private final int orgNo;
        private final List<EventRow> all;
        private final long receivedAt;
        private final byte @Nullable [][] storedBefore;

        Insert(Connection connection, int orgNo, List<EventRow> all, long receivedAt) {
            this.connection = connection;
            this.orgNo = orgNo;
            this.all = all;
            this.receivedAt = receivedAt;
            this.storedBefore = new byte[all.size()][];
        }

        void byCopy() throws SQLException {
            probe(seenLately());
            if (copied()) {
                return;
            }
            probe(missing());
            if (copyRefused || !copied()) {
                byStatement();
            }
        }

        private List<Integer> seenLately() {
            List<Integer> seen = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if (recent.seen(orgNo, all.get(i))) {
                    seen.add(i);
                }
            }
            return seen;
        }

        private List<Integer> missing() {
            List<Integer> missing = new ArrayList<>(all.size());
            for (int i = 0; i < all.size(); i++) {
                if (storedBefore[i] == null) {
                    missing.add(i);
                }
            }
            return missing;
        }

        /** Finds which of the rows are stored. */
        private void probe(List<Integer> places) throws SQLException {
            if (places.isEmpty()) {
                return;
            }
            List<EventRow> rows = places.stream().map(all::get).toList();
            try (PreparedStatement probe = connection.prepareStatement(PROBE)) {
                ArrayParameters columns = new ArrayParameters(connection, rows, 1, probe);
                columns.key();
                probe.setInt(4, orgNo);
                try (ResultSet found = probe.executeQuery()) {
                    while (found.next()) {
                        storedBefore[places.get(found.getInt(1) - 1)] = found.getBytes(2);
                    }
                }
            }
        }

        /** Copies what is not known to be stored; false if one of the rows was in the way and nothing was copied. */
        private boolean copied() throws SQLException {
            List<Integer> places = missing();
            if (places.isEmpty()) {
                return true;
            }
            Savepoint savepoint = connection.setSavepoint();
            try (PostgresCopy copy = PostgresCopy.into(connection, TARGET)) {
                for (int place : places) {
                    write(copy, all.get(place));
                }
                copy.end();
            } catch (SQLException e) {
                if (!UNIQUE_VIOLATION.equals(e.getSQLState()) && !NOT_SUPPORTED.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback(savepoint);
                copyRefused |= NOT_SUPPORTED.equals(e.getSQLState());
                LOG.debug("Rows could not be copied, state={}", e.getSQLState());
                return false;
            }
            connection.releaseSavepoint(savepoint);
            return true;
        }

        private void write(PostgresCopy copy, EventRow row) throws SQLException {
            Event event = row.candidate().event();
            copy.row(COLUMNS);
            copy.number(orgNo);
            copy.number(row.day());
            copy.number(row.sourceId());
            copy.bytes(row.high(), row.low());
            copy.text(row.id().original());
            copy.bytes(row.candidate().fingerprint());
            copy.text(event.name());
            copy.number(Columns.micros(event.occurredAt()));
            copy.decimal(event.value());
            copy.text(event.subject());
            copy.text(event.entity());
            copy.text(event.session());
            copy.text(event.schemaVersion());
            copy.text(event.properties().json());
            copy.number(receivedAt);
            copy.bytes(
                    row.candidate().receiptId().getMostSignificantBits(),
                    row.candidate().receiptId().getLeastSignificantBits());
        }

        /** Inserts what is not known to be stored and finds what was in the way. */
        void byStatement() throws SQLException {
            List<Integer> places = missing();
            if (places.isEmpty()) {
                return;
            }
            List<EventRow> rows = places.stream().map(all::get).toList();
            boolean[] inserted = new boolean[rows.size()];
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setInt(1, orgNo);
                insert.setLong(2, receivedAt);
                bind(insert, rows);
                try (ResultSet returned = insert.executeQuery()) {
                    while (returned.next()) {
                        inserted[place(rows, returned)] = true;
                    }
                }
            }
            List<Integer> inTheWay = new ArrayList<>();
            for (int i = 0; i < inserted.length; i++) {
                if (!inserted[i]) {
                    inTheWay.add(places.get(i));
                }
            }
            probe(inTheWay);
            for (int place : inTheWay) {
                if (storedBefore[place] == null) {
                    throw new SQLException("A row that was in the way is gone", "40001");
                }
            }
        }

        private void bind(PreparedStatement insert, List<EventRow> rows) throws SQLException {
            ArrayParameters columns = new ArrayParameters(connection, rows, 3, insert);
            columns.key();
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
        }

        private static int place(List<EventRow> sorted, ResultSet key) throws SQLException {
            int day = key.getInt(1);
            int sourceId = key.getInt(2);
            byte[] id = key.getBytes(3);
            int low = 0;
            int high = sorted.size() - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sorted.get(middle).compareKey(day, sourceId, id) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
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

        void key() throws SQLException {
            add("int4", EventRow::day);
            add("int4", EventRow::sourceId);
            add("bytea", row -> row.id().key());
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
}

package io.smartdata.jdbc;

import io.smartdata.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event table under its unique key. Few rows go through one statement that leaves out what is there. Many rows are
 * expected to be new and are copied in; where duplicates are likely, or the copy met one, a probe finds them first. A row the
 * probe did not see may still be in the way, put there meanwhile: then the one statement decides.
 */
final class PostgresEvents implements EventTable {
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

    private static final String TAKE = """
            INSERT INTO smartdata.event_key (source_id, event_id, day, fingerprint, org_no)
            SELECT k.*, ? FROM unnest(?::int[], ?::bytea[], ?::int[], ?::bytea[]) AS k (source_id, event_id, day, fingerprint)
            ON CONFLICT DO NOTHING
            RETURNING source_id, event_id
            """;
    private static final String PROBE_TAKEN = """
            SELECT k.place, taken.fingerprint
            FROM unnest(?::int[], ?::bytea[]) WITH ORDINALITY AS k (source_id, event_id, place)
            CROSS JOIN LATERAL (
                SELECT e.fingerprint FROM smartdata.event_key e
                WHERE e.org_no = ? AND e.source_id = k.source_id AND e.event_id = k.event_id
                LIMIT 1) AS taken
            """;

    private final RecentEvents recent = new RecentEvents();
    private volatile boolean copyRefused;

    /**
     * @param copies false if the server is known to take rows by INSERT only
     */
    PostgresEvents(boolean copies) {
        this.copyRefused = !copies;
    }

    @Override
    public byte[] @Nullable [] insert(Connection connection, int orgNo, List<EventRow> rows, long receivedAt)
            throws SQLException {
        Insert insert = new Insert(connection, orgNo, rows, receivedAt);
        if (rows.size() >= COPY_FROM && copies(connection)) {
            insert.byCopy();
        } else {
            insert.byStatement();
        }
        return insert.storedBefore;
    }

    @Override
    public byte[] @Nullable [] takeForever(Connection connection, int orgNo, List<EventRow> rows) throws SQLException {
        byte[] @Nullable [] storedBefore = new byte[rows.size()][];
        boolean[] taken = new boolean[rows.size()];
        try (PreparedStatement insert = connection.prepareStatement(TAKE)) {
            PostgresArrays columns = new PostgresArrays(connection, rows, 2, insert);
            columns.add("int4", EventRow::sourceId);
            columns.add("bytea", row -> row.id().key());
            columns.add("int4", EventRow::day);
            columns.add("bytea", row -> row.candidate().fingerprint());
            insert.setInt(1, orgNo);
            try (ResultSet returned = insert.executeQuery()) {
                while (returned.next()) {
                    int sourceId = returned.getInt(1);
                    byte[] id = returned.getBytes(2);
                    taken[place(rows, row -> row.compareId(sourceId, id))] = true;
                }
            }
        }
        List<Integer> inTheWay = places(taken);
        if (!inTheWay.isEmpty()) {
            List<EventRow> lost = inTheWay.stream().map(rows::get).toList();
            try (PreparedStatement probe = connection.prepareStatement(PROBE_TAKEN)) {
                PostgresArrays columns = new PostgresArrays(connection, lost, 1, probe);
                columns.add("int4", EventRow::sourceId);
                columns.add("bytea", row -> row.id().key());
                probe.setInt(3, orgNo);
                read(probe, inTheWay, storedBefore);
            }
            requireAll(inTheWay, storedBefore);
        }
        return storedBefore;
    }

    /** Places where nothing was inserted. */
    private static List<Integer> places(boolean[] inserted) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < inserted.length; i++) {
            if (!inserted[i]) {
                places.add(i);
            }
        }
        return places;
    }

    private static int place(List<EventRow> sorted, ToIntFunction<EventRow> compared) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compared.applyAsInt(sorted.get(middle)) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Reads (place from 1 among {@code places}, fingerprint). */
    private static void read(PreparedStatement probe, List<Integer> places, byte[] @Nullable [] storedBefore)
            throws SQLException {
        try (ResultSet found = probe.executeQuery()) {
            while (found.next()) {
                storedBefore[places.get(found.getInt(1) - 1)] = found.getBytes(2);
            }
        }
    }

    private static void requireAll(List<Integer> places, byte[] @Nullable [] storedBefore) throws SQLException {
        for (int place : places) {
            if (storedBefore[place] == null) {
                throw new SQLException("A row that was in the way is gone", "40001");
            }
        }
    }

    /** True if the server refuses to copy; then nobody asks it again. */
    boolean refusedCopy(SQLException e) {
        boolean refused = NOT_SUPPORTED.equals(e.getSQLState());
        copyRefused |= refused;
        return refused;
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
        private final byte[] @Nullable [] storedBefore;

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
                PostgresArrays columns = new PostgresArrays(connection, rows, 1, probe);
                columns.key();
                probe.setInt(4, orgNo);
                read(probe, places, storedBefore);
            }
        }

        /** Copies what is not known to be stored; false if one of the rows was in the way and nothing was copied. */
        private boolean copied() throws SQLException {
            if (Arrays.stream(storedBefore).allMatch(Objects::nonNull)) {
                return true;
            }
            SqlSavepoint savepoint = SqlSavepoint.set(connection, "smartdata_copy");
            try (PostgresCopy copy = PostgresCopy.into(connection, TARGET)) {
                for (int i = 0; i < storedBefore.length; i++) {
                    if (storedBefore[i] == null) {
                        write(copy, all.get(i));
                    }
                }
                copy.end();
            } catch (SQLException e) {
                if (!UNIQUE_VIOLATION.equals(e.getSQLState()) && !refusedCopy(e)) {
                    throw e;
                }
                savepoint.rollBack();
                LOG.debug("Rows could not be copied, state={}", e.getSQLState());
                return false;
            }
            savepoint.release();
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
                        int day = returned.getInt(1);
                        int sourceId = returned.getInt(2);
                        byte[] id = returned.getBytes(3);
                        inserted[place(rows, row -> row.compareKey(day, sourceId, id))] = true;
                    }
                }
            }
            List<Integer> inTheWay = places(inserted).stream().map(places::get).toList();
            probe(inTheWay);
            requireAll(inTheWay, storedBefore);
        }

        private void bind(PreparedStatement insert, List<EventRow> rows) throws SQLException {
            PostgresArrays columns = new PostgresArrays(connection, rows, 3, insert);
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
    }
}

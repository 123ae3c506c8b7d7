package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterCount;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Dead letters in a table. */
final class JdbcDeadLetterStore implements DeadLetterStore {
    private static final String LETTER =
            "id, receipt_id, source, row_number, code, field, message, format, received_at, status, attempts, note";

    /** A letter may be as large as this many events. */
    private static final int LETTER_ROWS = 100;

    private final Database database;
    private final Dialect dialect;

    JdbcDeadLetterStore(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    static void insert(Handle handle, Dialect dialect, OrgId org, long receivedAt, List<StoredDeadLetter> letters) {
        if (letters.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                        INSERT INTO #dead_letter (org_id, id, receipt_id, source, row_number, code, field, message, format,
                            context, payload, received_at, status, attempts)
                        VALUES (:org, :id, :receipt, :source, :row, :code, :field, :message, :format, :context, :payload,
                            :receivedAt, :status, :attempts)
                        ON CONFLICT (org_id, id) DO NOTHING
                        """));
        for (StoredDeadLetter stored : letters) {
            DeadLetter letter = stored.letter();
            batch.bind("org", org.value())
                    .bind("id", Columns.bytes(letter.id()))
                    .bind("receipt", Columns.bytes(letter.receiptId()))
                    .bind("source", letter.source())
                    .bind("row", letter.row())
                    .bind("code", letter.rejection().code().code())
                    .bind("field", letter.rejection().field())
                    .bind("message", letter.rejection().message())
                    .bind("format", letter.format())
                    .bind("context", stored.context())
                    .bind("payload", stored.payload())
                    .bind("receivedAt", receivedAt)
                    .bind("status", letter.status().name())
                    .bind("attempts", letter.attempts())
                    .add();
        }
        batch.execute();
    }

    static Optional<DeadLetter> lock(Handle handle, Dialect dialect, OrgId org, UUID id) {
        return handle.createQuery(
                        dialect.tables("SELECT " + LETTER + " FROM #dead_letter WHERE org_id = :org AND id = :id")
                                + dialect.forUpdate())
                .bind("org", org.value())
                .bind("id", Columns.bytes(id))
                .map((row, context) -> letter(row))
                .findOne();
    }

    static void settle(Handle handle, Dialect dialect, OrgId org, UUID id, DeadLetter.Status status) {
        handle.createUpdate(dialect.tables("""
                                UPDATE #dead_letter SET status = :status, attempts = attempts + 1
                                WHERE org_id = :org AND id = :id
                                """))
                .bind("status", status.name())
                .bind("org", org.value())
                .bind("id", Columns.bytes(id))
                .execute();
    }

    static long discard(Handle handle, Dialect dialect, OrgId org, DeadLetterFilter filter, String note) {
        return change(handle, dialect, org, filter, DeadLetter.Status.OPEN, "status = 'DISCARDED', note = :note", note);
    }

    static long reopen(Handle handle, Dialect dialect, OrgId org, DeadLetterFilter filter) {
        return change(
                handle,
                dialect,
                org,
                filter,
                DeadLetter.Status.DISCARDED,
                "status = 'OPEN', attempts = 0, note = :note",
                null);
    }

    private static long change(
            Handle handle,
            Dialect dialect,
            OrgId org,
            DeadLetterFilter filter,
            DeadLetter.Status from,
            String changes,
            @Nullable String note) {
        Conditions conditions = new Conditions(org, filter);
        conditions.add("status = :from", Map.of("from", from.name()));
        return handle.createUpdate(dialect.tables("UPDATE #dead_letter SET " + changes + " WHERE " + conditions.sql()))
                .bindMap(conditions.values())
                .bind("note", note)
                .execute();
    }

    static void scan(Handle handle, Dialect dialect, OrgId org, Consumer<StoredDeadLetter> sink) {
        try (Query query = handle.createQuery(dialect.tables("SELECT * FROM #dead_letter WHERE org_id = :org"))) {
            query.setFetchSize(dialect.fetchSize() / LETTER_ROWS)
                    .bind("org", org.value())
                    .map((row, context) -> stored(row))
                    .forEach(sink);
        }
    }

    static long delete(Handle handle, Dialect dialect, OrgId org, Set<UUID> ids) {
        PreparedBatch batch =
                handle.prepareBatch(dialect.tables("DELETE FROM #dead_letter WHERE org_id = :org AND id = :id"));
        ids.forEach(id ->
                batch.bind("org", org.value()).bind("id", Columns.bytes(id)).add());
        return Arrays.stream(batch.execute()).sum();
    }

    private static StoredDeadLetter stored(ResultSet row) throws SQLException {
        return new StoredDeadLetter(letter(row), row.getString("context"), row.getBytes("payload"));
    }

    @Override
    public List<DeadLetter> list(OrgScope scope, DeadLetterQuery query) {
        Conditions conditions = new Conditions(scope.org(), query.filter());
        if (query.after() != null) {
            conditions.after(query.after());
        }
        String sql = "SELECT " + LETTER + " FROM #dead_letter WHERE " + conditions.sql()
                + " ORDER BY received_at, receipt_id, row_number, id LIMIT :limit";
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(dialect.tables(sql))
                        .bindMap(conditions.values())
                        .bind("limit", query.limit())
                        .map((row, context) -> letter(row))
                        .list());
    }

    @Override
    public List<DeadLetterCount> counts(OrgScope scope, DeadLetterFilter filter) {
        Conditions conditions = new Conditions(scope.org(), filter);
        String sql =
                "SELECT code, source, status, COUNT(*), MIN(received_at), MAX(received_at) FROM #dead_letter WHERE "
                        + conditions.sql() + " GROUP BY code, source, status ORDER BY code, source, status";
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(dialect.tables(sql))
                        .bindMap(conditions.values())
                        .map((row, context) -> new DeadLetterCount(
                                RejectionCode.ofCode(row.getString(1)),
                                row.getString(2),
                                DeadLetter.Status.valueOf(row.getString(3)),
                                row.getLong(4),
                                Columns.instant(row.getLong(5)),
                                Columns.instant(row.getLong(6))))
                        .list());
    }

    @Override
    public Optional<StoredDeadLetter> find(OrgScope scope, UUID id) {
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(
                                dialect.tables("SELECT * FROM #dead_letter WHERE org_id = :org AND id = :id"))
                        .bind("org", scope.org().value())
                        .bind("id", Columns.bytes(id))
                        .map((row, context) -> stored(row))
                        .findOne());
    }

    /** What stands behind WHERE, and its values. */
    private static final class Conditions {
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> values = new LinkedHashMap<>();

        Conditions(OrgId org, DeadLetterFilter filter) {
            add("org_id = :org", Map.of("org", org.value()));
            in("id", filter.ids().stream().map(Columns::bytes).toList());
            in("code", filter.codes().stream().map(RejectionCode::code).toList());
            if (filter.status() != null) {
                add("status = :status", Map.of("status", filter.status().name()));
            }
            if (filter.source() != null) {
                add("source = :source", Map.of("source", filter.source()));
            }
            if (filter.receiptId() != null) {
                add("receipt_id = :receipt", Map.of("receipt", Columns.bytes(filter.receiptId())));
            }
            if (filter.from() != null) {
                add("received_at >= :receivedFrom", Map.of("receivedFrom", Columns.micros(filter.from())));
            }
            if (filter.to() != null) {
                add("received_at < :receivedTo", Map.of("receivedTo", Columns.micros(filter.to())));
            }
        }

        /** Behind a letter in the order of listings. */
        void after(DeadLetter last) {
            add(
                    "(received_at, receipt_id, row_number, id) > (:lastReceived, :lastReceipt, :lastRow, :lastId)",
                    Map.of(
                            "lastReceived", Columns.micros(requireNonNull(last.receivedAt())),
                            "lastReceipt", Columns.bytes(last.receiptId()),
                            "lastRow", last.row(),
                            "lastId", Columns.bytes(last.id())));
        }

        private void in(String column, Collection<?> wanted) {
            if (wanted.isEmpty()) {
                return;
            }
            List<String> names = new ArrayList<>(wanted.size());
            for (Object value : wanted) {
                String name = column + names.size();
                names.add(":" + name);
                values.put(name, value);
            }
            conditions.add(column + " IN (" + String.join(", ", names) + ")");
        }

        void add(String condition, Map<String, ?> itsValues) {
            conditions.add(condition);
            values.putAll(itsValues);
        }

        String sql() {
            return String.join(" AND ", conditions);
        }

        Map<String, Object> values() {
            return values;
        }
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(
                Columns.uuid(row.getBytes("id")),
                Columns.uuid(row.getBytes("receipt_id")),
                row.getString("source"),
                row.getLong("row_number"),
                new Rejection(
                        RejectionCode.ofCode(row.getString("code")), row.getString("field"), row.getString("message")),
                row.getString("format"),
                Columns.instant(row.getLong("received_at")),
                DeadLetter.Status.valueOf(row.getString("status")),
                row.getInt("attempts"),
                row.getString("note"));
    }
}

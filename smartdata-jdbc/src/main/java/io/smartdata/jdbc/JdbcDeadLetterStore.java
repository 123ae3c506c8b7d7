package io.smartdata.jdbc;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Dead letters in a table. */
final class JdbcDeadLetterStore implements DeadLetterStore {
    private final Database database;
    private final Dialect dialect;

    JdbcDeadLetterStore(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    static void insert(Handle handle, Dialect dialect, OrgId org, long receivedAt, List<DeadLetter> letters) {
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
        letters.forEach(letter -> batch.bind("org", org.value())
                .bind("id", Columns.bytes(letter.id()))
                .bind("receipt", Columns.bytes(letter.receiptId()))
                .bind("source", letter.source())
                .bind("row", letter.row())
                .bind("code", letter.rejection().code().code())
                .bind("field", letter.rejection().field())
                .bind("message", letter.rejection().message())
                .bind("format", letter.format())
                .bind("context", letter.context())
                .bind("payload", letter.payload())
                .bind("receivedAt", receivedAt)
                .bind("status", letter.status().name())
                .bind("attempts", letter.attempts())
                .add());
        batch.execute();
    }

    @Override
    public List<DeadLetter> list(OrgScope scope, DeadLetterQuery filter) {
        Map<String, Object> conditions = new LinkedHashMap<>();
        if (filter.status() != null) {
            conditions.put("status", filter.status().name());
        }
        if (filter.code() != null) {
            conditions.put("code", filter.code().code());
        }
        if (filter.source() != null) {
            conditions.put("source", filter.source());
        }
        if (filter.receiptId() != null) {
            conditions.put("receipt_id", Columns.bytes(filter.receiptId()));
        }
        StringBuilder sql = new StringBuilder("SELECT * FROM #dead_letter WHERE org_id = :org");
        conditions.keySet().forEach(column -> sql.append(" AND %1$s = :%1$s".formatted(column)));
        sql.append(" ORDER BY received_at, receipt_id, row_number, id LIMIT :limit");
        return database.read(Actor.of(scope), handle -> {
            Query query = handle.createQuery(dialect.tables(sql.toString()))
                    .bind("org", scope.org().value())
                    .bind("limit", filter.limit());
            conditions.forEach(query::bind);
            return query.map((row, context) -> letter(row)).list();
        });
    }

    @Override
    public Optional<DeadLetter> find(OrgScope scope, UUID id) {
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(
                                dialect.tables("SELECT * FROM #dead_letter WHERE org_id = :org AND id = :id"))
                        .bind("org", scope.org().value())
                        .bind("id", Columns.bytes(id))
                        .map((row, context) -> letter(row))
                        .findOne());
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
                row.getString("context"),
                row.getBytes("payload"),
                Columns.instant(row.getLong("received_at")),
                DeadLetter.Status.valueOf(row.getString("status")),
                row.getInt("attempts"));
    }
}

package io.smartdata.jdbc;

import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import io.smartdata.storage.ExportStore;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Exports and their chunks in two tables. Whoever changes an export that runs holds its row, so attempts never mix. */
final class JdbcExportStore implements ExportStore {
    private static final String OF_CALLER = "org_id = :org AND caller = :caller AND expires_at > %1$s";
    private static final String TAKEN =
            " WHERE org_id = :org AND id = :id AND status = 'RUNNING' AND attempt = :attempt";
    private static final String FREE = "status IN ('WAITING', 'RUNNING') AND not_before <= %1$s";
    private static final String REMOVABLE = "expires_at <= %1$s AND (status <> 'RUNNING' OR not_before <= %1$s)";

    private final Database database;
    private final String request;
    private final String find;
    private final String list;
    private final String chunk;
    private final String lock;
    private final String due;
    private final String giveUp;
    private final String take;
    private final String renew;
    private final String insertChunk;
    private final String complete;
    private final String broken;
    private final String removable;
    private final String deleteChunks;
    private final String delete;

    JdbcExportStore(Database database) {
        this.database = database;
        this.request = sql("""
                INSERT INTO #export_job (org_id, id, caller, source, from_time, to_time, format, gzip, status, attempt,
                    not_before, requested_at, expires_at, row_count, byte_count)
                SELECT :org, :id, :caller, :source, :from, :to, :format, :gzip, 'WAITING', 0, at.now, at.now, at.now + :keep, 0, 0
                FROM (SELECT %1$s AS now) AS at
                WHERE (SELECT COUNT(*) FROM #export_job WHERE org_id = :org AND expires_at > at.now) < :most
                RETURNING *
                """);
        this.find = sql("SELECT * FROM #export_job WHERE id = :id AND " + OF_CALLER);
        this.list = sql("SELECT * FROM #export_job WHERE " + OF_CALLER + " ORDER BY requested_at DESC, id");
        this.chunk = sql("""
                SELECT c.bytes FROM #export_chunk c
                JOIN #export_job e ON e.org_id = c.org_id AND e.id = c.id
                WHERE c.org_id = :org AND c.id = :id AND c.number = :number
                    AND e.caller = :caller AND e.status = 'DONE' AND e.expires_at > %1$s
                """);
        this.lock = sql("SELECT id FROM #export_job WHERE id = :id AND " + OF_CALLER + forUpdate());
        this.due = sql("SELECT org_id FROM #export_job WHERE (" + FREE + ") OR (" + REMOVABLE
                + ") GROUP BY org_id ORDER BY MIN(requested_at), org_id LIMIT :limit");
        this.giveUp = sql("""
                UPDATE #export_job SET status = 'FAILED', finished_at = %1$s, error_code = COALESCE(error_code, 'node_lost')
                WHERE org_id = :org AND attempt >= :attempts AND
                """ + FREE);
        this.take = sql("""
                UPDATE #export_job SET status = 'RUNNING', attempt = attempt + 1, not_before = %1$s + :lease
                WHERE org_id = :org AND id = (
                    SELECT id FROM #export_job WHERE org_id = :org AND """ + " " + FREE + """

                    ORDER BY requested_at, id LIMIT 1""" + database.dialect().forUpdateSkipLocked() + """
                )
                RETURNING *
                """);
        this.renew = sql("UPDATE #export_job SET not_before = %1$s + :lease" + TAKEN);
        this.insertChunk =
                sql("INSERT INTO #export_chunk (org_id, id, number, bytes) VALUES (:org, :id, :number, :bytes)");
        this.complete = sql("""
                UPDATE #export_job SET status = 'DONE', finished_at = %1$s, expires_at = %1$s + :keep, row_count = :rows,
                    byte_count = :bytes, sha256 = :sha256, error_code = NULL
                """ + TAKEN);
        this.broken = sql("""
                UPDATE #export_job SET status = :status, finished_at = CASE WHEN :status = 'FAILED' THEN %1$s END,
                    not_before = %1$s + :pause, error_code = :errorCode
                """ + TAKEN);
        this.removable = sql("SELECT id FROM #export_job WHERE org_id = :org AND " + REMOVABLE + forUpdate());
        this.deleteChunks = sql("DELETE FROM #export_chunk WHERE org_id = :org AND id = :id");
        this.delete = sql("DELETE FROM #export_job WHERE org_id = :org AND id = :id");
    }

    private String sql(String text) {
        return database.dialect().tables(text.formatted(database.dialect().now()));
    }

    private String forUpdate() {
        return database.dialect().forUpdate();
    }

    @Override
    public Optional<ExportJob> request(OrgScope scope, ExportJob.Request request, int most, Duration keep) {
        EventRange range = request.range();
        UUID id = UUID.randomUUID();
        return database.write(
                Actor.of(scope),
                handle -> bind(handle.createQuery(this.request), scope, id)
                        .bind("source", range.source())
                        .bind("from", Columns.micros(range.from()))
                        .bind("to", Columns.micros(range.to()))
                        .bind("format", request.format())
                        .bind("gzip", request.gzip() ? 1 : 0)
                        .bind("keep", micros(keep))
                        .bind("most", most)
                        .map((row, context) -> job(row))
                        .findOne());
    }

    @Override
    public Optional<ExportJob> find(OrgScope scope, UUID id) {
        return database.read(
                Actor.of(scope),
                handle -> bind(handle.createQuery(find), scope, id)
                        .map((row, context) -> job(row))
                        .findOne());
    }

    @Override
    public List<ExportJob> list(OrgScope scope) {
        return database.read(
                Actor.of(scope),
                handle -> bind(handle.createQuery(list), scope)
                        .map((row, context) -> job(row))
                        .list());
    }

    @Override
    public Optional<byte[]> chunk(OrgScope scope, UUID id, int number) {
        return database.read(
                Actor.of(scope),
                handle -> bind(handle.createQuery(chunk), scope, id)
                        .bind("number", number)
                        .mapTo(byte[].class)
                        .findOne());
    }

    @Override
    public boolean discard(OrgScope scope, UUID id) {
        return database.write(Actor.of(scope), handle -> {
            boolean found = bind(handle.createQuery(lock), scope, id)
                    .mapTo(byte[].class)
                    .findOne()
                    .isPresent();
            if (found) {
                remove(handle, scope, Columns.bytes(id));
            }
            return found;
        });
    }

    private void remove(Handle handle, OrgScope scope, byte[] id) {
        for (String statement : List.of(deleteChunks, delete)) {
            handle.createUpdate(statement)
                    .bind("org", scope.org().value())
                    .bind("id", id)
                    .execute();
        }
    }

    @Override
    public List<OrgId> due(SystemScope system, int limit) {
        return database.read(
                Actor.of(system),
                handle -> handle.createQuery(due)
                        .bind("limit", limit)
                        .map((row, context) -> OrgId.of(row.getString(1)))
                        .list());
    }

    @Override
    public Optional<ExportJob> take(OrgScope scope, int attempts, Duration lease) {
        return database.write(Actor.of(scope), handle -> {
            handle.createUpdate(giveUp)
                    .bind("org", scope.org().value())
                    .bind("attempts", attempts)
                    .execute();
            Optional<ExportJob> taken = handle.createQuery(take)
                    .bind("org", scope.org().value())
                    .bind("lease", micros(lease))
                    .map((row, context) -> job(row))
                    .findOne();
            taken.ifPresent(job -> handle.createUpdate(deleteChunks)
                    .bind("org", scope.org().value())
                    .bind("id", Columns.bytes(job.id()))
                    .execute());
            return taken;
        });
    }

    /** The row is held until the commit: a node that takes the export meanwhile waits, and then drops this chunk too. */
    @Override
    public boolean append(OrgScope scope, ExportJob taken, int number, byte[] chunk, Duration lease) {
        return database.write(Actor.of(scope), handle -> {
            boolean held = bind(handle.createUpdate(renew), scope, taken)
                            .bind("lease", micros(lease))
                            .execute()
                    == 1;
            if (held) {
                handle.createUpdate(insertChunk)
                        .bind("org", scope.org().value())
                        .bind("id", Columns.bytes(taken.id()))
                        .bind("number", number)
                        .bind("bytes", chunk)
                        .execute();
            }
            return held;
        });
    }

    @Override
    public boolean complete(OrgScope scope, ExportJob taken, ExportJob.Result result, Duration keep) {
        return database.write(
                Actor.of(scope),
                handle -> bind(handle.createUpdate(complete), scope, taken)
                                .bind("keep", micros(keep))
                                .bind("rows", result.rows())
                                .bind("bytes", result.bytes())
                                .bind("sha256", result.sha256())
                                .execute()
                        == 1);
    }

    @Override
    public boolean broken(OrgScope scope, ExportJob taken, String errorCode, boolean again, Duration pause) {
        return database.write(
                Actor.of(scope),
                handle -> bind(handle.createUpdate(broken), scope, taken)
                                .bind("status", again ? "WAITING" : "FAILED")
                                .bind("pause", micros(pause))
                                .bind("errorCode", errorCode)
                                .execute()
                        == 1);
    }

    @Override
    public int purge(OrgScope scope) {
        return database.write(Actor.of(scope), handle -> {
            List<byte[]> expired = handle.createQuery(removable)
                    .bind("org", scope.org().value())
                    .mapTo(byte[].class)
                    .list();
            expired.forEach(id -> remove(handle, scope, id));
            return expired.size();
        });
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static <S extends SqlStatement<S>> S bind(S statement, OrgScope scope) {
        return statement
                .bind("org", scope.org().value())
                .bind("caller", scope.caller().name());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, OrgScope scope, UUID id) {
        return bind(statement, scope).bind("id", Columns.bytes(id));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, OrgScope scope, ExportJob taken) {
        return statement
                .bind("org", scope.org().value())
                .bind("id", Columns.bytes(taken.id()))
                .bind("attempt", taken.attempt());
    }

    private static ExportJob job(ResultSet row) throws SQLException {
        ExportJob.Status status = ExportJob.Status.valueOf(row.getString("status"));
        long finishedAt = row.getLong("finished_at");
        boolean finished = !row.wasNull();
        return new ExportJob(
                Columns.uuid(row.getBytes("id")),
                row.getString("caller"),
                new ExportJob.Request(
                        new EventRange(
                                row.getString("source"),
                                Columns.instant(row.getLong("from_time")),
                                Columns.instant(row.getLong("to_time"))),
                        row.getString("format"),
                        row.getInt("gzip") == 1),
                status,
                row.getInt("attempt"),
                Columns.instant(row.getLong("requested_at")),
                finished ? Columns.instant(finishedAt) : null,
                Columns.instant(row.getLong("expires_at")),
                status == ExportJob.Status.DONE ? result(row) : null,
                row.getString("error_code"));
    }

    private static ExportJob.@Nullable Result result(ResultSet row) throws SQLException {
        return new ExportJob.Result(row.getLong("row_count"), row.getLong("byte_count"), row.getString("sha256"));
    }
}

package io.smartdata.jdbc;

import io.smartdata.storage.JobRun;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.Lease;
import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.SystemScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/** Leases and runs in tables, by the database's clock. */
final class JdbcJobStore implements JobStore {
    private final Database database;
    private final Dialect dialect;
    private final String now;
    private final String take;
    private final String putFence;
    private final String renew;
    private final String release;
    private final String unfinished;
    private final String begin;
    private final String end;
    private final String history;
    private final String purgeRuns;
    private final String purgeEffects;

    JdbcJobStore(Database database) {
        this.database = database;
        this.dialect = database.dialect();
        this.now = "SELECT " + dialect.now();
        this.take = dialect.tables("""
                INSERT INTO #lease AS held (job, owner, fence, ends_at) VALUES (:job, :owner, 1, %1$s + :length)
                ON CONFLICT (job) DO UPDATE
                    SET owner = excluded.owner, fence = held.fence + 1, ends_at = excluded.ends_at
                    WHERE held.ends_at <= %1$s
                RETURNING job, owner, fence, ends_at
                """.formatted(dialect.now()));
        this.putFence = dialect.tables("""
                INSERT INTO #job_fence (job, fence) VALUES (:job, :fence)
                ON CONFLICT (job) DO UPDATE SET fence = excluded.fence
                """);
        this.renew = dialect.tables("""
                UPDATE #lease SET ends_at = %1$s + :length
                WHERE job = :job AND owner = :owner AND fence = :fence AND ends_at > %1$s
                RETURNING job, owner, fence, ends_at
                """.formatted(dialect.now()));
        this.release = dialect.tables("""
                UPDATE #lease SET fence = fence + 1, ends_at = 0 WHERE job = :job AND owner = :owner AND fence = :fence
                """);
        this.unfinished =
                dialect.tables("SELECT * FROM #job_run WHERE job = :job AND status = 'RUNNING' ORDER BY slot LIMIT 1");
        this.begin = dialect.tables("""
                INSERT INTO #job_run AS begun (job, slot, owner, fence, attempt, status, started_at, processed)
                VALUES (:job, :slot, :owner, :fence, 1, 'RUNNING', %s, 0)
                ON CONFLICT (job, slot) DO UPDATE
                    SET owner = excluded.owner, fence = excluded.fence, attempt = begun.attempt + 1
                    WHERE begun.status = 'RUNNING' AND begun.fence < excluded.fence
                RETURNING *
                """.formatted(dialect.now()));
        this.end = dialect.tables("""
                UPDATE #job_run SET status = :status, ended_at = %s, processed = :processed, error_code = :errorCode,
                    error_message = :errorMessage
                WHERE job = :job AND slot = :slot AND fence = :fence AND status = 'RUNNING'
                RETURNING *
                """.formatted(dialect.now()));
        this.history = dialect.tables("SELECT * FROM #job_run WHERE job = :job ORDER BY slot DESC LIMIT :limit");
        this.purgeRuns = dialect.tables("""
                DELETE FROM #job_run WHERE job = :job AND status <> 'RUNNING' AND slot < (
                    SELECT MIN(kept.slot) FROM (
                        SELECT slot FROM #job_run WHERE job = :job ORDER BY slot DESC LIMIT :keep) kept)
                """);
        this.purgeEffects = dialect.tables("""
                DELETE FROM #job_effect WHERE job = :job AND slot NOT IN (SELECT slot FROM #job_run WHERE job = :job)
                """);
    }

    @Override
    public Instant now(SystemScope system) {
        return database.read(
                Actor.of(system),
                handle -> Columns.instant(
                        handle.createQuery(now).mapTo(Long.class).one()));
    }

    /** The row of the lease decides; the row of the fence waits for writes that are about to commit under the old one. */
    @Override
    public Optional<Lease> take(SystemScope system, String job, String owner, Duration length) {
        Lease wanted = new Lease(job, owner, 0, Instant.EPOCH);
        return database.write(Actor.of(system), handle -> {
            dialect.boundWaiting(handle);
            Optional<Lease> taken = handle.createQuery(take)
                    .bind("job", wanted.job())
                    .bind("owner", wanted.owner())
                    .bind("length", micros(length))
                    .map((row, context) -> lease(row))
                    .findOne();
            taken.ifPresent(lease -> handle.createUpdate(putFence)
                    .bind("job", job)
                    .bind("fence", lease.fence())
                    .execute());
            return taken;
        });
    }

    @Override
    public Optional<Lease> renew(SystemScope system, Lease lease, Duration length) {
        return database.write(
                Actor.of(system),
                handle -> bind(handle.createQuery(renew), lease)
                        .bind("length", micros(length))
                        .map((row, context) -> lease(row))
                        .findOne());
    }

    @Override
    public boolean release(SystemScope system, Lease lease) {
        return database.write(Actor.of(system), handle -> {
            boolean held = bind(handle.createUpdate(release), lease).execute() == 1;
            if (held) {
                handle.createUpdate(putFence)
                        .bind("job", lease.job())
                        .bind("fence", lease.fence() + 1)
                        .execute();
            }
            return held;
        });
    }

    @Override
    public Optional<JobRun> unfinished(SystemScope system, String job) {
        return database.read(
                Actor.of(system),
                handle -> handle.createQuery(unfinished)
                        .bind("job", job)
                        .map((row, context) -> run(row))
                        .findOne());
    }

    @Override
    public Optional<JobRun> begin(SystemScope system, Lease lease, Instant slot) {
        return database.write(Actor.of(system), handle -> {
            JobFence.requireNewest(handle, dialect, lease.job(), lease.fence());
            return bind(handle.createQuery(begin), lease)
                    .bind("slot", Columns.micros(slot))
                    .map((row, context) -> run(row))
                    .findOne();
        });
    }

    @Override
    public Optional<JobRun> end(SystemScope system, JobRun run, JobRun.End end) {
        return database.write(
                Actor.of(system),
                handle -> handle.createQuery(this.end)
                        .bind("job", run.job())
                        .bind("slot", Columns.micros(run.slot()))
                        .bind("fence", run.fence())
                        .bind("status", end.status().name())
                        .bind("processed", end.processed())
                        .bind("errorCode", end.errorCode())
                        .bind("errorMessage", end.errorMessage())
                        .map((row, context) -> run(row))
                        .findOne());
    }

    @Override
    public boolean done(SystemScope system, Fence fence) {
        return database.read(Actor.of(system), handle -> JobFence.done(handle, dialect, fence));
    }

    @Override
    public List<JobRun> history(SystemScope system, String job, int limit) {
        return database.read(
                Actor.of(system),
                handle -> handle.createQuery(history)
                        .bind("job", job)
                        .bind("limit", limit)
                        .map((row, context) -> run(row))
                        .list());
    }

    @Override
    public int purge(SystemScope system, String job, int keep) {
        return database.write(Actor.of(system), handle -> {
            int forgotten = handle.createUpdate(purgeRuns)
                    .bind("job", job)
                    .bind("keep", keep)
                    .execute();
            if (forgotten > 0) {
                handle.createUpdate(purgeEffects).bind("job", job).execute();
            }
            return forgotten;
        });
    }

    private static long micros(Duration length) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(length));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Lease lease) {
        return statement.bind("job", lease.job()).bind("owner", lease.owner()).bind("fence", lease.fence());
    }

    private static Lease lease(ResultSet row) throws SQLException {
        return new Lease(
                row.getString("job"),
                row.getString("owner"),
                row.getLong("fence"),
                Columns.instant(row.getLong("ends_at")));
    }

    private static JobRun run(ResultSet row) throws SQLException {
        long endedAt = row.getLong("ended_at");
        boolean running = row.wasNull();
        return new JobRun(
                row.getString("job"),
                Columns.instant(row.getLong("slot")),
                row.getString("owner"),
                row.getLong("fence"),
                row.getInt("attempt"),
                JobRun.Status.valueOf(row.getString("status")),
                Columns.instant(row.getLong("started_at")),
                running ? null : Columns.instant(endedAt),
                row.getLong("processed"),
                row.getString("error_code"),
                row.getString("error_message"));
    }
}

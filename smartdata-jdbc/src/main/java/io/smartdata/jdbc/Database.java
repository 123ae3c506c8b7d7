package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.tenancy.Fence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs transactions: begins, commits, rolls back, retries, and says what went wrong. */
final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int MAX_ATTEMPTS = 12;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final Dialect dialect;
    private final @Nullable SingleWriter writer;

    Database(DataSource dataSource, Dialect dialect) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.writer = dialect.singleWriter()
                ? new SingleWriter(() -> Transaction.begin(dataSource, dialect, dialect::beginWrite))
                : null;
    }

    /** Work inside a transaction. */
    @FunctionalInterface
    interface Work<R> {
        R run(Handle handle) throws SQLException;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The same database, known as its tables are. */
    Database onTables() {
        Dialect known = read(Actor.OWNER, dialect::onTables);
        return known == dialect ? this : new Database(dataSource, known);
    }

    /** Before the tables are made. */
    void prepare() {
        try (Connection connection = dataSource.getConnection()) {
            dialect.prepare(connection);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** One transaction that writes; runs again when another one was in its way. */
    <R> R write(Actor actor, Work<R> work) {
        Work<R> effect = ownEffect(actor, work);
        try {
            return writer == null ? retrying(dialect::beginWrite, effect) : writer.write(effect);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** As {@link #write}, sharing no transaction: nobody sees what may yet be rolled back. */
    <R> R writeAlone(Actor actor, Work<R> work) {
        return writeAlone(dialect::beginWrite, actor, work);
    }

    /** As {@link #writeAlone}, every statement seeing the same snapshot. */
    <R> R writeSnapshot(Actor actor, Work<R> work) {
        return writeAlone(dialect::beginSnapshotWrite, actor, work);
    }

    private <R> R writeAlone(Transaction.Begin begin, Actor actor, Work<R> work) {
        Work<R> effect = ownEffect(actor, work);
        try {
            return writer == null ? retrying(begin, effect) : writer.writeAlone(() -> once(begin, effect));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** One snapshot, read only. Runs once: what streams to a caller cannot be taken back. */
    <R> R read(Actor actor, Work<R> work) {
        try {
            return once(dialect::beginRead, acting(actor, work));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Inside the host's transaction: a savepoint, no retry. */
    <R> R joined(Actor actor, Connection connection, Work<R> work) {
        Work<R> effect = effect(actor, work);
        try {
            requireTransaction(connection);
            SqlSavepoint savepoint = SqlSavepoint.set(connection, "smartdata_call");
            try (Handle handle = Transaction.open(connection)) {
                R result = effect.run(handle);
                savepoint.release();
                return result;
            } catch (RuntimeException | SQLException | Error e) {
                rollBackTo(savepoint, e);
                throw e;
            }
        } catch (SQLException e) {
            throw joinedFailure(e);
        } catch (RuntimeException e) {
            SQLException cause = Transaction.sqlException(e);
            throw cause == null || e instanceof SmartDataException ? e : joinedFailure(cause);
        }
    }

    private <R> Work<R> acting(Actor actor, Work<R> work) {
        return handle -> {
            dialect.actFor(handle, actor);
            return work.run(handle);
        };
    }

    /** As {@link #effect} in a transaction of our own, which must not hold up another node if this one freezes. */
    private <R> Work<R> ownEffect(Actor actor, Work<R> work) {
        return effect(
                actor,
                actor.fence() == null
                        ? work
                        : handle -> {
                            R result = work.run(handle);
                            dialect.endIfFrozen(handle);
                            return result;
                        });
    }

    /** A write; one of a scheduled job commits only under its fence. */
    private <R> Work<R> effect(Actor actor, Work<R> work) {
        Fence fence = actor.fence();
        return acting(
                actor,
                fence == null
                        ? work
                        : handle -> {
                            R result = work.run(handle);
                            JobFence.check(handle, dialect, fence);
                            return result;
                        });
    }

    private void requireTransaction(Connection connection) throws SQLException {
        if (!dialect.inTransaction(connection)) {
            throw new SmartDataException(
                    "no_host_transaction",
                    "The connection is in autocommit mode, so there is no transaction to take part in. Nothing was stored."
                            + " Begin one with setAutoCommit(false), or ingest without a host transaction.");
        }
    }

    private static void rollBackTo(SqlSavepoint savepoint, Throwable failure) {
        try {
            savepoint.rollBack();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private SmartDataException joinedFailure(SQLException e) {
        return dialect.classify(e) == Dialect.ErrorKind.RETRY
                ? new StoreUnavailableException(
                        "Another transaction was in the way. Roll your transaction back and run it again.",
                        Duration.ZERO,
                        e)
                : failure(e);
    }

    private <R> R retrying(Transaction.Begin begin, Work<R> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(begin, work);
            } catch (SQLException e) {
                if (dialect.classify(e) != Dialect.ErrorKind.RETRY || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
                LOG.debug("Transaction runs again, attempt={} state={}", attempt, e.getSQLState());
                pause(attempt);
            }
        }
    }

    private <R> R once(Transaction.Begin begin, Work<R> work) throws SQLException {
        Transaction transaction = Transaction.begin(dataSource, dialect, begin);
        R result;
        try {
            result = transaction.run(work);
        } catch (RuntimeException | SQLException | Error e) {
            transaction.rollBack(e);
            throw e;
        }
        transaction.commit();
        return result;
    }

    private SmartDataException failure(SQLException e) {
        return switch (dialect.classify(e)) {
            case RETRY, UNAVAILABLE ->
                new StoreUnavailableException(
                        "The database cannot be reached or refuses for now (%s). Nothing of this call was stored. Try again later."
                                .formatted(state(e)),
                        RETRY_AFTER,
                        e);
            case FAILURE ->
                new SmartDataException(
                        "store_failure",
                        "The database refused a statement (%s). Nothing of this call was stored. The log has the cause."
                                .formatted(state(e)),
                        e);
        };
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "code " + e.getErrorCode() : "state " + e.getSQLState();
    }

    /** Grows with the attempts, with jitter, so that two transactions do not meet again. */
    private static void pause(int attempt) {
        long millis = ThreadLocalRandom.current().nextLong(1, 1L << Math.min(attempt + 2, 9));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}

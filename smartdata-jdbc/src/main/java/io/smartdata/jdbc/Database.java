package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs transactions: begins, commits, rolls back, retries, and says what went wrong. */
final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final SqlParser PARSER = new ColonPrefixSqlParser();
    private static final int MAX_ATTEMPTS = 12;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration WRITER_WAIT = Duration.ofMinutes(10);

    private final DataSource dataSource;
    private final Dialect dialect;
    /** Fair: whoever waits longest writes next. */
    private final ReentrantLock writer = new ReentrantLock(true);

    Database(DataSource dataSource, Dialect dialect) {
        this.dataSource = dataSource;
        this.dialect = dialect;
    }

    /** Work inside a transaction. */
    @FunctionalInterface
    interface Work<R> {
        R run(Handle handle) throws SQLException;
    }

    @FunctionalInterface
    private interface Begin {
        void on(Connection connection) throws SQLException;
    }

    Dialect dialect() {
        return dialect;
    }

    /** One transaction that writes; runs again when another one was in its way. */
    <R> R write(Work<R> work) {
        return exclusive(() -> retrying(dialect::beginWrite, work));
    }

    /** As {@link #write}, every statement seeing the same snapshot. */
    <R> R writeSnapshot(Work<R> work) {
        return exclusive(() -> retrying(dialect::beginSnapshotWrite, work));
    }

    /** One snapshot, read only. Runs once: what streams to a caller cannot be taken back. */
    <R> R read(Work<R> work) {
        try {
            return once(dialect::beginRead, work);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Inside the host's transaction: a savepoint, no retry. */
    <R> R joined(Connection connection, Work<R> work) {
        try {
            requireTransaction(connection);
            Savepoint savepoint = connection.setSavepoint();
            try (Handle handle = open(connection)) {
                R result = work.run(handle);
                connection.releaseSavepoint(savepoint);
                return result;
            } catch (RuntimeException | SQLException | Error e) {
                rollBackTo(connection, savepoint, e);
                throw e;
            }
        } catch (SQLException e) {
            throw joinedFailure(e);
        } catch (RuntimeException e) {
            SQLException cause = sqlException(e);
            throw cause == null || e instanceof SmartDataException ? e : joinedFailure(cause);
        }
    }

    private static void requireTransaction(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new SmartDataException(
                    "no_host_transaction",
                    "The connection is in autocommit mode, so there is no transaction to take part in. Nothing was stored."
                            + " Begin one with setAutoCommit(false), or ingest without a host transaction.");
        }
    }

    private static void rollBackTo(Connection connection, Savepoint savepoint, Throwable failure) {
        try {
            connection.rollback(savepoint);
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

    private <R> R exclusive(Supplier<R> work) {
        if (!dialect.singleWriter()) {
            return work.get();
        }
        try {
            if (!writer.tryLock(WRITER_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException(
                        "Another writer has held the database for too long. Nothing was stored. Try again.",
                        RETRY_AFTER,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(
                    "Interrupted while waiting to write. Nothing was stored.", RETRY_AFTER, e);
        }
        try {
            return work.get();
        } finally {
            writer.unlock();
        }
    }

    private <R> R retrying(Begin begin, Work<R> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(begin, work);
            } catch (SQLException e) {
                if (dialect.classify(e) != Dialect.ErrorKind.RETRY || attempt == MAX_ATTEMPTS) {
                    throw failure(e);
                }
                LOG.debug("Transaction runs again, attempt={} state={}", attempt, e.getSQLState());
                pause(attempt);
            }
        }
    }

    private <R> R once(Begin begin, Work<R> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            begin.on(connection);
            R result;
            try (Handle handle = open(connection)) {
                result = work.run(handle);
            } catch (RuntimeException | SQLException | Error e) {
                rollBack(connection, e);
                SQLException cause = e instanceof SmartDataException ? null : sqlException(e);
                if (cause != null) {
                    throw cause;
                }
                throw e;
            }
            commit(connection);
            release(connection);
            return result;
        }
    }

    /** Statements are parsed once for all connections. */
    private static Handle open(Connection connection) {
        Jdbi jdbi = Jdbi.create(connection);
        jdbi.getConfig(SqlStatements.class).setSqlParser(PARSER);
        return jdbi.open();
    }

    private void commit(Connection connection) throws SQLException {
        try {
            dialect.commit(connection);
        } catch (SQLException e) {
            rollBack(connection, e);
            if (dialect.commitUnknown(e)) {
                throw new UnknownOutcomeException(e);
            }
            throw e;
        }
    }

    /** The commit stands, so a failure here is the pool's concern and no longer the caller's. */
    private void release(Connection connection) {
        try {
            dialect.release(connection);
        } catch (SQLException e) {
            LOG.warn("A connection was lost after its commit, state={}", e.getSQLState());
        }
    }

    private void rollBack(Connection connection, Throwable failure) {
        try {
            dialect.rollback(connection);
            dialect.release(connection);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
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

    private static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return e;
            }
        }
        return null;
    }

    /** Grows with the attempts, with jitter, so that two transactions do not meet again. */
    private static void pause(int attempt) {
        long millis = ThreadLocalRandom.current().nextLong(1, 1L << Math.min(attempt + 2, 9));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}

package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.storage.UnknownOutcomeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction of our own on a connection of its own. Ends once, by {@link #commit()} or {@link #rollBack}. */
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    private final Connection connection;
    private final Dialect dialect;
    private boolean broken;

    /** How a transaction begins. */
    @FunctionalInterface
    interface Begin {
        void on(Connection connection) throws SQLException;
    }

    private Transaction(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    static Transaction begin(DataSource dataSource, Dialect dialect, Begin begin) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            begin.on(connection);
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
        return new Transaction(connection, dialect);
    }

    /** A handle whose statements are parsed once for all connections. */
    static Handle open(Connection connection) {
        Jdbi jdbi = Jdbi.create(connection);
        jdbi.getConfig(SqlStatements.class).setSqlParser(PARSER);
        return jdbi.open();
    }

    /**
     * Runs a part of the transaction.
     *
     * @throws SQLException if the database was the cause of a failure, however it was wrapped
     */
    <R> R run(Database.Work<R> work) throws SQLException {
        try (Handle handle = open(connection)) {
            return work.run(handle);
        } catch (RuntimeException e) {
            SQLException cause = e instanceof SmartDataException ? null : sqlException(e);
            if (cause != null) {
                throw cause;
            }
            throw e;
        }
    }

    /** As {@link #run}; if it fails, what went before it in the transaction stands. */
    <R> R runUnderSavepoint(Database.Work<R> work) throws SQLException {
        SqlSavepoint savepoint = orBroken(() -> SqlSavepoint.set(connection, "smartdata_part"));
        R result;
        try {
            result = run(work);
        } catch (SQLException | RuntimeException | Error e) {
            orBroken(() -> {
                savepoint.rollBack();
                return savepoint;
            });
            throw e;
        }
        orBroken(() -> {
            savepoint.release();
            return savepoint;
        });
        return result;
    }

    private interface OnSavepoint {
        SqlSavepoint run() throws SQLException;
    }

    private SqlSavepoint orBroken(OnSavepoint step) throws SQLException {
        try {
            return step.run();
        } catch (SQLException e) {
            broken = true;
            throw new SQLTransientConnectionException("The transaction was lost", e.getSQLState(), e.getErrorCode(), e);
        }
    }

    /** True if what was done before is lost too. */
    boolean broken() {
        return broken;
    }

    /**
     * Commits and gives the connection back.
     *
     * @throws UnknownOutcomeException if the commit may have happened although it failed
     */
    void commit() throws SQLException {
        try {
            dialect.commit(connection);
        } catch (SQLException e) {
            rollBack(e);
            if (dialect.commitUnknown(e)) {
                throw new UnknownOutcomeException(e);
            }
            throw e;
        }
        release();
    }

    /** The commit stands, so a failure here is the pool's concern and no longer the caller's. */
    private void release() {
        try (connection) {
            dialect.release(connection);
        } catch (SQLException e) {
            LOG.warn("A connection was lost after its commit, state={}", e.getSQLState());
        }
    }

    /**
     * Rolls back and gives the connection back.
     *
     * @param failure takes what goes wrong on the way
     */
    void rollBack(Throwable failure) {
        try (connection) {
            dialect.rollback(connection);
            dialect.release(connection);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return e;
            }
        }
        return null;
    }
}

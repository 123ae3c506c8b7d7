package io.smartdata.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A savepoint set in SQL. Drivers have methods for it, but not everywhere: a connection that takes part in a distributed
 * transaction refuses to roll back, to a savepoint too, and a driver that was told nothing of a transaction begins one.
 */
final class SqlSavepoint {
    private final Connection connection;
    private final String name;

    private SqlSavepoint(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /**
     * @param name not that of another open one
     */
    static SqlSavepoint set(Connection connection, String name) throws SQLException {
        SqlSavepoint savepoint = new SqlSavepoint(connection, name);
        savepoint.execute("SAVEPOINT " + name);
        return savepoint;
    }

    /** Undoes what was done since, and forgets it. */
    void rollBack() throws SQLException {
        execute("ROLLBACK TO SAVEPOINT " + name);
        release();
    }

    void release() throws SQLException {
        execute("RELEASE SAVEPOINT " + name);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

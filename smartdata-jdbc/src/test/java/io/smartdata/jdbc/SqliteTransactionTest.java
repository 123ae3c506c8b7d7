package io.smartdata.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;

class SqliteTransactionTest extends TransactionFacts {
    @Override
    String newUrl() {
        return Databases.newSqliteUrl() + "?journal_mode=WAL&busy_timeout=10000";
    }

    @Override
    Connection begun() throws SQLException {
        Connection connection = dataSource.newConnection();
        connection.unwrap(SQLiteConnection.class).setCurrentTransactionMode(TransactionMode.IMMEDIATE);
        connection.setAutoCommit(false);
        return connection;
    }
}

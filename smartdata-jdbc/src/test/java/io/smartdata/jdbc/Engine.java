package io.smartdata.jdbc;

import io.smartdata.jdbc.fault.InterceptedDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;

/** What tests of both databases do in each its own way. */
enum Engine {
    SQLITE(
            "sd_",
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'sd\\_%' ESCAPE '\\' ORDER BY name") {
        @Override
        String newUrl() {
            return Databases.newSqliteUrl() + "?journal_mode=WAL&busy_timeout=10000";
        }

        @Override
        Connection begin(Connection connection) throws SQLException {
            connection.unwrap(SQLiteConnection.class).setCurrentTransactionMode(TransactionMode.IMMEDIATE);
            connection.setAutoCommit(false);
            return connection;
        }
    },
    /** Months of the event table are read through the table. */
    POSTGRES("smartdata.", """
            SELECT 'smartdata.' || relname FROM pg_class
            WHERE relnamespace = 'smartdata'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
            """) {
        @Override
        String newUrl() {
            return Databases.newPostgresUrl();
        }

        @Override
        Connection begin(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
            return connection;
        }
    };

    private final String prefix;
    private final String tables;

    Engine(String prefix, String tables) {
        this.prefix = prefix;
        this.tables = tables;
    }

    /** Of an empty database. */
    abstract String newUrl();

    /** Begins a transaction of a host, which may write. */
    abstract Connection begin(Connection connection) throws SQLException;

    /** A table's name in SQL. */
    String table(String name) {
        return prefix + name;
    }

    /** Names of all tables of smartdata, in order. */
    List<String> tables(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(tables)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** As tests need it: connections that can be made to fail. */
    InterceptedDataSource newDataSource() {
        return new InterceptedDataSource(newUrl());
    }
}

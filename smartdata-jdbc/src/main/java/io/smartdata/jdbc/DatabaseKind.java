package io.smartdata.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.smartdata.SmartDataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A database this adapter knows. */
enum DatabaseKind {
    SQLITE("jdbc:sqlite:", "org.xerial:sqlite-jdbc") {
        @Override
        Dialect dialect() {
            return new SqliteDialect();
        }

        @Override
        void requireThere(String url) {
            String name = url.substring("jdbc:sqlite:".length())
                    .replaceFirst("[?].*", "")
                    .replaceFirst("^file:(//)?", "");
            boolean file = !name.isEmpty() && !name.startsWith(":") && !url.contains("mode=memory");
            if (file && !Files.exists(Path.of(name))) {
                throw new SmartDataException(
                        "schema_mismatch",
                        "The file %s does not exist. Nothing was created. Run smartdata migrate, or check the path."
                                .formatted(name));
            }
        }

        /** One writer, many readers; whoever finds the file locked by another process waits. */
        @Override
        void configure(HikariConfig config, String url) {
            config.setMaximumPoolSize(8);
            if (url.contains(":memory:") || url.contains("mode=memory")) {
                keepOneConnection(config);
            }
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("busy_timeout", "30000");
            config.addDataSourceProperty("cache_size", "-65536");
        }

        /** A database in memory belongs to its connection and dies with it. */
        private static void keepOneConnection(HikariConfig config) {
            config.setMaximumPoolSize(1);
            config.setIdleTimeout(0);
            config.setMaxLifetime(0);
        }
    },
    POSTGRESQL("jdbc:postgresql:", "org.postgresql:postgresql") {
        @Override
        Dialect dialect() {
            return new PostgresDialect();
        }

        @Override
        void configure(HikariConfig config, String url) {
            config.setMaximumPoolSize(10);
            config.addDataSourceProperty("reWriteBatchedInserts", "true");
            config.addDataSourceProperty("ApplicationName", "smartdata");
        }
    };

    private final String urlPrefix;
    private final String driver;

    DatabaseKind(String urlPrefix, String driver) {
        this.urlPrefix = urlPrefix;
        this.driver = driver;
    }

    abstract Dialect dialect();

    abstract void configure(HikariConfig config, String url);

    /** Refuses a database that opening would create. */
    void requireThere(String url) {
        // a server's database is there or refuses the connection
    }

    static DatabaseKind ofUrl(String url) {
        for (DatabaseKind kind : values()) {
            if (url.startsWith(kind.urlPrefix) && url.length() > kind.urlPrefix.length()) {
                return kind;
            }
        }
        throw invalid(null);
    }

    /** The driver knows best; what it or the pool says about a URL may hold a password and is not repeated. */
    void requireValid(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw invalid(e);
        }
    }

    private static SmartDataException invalid(@Nullable SQLException cause) {
        return new SmartDataException(
                "invalid_jdbc_url",
                "The database URL must look like jdbc:sqlite:smartdata.db or jdbc:postgresql://host:5432/database.",
                cause);
    }

    static DatabaseKind ofProduct(String product) {
        for (DatabaseKind kind : values()) {
            if (product.toUpperCase(Locale.ROOT).contains(kind.name())) {
                return kind;
            }
        }
        throw new SmartDataException(
                "unsupported_database", "smartdata keeps its data in PostgreSQL or SQLite, not in " + product + ".");
    }

    /** Drivers are the host's choice, so a missing one is the first thing that can go wrong. */
    void requireDriver() {
        try {
            DriverManager.getDriver(urlPrefix + (this == SQLITE ? ":memory:" : "//localhost/x"));
        } catch (SQLException e) {
            throw new SmartDataException(
                    "driver_missing",
                    "The JDBC driver is not on the class path. Add the dependency %s to your application."
                            .formatted(driver),
                    e);
        }
    }
}

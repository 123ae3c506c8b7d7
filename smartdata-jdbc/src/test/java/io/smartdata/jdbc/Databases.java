package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Empty databases for tests: SQLite files, and databases of one PostgreSQL that lives as long as the test JVM. */
final class Databases {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    /** Under row-level security, never used itself: others are copies of it. */
    private static @Nullable String secured;

    private Databases() {}

    static JdbcStorage newSqlite() {
        return JdbcStorage.open(newSqliteUrl());
    }

    static String newSqliteUrl() {
        try {
            Path folder = Files.createTempDirectory("smartdata-test");
            folder.toFile().deleteOnExit();
            return "jdbc:sqlite:" + folder.resolve("test.db");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JdbcStorage newPostgres() {
        return JdbcStorage.open(newPostgresUrl());
    }

    /** Tables of {@code smartdata_migrate} under row-level security, used as {@code smartdata_app}. */
    static JdbcStorage newRowSecurity() {
        return JdbcStorage.open(newRowSecurityUrl()).requiring(JdbcStorage.Requirement.ROW_SECURITY);
    }

    /** Made by the superuser with the published scripts; to connect with {@code smartdata_app}. */
    static synchronized String newRowSecurityUrl() {
        if (secured == null) {
            String url = newPostgresUrl();
            try (JdbcStorage superuser = JdbcStorage.open(url)) {
                superuser.open(system -> {});
            }
            run(url, PostgresRoles.defaults().sql());
            run(url, PostgresRoles.defaults().rowSecuritySql());
            secured = url;
        }
        return as("smartdata_app", copy(secured));
    }

    static String as(String role, String url) {
        return url.replaceFirst("user=\\w+", "user=" + role);
    }

    static void run(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static synchronized String newPostgresUrl() {
        try {
            if (server == null) {
                server = EmbeddedPostgres.builder()
                        .setServerConfig("max_prepared_transactions", "4")
                        .start();
            }
            String database = "test_" + NEXT.incrementAndGet();
            onServer("CREATE DATABASE " + database);
            return server.getJdbcUrl("postgres", database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A database like that of {@code url}, to which nobody is connected now. */
    static String copy(String url) {
        if (url.startsWith("jdbc:sqlite:")) {
            String copy = newSqliteUrl() + options(url);
            copy(file(url), file(copy));
            return copy;
        }
        String database = "test_" + NEXT.incrementAndGet();
        onServer("CREATE DATABASE %s TEMPLATE %s".formatted(database, name(url)));
        return url.replace("/" + name(url), "/" + database);
    }

    /** Frees what a database takes that no test needs any more. */
    static void drop(String url) {
        if (url.startsWith("jdbc:sqlite:")) {
            for (String suffix : List.of("", "-wal", "-shm")) {
                new File(file(url) + suffix).delete();
            }
        } else {
            onServer("DROP DATABASE %s WITH (FORCE)".formatted(name(url)));
        }
    }

    private static Path file(String url) {
        return Path.of(url.substring(
                "jdbc:sqlite:".length(), url.length() - options(url).length()));
    }

    private static String options(String url) {
        int at = url.indexOf('?');
        return at < 0 ? "" : url.substring(at);
    }

    private static String name(String url) {
        return url.substring(
                url.lastIndexOf('/') + 1, url.length() - options(url).length());
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void onServer(String sql) {
        try (Connection connection =
                        requireNonNull(server).getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

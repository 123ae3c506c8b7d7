package io.smartdata.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** SQLite files beside the one that the URL names. */
final class SqlitePlace implements Place {
    private final String file;

    SqlitePlace(String url) {
        this.file = url.replaceFirst("jdbc:sqlite:", "").replaceFirst("\\?.*", "");
    }

    @Override
    public String description() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SELECT sqlite_version()")) {
            return "SQLite " + version.getString(1) + ", journal_mode=WAL, synchronous=FULL";
        }
    }

    @Override
    public String create(String name) {
        drop(name);
        return "jdbc:sqlite:" + path(name);
    }

    private Path path(String name) {
        return Path.of(file + ".benchmark-" + name);
    }

    @Override
    public void drop(String name) {
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(Path.of(path(name) + suffix));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void settle(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path(name));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** The database works in our own process, whose CPU time is counted there. */
    @Override
    public Reading read(String name) throws SQLException {
        settle(name);
        return new Reading(0, Double.NaN, path(name).toFile().length());
    }

    @Override
    public void close() {}
}

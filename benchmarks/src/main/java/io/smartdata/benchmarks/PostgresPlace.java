package io.smartdata.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Databases of their own on a PostgreSQL server; none of the server's other databases is touched. */
final class PostgresPlace implements Place {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql:(?://[^/]+/)?)[^?]*(\\?.*)?");
    private static final String PREFIX = "smartdata_benchmark_";
    /** What {@code getconf CLK_TCK} says on every Linux of today. */
    private static final double TICKS_PER_SECOND = 100;

    private final Matcher url;
    private final Connection connection;
    private final long postmaster;

    PostgresPlace(String url, long serverPid) throws SQLException {
        this.url = URL.matcher(url);
        if (!this.url.matches()) {
            throw new IllegalArgumentException(
                    "--db is a URL like jdbc:postgresql://localhost:5432/postgres?user=postgres");
        }
        this.connection = DriverManager.getConnection(url);
        this.postmaster = serverPid > 0 ? serverPid : findPostmaster();
    }

    /** The parent of our own backend, if the server runs on this machine. */
    private long findPostmaster() throws SQLException {
        boolean local = Boolean.parseBoolean(
                text("SELECT coalesce(inet_server_addr() << '127.0.0.0/8' OR inet_server_addr() = '::1', true)::text"));
        Path stat = Path.of("/proc", text("SELECT pg_backend_pid()"), "stat");
        return local && Files.exists(stat) ? Process.read(stat).parent() : 0;
    }

    String serverVersion() throws SQLException {
        return text("SHOW server_version") + ", fsync=" + text("SHOW fsync") + ", synchronous_commit="
                + text("SHOW synchronous_commit");
    }

    @Override
    public String create(String name) throws SQLException {
        drop(name);
        execute("CREATE DATABASE " + PREFIX + name);
        return url.replaceFirst("$1" + PREFIX + name + "$2");
    }

    @Override
    public void drop(String name) throws SQLException {
        execute("DROP DATABASE IF EXISTS " + PREFIX + name);
    }

    @Override
    public void settle(String name) throws SQLException {
        execute("CHECKPOINT");
    }

    @Override
    public Reading read(String name) throws SQLException {
        return new Reading(
                cpuSeconds(),
                Double.parseDouble(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")),
                Double.parseDouble(text("SELECT pg_database_size('" + PREFIX + name + "')")));
    }

    /** The postmaster, its children, and those of its children that have ended. */
    private double cpuSeconds() {
        if (postmaster == 0) {
            return Double.NaN;
        }
        long ticks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                Process read = Process.read(process.resolve("stat"));
                if (read.pid() == postmaster) {
                    ticks += read.ticks() + read.endedChildrenTicks();
                } else if (read.parent() == postmaster) {
                    ticks += read.ticks();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** As in proc(5). */
    private record Process(long pid, long parent, long ticks, long endedChildrenTicks) {
        private static final Process ENDED = new Process(-1, -1, 0, 0);

        static Process read(Path stat) {
            try {
                String line = Files.readString(stat);
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                return new Process(
                        Long.parseLong(line.substring(0, line.indexOf(' '))),
                        Long.parseLong(fields[1]),
                        Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                        Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
            } catch (NoSuchFileException e) {
                return ENDED;
            } catch (IOException e) {
                if (Files.exists(stat)) {
                    throw new UncheckedIOException(e);
                }
                return ENDED;
            }
        }
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

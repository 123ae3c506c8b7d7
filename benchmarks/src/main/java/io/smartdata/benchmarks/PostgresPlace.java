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
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Databases of their own on a PostgreSQL server; none of the server's other databases is touched. */
final class PostgresPlace implements Place {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql:(?://[^/]+/)?)[^?]*(\\?.*)?");
    private static final String PREFIX = "smartdata_benchmark_";
    /** What {@code getconf CLK_TCK} says on every Linux of today. */
    private static final double TICKS_PER_SECOND = 100;

    private final Matcher url;
    private final Connection connection;
    private final Optional<ProcessHandle> postmaster;

    PostgresPlace(String url, long serverPid) throws SQLException {
        this.url = URL.matcher(url);
        if (!this.url.matches()) {
            throw new IllegalArgumentException(
                    "--db is a URL like jdbc:postgresql://localhost:5432/postgres?user=postgres");
        }
        this.connection = DriverManager.getConnection(url);
        this.postmaster = serverPid > 0 ? ProcessHandle.of(serverPid) : findPostmaster();
    }

    /** The parent of our own backend, if the server runs on this machine. */
    private Optional<ProcessHandle> findPostmaster() throws SQLException {
        boolean local = Boolean.parseBoolean(
                text("SELECT coalesce(inet_server_addr() << '127.0.0.0/8' OR inet_server_addr() = '::1', true)::text"));
        return local
                ? ProcessHandle.of(Long.parseLong(text("SELECT pg_backend_pid()")))
                        .flatMap(ProcessHandle::parent)
                : Optional.empty();
    }

    @Override
    public String description() throws SQLException {
        return "PostgreSQL " + text("SHOW server_version") + ", fsync=" + text("SHOW fsync") + ", synchronous_commit="
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
                postmaster.map(PostgresPlace::cpuSeconds).orElse(Double.NaN),
                Double.parseDouble(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")),
                Double.parseDouble(text("SELECT pg_database_size('" + PREFIX + name + "')")));
    }

    /** Of the postmaster, its children, and those of its children that have ended. */
    private static double cpuSeconds(ProcessHandle postmaster) {
        long alive = Stream.concat(Stream.of(postmaster), postmaster.children())
                .mapToLong(process ->
                        process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
                .sum();
        return alive / 1e9 + endedChildrenCpuSeconds(postmaster);
    }

    /** cutime and cstime of proc(5). */
    private static double endedChildrenCpuSeconds(ProcessHandle postmaster) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(postmaster.pid()), "stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(afterName[13]) + Long.parseLong(afterName[14])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException("The CPU time of the server is only known on Linux", e);
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

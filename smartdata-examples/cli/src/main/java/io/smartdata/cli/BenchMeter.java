package io.smartdata.cli;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A stopwatch for time, CPU and, on PostgreSQL, what the server wrote; it runs between start and stop only. */
final class BenchMeter implements AutoCloseable {
    /** Null where the database is in this process. */
    private final @Nullable Connection server;

    private final Optional<ProcessHandle> postmaster;
    private double seconds;
    private double cpu;
    private Server written = new Server(0, 0, 0);
    private long startNanos;
    private double startCpu;
    private Server startServer = written;

    /** Counters of the server, or what was added to them. */
    private record Server(double cpu, long walBytes, long databaseBytes) {
        Server plus(Server from, Server to) {
            return new Server(
                    cpu + to.cpu - from.cpu,
                    walBytes + to.walBytes - from.walBytes,
                    databaseBytes + to.databaseBytes - from.databaseBytes);
        }
    }

    private BenchMeter(@Nullable Connection server, Optional<ProcessHandle> postmaster) {
        this.server = server;
        this.postmaster = postmaster;
    }

    static BenchMeter on(Database database) throws SQLException {
        if (!database.url().startsWith("jdbc:postgresql:")) {
            return new BenchMeter(null, Optional.empty());
        }
        Connection server = database.connect();
        return new BenchMeter(server, postmaster(server));
    }

    /** The parent of our own backend, if the server runs on this machine. */
    private static Optional<ProcessHandle> postmaster(Connection server) throws SQLException {
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_backend_pid(), coalesce(inet_server_addr() << '127.0.0.0/8' OR inet_server_addr() = '::1', true)")) {
            row.next();
            return row.getBoolean(2)
                    ? ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent)
                    : Optional.empty();
        }
    }

    void start() throws SQLException {
        startServer = readServer();
        startCpu = processCpu();
        startNanos = System.nanoTime();
    }

    void stop() throws SQLException {
        seconds += (System.nanoTime() - startNanos) / 1e9;
        cpu += processCpu() - startCpu;
        written = written.plus(startServer, readServer());
    }

    double seconds() {
        return seconds;
    }

    /** Of this process, its compiler and garbage collector included. */
    double cpuSeconds() {
        return cpu;
    }

    OptionalDouble serverCpuSeconds() {
        return postmaster.isPresent() ? OptionalDouble.of(written.cpu) : OptionalDouble.empty();
    }

    OptionalLong walBytes() {
        return server == null ? OptionalLong.empty() : OptionalLong.of(written.walBytes);
    }

    OptionalLong databaseBytes() {
        return server == null ? OptionalLong.empty() : OptionalLong.of(written.databaseBytes);
    }

    private Server readServer() throws SQLException {
        if (server == null) {
            return new Server(0, 0, 0);
        }
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'), pg_database_size(current_database())")) {
            row.next();
            return new Server(postmaster.map(BenchMeter::cpu).orElse(0.0), row.getLong(1), row.getLong(2));
        }
    }

    private static double processCpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : 0;
    }

    /** Of the server's processes that are alive. */
    private static double cpu(ProcessHandle postmaster) {
        return Stream.concat(Stream.of(postmaster), postmaster.children())
                        .mapToDouble(process -> process.info()
                                .totalCpuDuration()
                                .map(Duration::toNanos)
                                .orElse(0L))
                        .sum()
                / 1e9;
    }

    @Override
    public void close() throws SQLException {
        if (server != null) {
            server.close();
        }
    }
}

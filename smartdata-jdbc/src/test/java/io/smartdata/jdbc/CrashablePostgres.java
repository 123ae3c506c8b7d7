package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A PostgreSQL server that syncs what it commits, can be stopped like a machine without power, and comes up again. */
final class CrashablePostgres implements AutoCloseable {
    private static final long START_SECONDS = 60;

    private final Path data;
    private final EmbeddedPostgres server;

    CrashablePostgres(Path folder) throws IOException {
        data = folder.resolve("pgdata");
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /** A server that does not sync could not keep the promise, and a test on it would prove nothing. */
    void requireSync() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet fsync = statement.executeQuery("SHOW fsync")) {
            fsync.next();
            assertThat(fsync.getString(1)).isEqualTo("on");
        }
    }

    /** False where a server cannot be stopped by a signal or started again as it was. */
    boolean restartable() throws IOException {
        return File.separatorChar == '/' && postmaster().info().arguments().isPresent();
    }

    /** As {@code pg_ctl stop -m immediate} does: no checkpoint, no goodbye; recovery on the next start. */
    void crashAndRestart() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        List<String> command = command(postmaster);
        run("kill", "-QUIT", Long.toString(postmaster.pid()));
        postmaster.onExit().join();
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("restarted.log").toFile())
                .start();
        awaitConnections();
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        return ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("No server under " + pid));
    }

    /** The same again; as root within a user namespace, as the server refuses to run as root otherwise. */
    private static List<String> command(ProcessHandle postmaster) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(postmaster.info().command().orElseThrow());
        Collections.addAll(command, postmaster.info().arguments().orElseThrow());
        return command;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private void awaitConnections() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Connection connection = DriverManager.getConnection(url())) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The server did not come up again", e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

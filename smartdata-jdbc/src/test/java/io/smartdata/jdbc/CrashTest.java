package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.kpi.CellRange;
import io.smartdata.promise.Trials;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a sender has a receipt for is stored, once and whole, however its process or the database ended. The sender's own ledger
 * says what it has receipts for, and plain SQL says what is stored.
 */
@Timeout(7200)
class CrashTest {
    private static final int MOST_MILLIS = 400;

    private final long seed = Trials.seed();
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    @Test
    void killedOnSqlite() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("crash.db");
        kill(new Site(Engine.SQLITE, url), Trials.rounds(2, 200));
    }

    @Test
    void killedOnPostgres() throws Exception {
        try (CrashablePostgres server = new CrashablePostgres(folder)) {
            server.requireSync();
            kill(new Site(Engine.POSTGRES, server.url()), Trials.rounds(2, 200));
        }
    }

    private void kill(Site site, int rounds) throws Exception {
        int failures = rounds;
        int receipts = 0;
        int unacknowledged = 0;
        try {
            for (int round = 0; round < rounds; round++) {
                Sender sender = start(site, "round-" + round);
                if (random.nextInt(5) > 0) {
                    sender.awaitReceipts(1);
                }
                pause(random.nextInt(MOST_MILLIS));
                sender.kill();
                unacknowledged += audit(site, sender);
                receipts += sender.receipts().size();
                failures--;
            }
        } finally {
            String note = "%d batches with a receipt, %d stored without".formatted(receipts, unacknowledged);
            Trials.report("P3", "kill -9 while ingesting, " + site.engine(), rounds, failures, note);
        }
    }

    @Test
    void stoppedPostgres() throws Exception {
        try (CrashablePostgres server = new CrashablePostgres(folder)) {
            server.requireSync();
            assumeTrue(
                    server.restartable(), "This system does not tell how a process was started, or knows no signals");
            stop(server, Trials.rounds(2, 30));
        }
    }

    private void stop(CrashablePostgres server, int rounds) throws Exception {
        Site site = new Site(Engine.POSTGRES, server.url());
        int failures = rounds;
        int receipts = 0;
        try {
            Sender sender = start(site, "stopped");
            for (int round = 0; round < rounds; round++) {
                sender.awaitReceipts(sender.receipts().size() + 1);
                pause(random.nextInt(MOST_MILLIS));
                server.crashAndRestart();
            }
            sender.awaitReceipts(sender.receipts().size() + CrashSender.THREADS);
            sender.kill();
            audit(site, sender);
            receipts = sender.receipts().size();
            failures = 0;
        } finally {
            String note = receipts + " batches with a receipt";
            Trials.report("P3", "immediate stop of the server while ingesting", rounds, failures, note);
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private record Site(Engine engine, String url) {
        /** Rows by number of the batch. */
        Map<Integer, Integer> stored(String org) throws SQLException {
            Map<Integer, Integer> stored = new HashMap<>();
            String sql = """
                    SELECT e.session, COUNT(*), COUNT(DISTINCT e.event_id_text) FROM %s e
                    JOIN %s o ON o.org_no = e.org_no WHERE o.org_id = ? GROUP BY e.session
                    """.formatted(engine.table("event"), engine.table("org"));
            try (Connection connection = DriverManager.getConnection(url);
                    PreparedStatement query = connection.prepareStatement(sql)) {
                query.setString(1, org);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        assertThat(rows.getInt(3)).as("no event twice").isEqualTo(rows.getInt(2));
                        stored.put(rows.getInt(1), rows.getInt(2));
                    }
                }
            }
            return stored;
        }
    }

    private Sender start(Site site, String org) throws IOException {
        Path ledger = folder.resolve(org + ".ledger");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashSender.class.getName(),
                        site.url(),
                        org,
                        Long.toString(seed),
                        ledger.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(org + ".log").toFile())
                .start();
        return new Sender(org, process, ledger);
    }

    private record Sender(String org, Process process, Path ledger) {
        List<String> lines() throws IOException {
            return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
        }

        /** Numbers of the batches it has a receipt for. */
        Set<Integer> receipts() throws IOException {
            List<String> lines = lines();
            assertThat(lines).noneMatch(line -> line.startsWith(CrashSender.WRONG));
            return lines.stream().map(Integer::valueOf).collect(Collectors.toSet());
        }

        void awaitReceipts(int number) throws IOException {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (lines().size() < number) {
                assertThat(process.isAlive()).as("the sender of %s lives", org).isTrue();
                assertThat(System.nanoTime()).as("receipts come").isLessThan(deadline);
                pause(2);
            }
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    /** Returns how many batches are stored that the sender has no receipt for. */
    private int audit(Site site, Sender sender) throws Exception {
        String where = "seed %d, %s on %s".formatted(seed, sender.org(), site.engine());
        Set<Integer> receipts = sender.receipts();
        int last = receipts.stream().mapToInt(Integer::intValue).max().orElse(-1);
        int unacknowledged = 0;
        long total = 0;
        // whoever was killed before the tables were there is followed by one that makes them
        try (SmartData smartData = CrashSender.open(site.url())) {
            Map<Integer, Integer> stored = site.stored(sender.org());
            OrgScope scope = CrashSender.scope(smartData, sender.org());
            for (int number = 0; number <= last + 2 * CrashSender.THREADS; number++) {
                List<Event> batch = CrashSender.batch(seed, number, 1);
                int rows = stored.getOrDefault(number, 0);
                String which = "%s, batch %d, receipt %s".formatted(where, number, receipts.contains(number));
                assertThat(rows)
                        .as(which)
                        .isIn(receipts.contains(number) ? List.of(batch.size()) : List.of(0, batch.size()));
                unacknowledged += rows > 0 && !receipts.contains(number) ? 1 : 0;
                IngestReceipt again = smartData.ingest(scope).events(batch);
                assertThat(rows == 0 ? again.accepted() : again.duplicates())
                        .as(which)
                        .isEqualTo(batch.size());
                total += batch.size();
            }
            assertThat(unacknowledged).as(where).isLessThanOrEqualTo(CrashSender.THREADS);
            assertThat(site.stored(sender.org()).values().stream()
                            .mapToLong(rows -> rows)
                            .sum())
                    .as(where)
                    .isEqualTo(total);
            Verification verified = smartData.kpis(scope).verify(CellRange.FIRST_DAY, CellRange.END);
            assertThat(verified.differences()).as(where).isEmpty();
            assertThat(verified.events()).as(where).isEqualTo(total);
        }
        return unacknowledged;
    }
}

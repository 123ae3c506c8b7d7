package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.promise.Trials;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.JobRun;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two JVMs share a job on one PostgreSQL. The one that is about to write is stopped by a signal for three leases, the other
 * takes the slot over, the first wakes up and writes: the database refuses. A few rounds here; {@code -Psoak} runs 20.
 */
@Timeout(900)
@DisabledOnOs(OS.WINDOWS)
class FrozenLeaderTest {
    private static final int ROUNDS = Trials.rounds(2, 20);

    @TempDir
    private Path folder;

    private final List<Node> nodes = new ArrayList<>();

    /** A process and what it says. */
    private record Node(Process process, BlockingQueue<String> lines) {
        static Node start(String url, Path log) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            JobNodeMain.class.getName(),
                            url)
                    .redirectError(log.toFile())
                    .start();
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            Thread reader = new Thread(() -> read(process, lines));
            reader.setDaemon(true);
            reader.start();
            return new Node(process, lines);
        }

        private static void read(Process process, BlockingQueue<String> lines) {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                out.lines().forEach(lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void signal(String signal) throws Exception {
            int exitCode = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(exitCode).as("kill -%s", signal).isZero();
        }

        /** What the node says next that fits, within a minute. */
        String await(Predicate<String> wanted) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (System.nanoTime() < end) {
                String line = lines.poll(1, TimeUnit.SECONDS);
                if (line != null && wanted.test(line)) {
                    return line;
                }
            }
            throw new AssertionError("The node did not say it, alive: " + process.isAlive());
        }
    }

    @Test
    void theLateWriteOfALeaderThatWasFrozenIsRefusedByTheDatabase() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            createOrg(url);
            for (int i = 0; i < 2; i++) {
                nodes.add(Node.start(url, folder.resolve(i + ".log")));
            }
            int refused = 0;
            for (int round = 0; round < ROUNDS; round++) {
                refused += freezeOnce(nodes.get(round % 2), nodes.get(1 - round % 2)) ? 1 : 0;
            }
            for (Node node : nodes) {
                node.process().destroy();
                assertThat(node.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
            report(effects(url), runs(url), refused);
        } finally {
            nodes.forEach(node -> node.process().destroyForcibly());
        }
    }

    @Test
    void aNodeThatIsToldToEndFinishesWhatItBeganAndGivesItsLeaseBack() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            createOrg(url);
            Node node = Node.start(url, folder.resolve("told.log"));
            nodes.add(node);
            String slot = slot(node.await(line -> line.startsWith("holding ")));
            node.signal("TERM");
            node.await(line -> line.equals("done " + slot));
            assertThat(node.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(runs(url)).allSatisfy(run -> {
                assertThat(run.status()).isEqualTo(JobRun.Status.DONE);
                assertThat(run.attempt()).isEqualTo(1);
            });
            assertThat(effects(url)).containsEntry(Instant.parse(slot), 1);
        } finally {
            nodes.forEach(node -> node.process().destroyForcibly());
        }
    }

    /** True if the late write was refused. */
    private static boolean freezeOnce(Node frozen, Node other) throws Exception {
        frozen.lines().clear();
        String slot = slot(frozen.await(line -> line.startsWith("holding ")));
        frozen.signal("STOP");
        other.lines().clear();
        TimeUnit.MILLISECONDS.sleep(3 * JobNodeMain.LEASE.toMillis());
        other.await(line -> line.equals("done " + slot));
        frozen.signal("CONT");
        String outcome =
                frozen.await(line -> !line.startsWith("holding ") && slot(line).equals(slot));
        return outcome.startsWith("fenced_off ");
    }

    private static String slot(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    private static void report(Map<Instant, Integer> effects, List<JobRun> runs, int refused) {
        long doubled = effects.values().stream().filter(count -> count > 1).count();
        long missed = runs.stream()
                .filter(run -> run.status() == JobRun.Status.DONE && !effects.containsKey(run.slot()))
                .count();
        long takenOver = runs.stream().filter(run -> run.attempt() > 1).count();
        Trials.report(
                "P9",
                "leader stopped for three leases, then writes: rounds",
                ROUNDS,
                Math.min(ROUNDS, doubled + missed + (ROUNDS - refused)),
                "%d late writes refused by PostgreSQL; %d slots, %d taken over"
                        .formatted(refused, runs.size(), takenOver));
        assertThat(doubled).as("slots with two effects").isZero();
        assertThat(missed).as("slots done without effect").isZero();
        assertThat(refused).as("late writes refused").isEqualTo(ROUNDS);
        assertThat(takenOver).isGreaterThanOrEqualTo(ROUNDS);
    }

    private static SmartData open(String url) {
        return JobNodeMain.open(url, new ArrayList<>());
    }

    private static OrgScope acme(SmartData smartData) {
        return smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.EXPORT);
    }

    private static void createOrg(String url) {
        try (SmartData smartData = open(url)) {
            Event first = Event.named("created", Instant.parse("2026-01-01T00:00:00Z"))
                    .id(EventId.of("first"))
                    .source("test")
                    .build();
            smartData.ingest(acme(smartData)).events(List.of(first));
        }
    }

    private static List<JobRun> runs(String url) {
        try (SmartData smartData = open(url)) {
            return smartData.jobs().history(JobNodeMain.JOB, 500);
        }
    }

    /** By slot. */
    private static Map<Instant, Integer> effects(String url) {
        Map<Instant, Integer> effects = new HashMap<>();
        try (SmartData smartData = open(url);
                JdbcStorage storage = JdbcStorage.open(url)) {
            storage.open(system -> {});
            storage.events().scan(acme(smartData), EventRange.all(), stored -> {
                if (stored.event().name().equals("effect")) {
                    effects.merge(stored.event().occurredAt(), 1, Integer::sum);
                }
            });
        }
        return effects;
    }
}

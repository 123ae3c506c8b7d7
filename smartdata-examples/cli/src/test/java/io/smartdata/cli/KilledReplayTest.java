package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.deadletter.LetterScenario;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.promise.Trials;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.OrgScope;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two JVMs replay the same dead letters at once and one is killed in the middle; then both replay again, as often as it takes to
 * have replayed three times. A kill on each database here, 50 under {@code mvn verify -Psoak}.
 */
@Timeout(3600)
class KilledReplayTest {
    private static final int ROUNDS = Trials.rounds(1, 50);
    private static final int ROWS = 700;

    private final long seed = Trials.seed();
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    @Test
    void killedOnPostgres() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            replayUnderFire("PostgreSQL", postgres.getJdbcUrl("postgres", "postgres"));
        }
    }

    @Test
    void killedOnSqlite() throws Exception {
        replayUnderFire("SQLite", "jdbc:sqlite:" + folder.resolve("letters.db"));
    }

    private void replayUnderFire(String engine, String url) throws Exception {
        int failures = ROUNDS;
        int killedInTheMiddle = 0;
        long stuck = 0;
        try (SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open(url))
                .accessPolicy(AccessPolicy.singleOperator())
                .build()) {
            for (int round = 0; round < ROUNDS; round++) {
                String org = "round-" + round;
                String description = "%s, seed %d, round %d".formatted(engine, seed, round);
                OrgScope scope = Database.operator(smartData, org);
                LetterScenario scenario = new LetterScenario(seed + round, ROWS);
                scenario.send(smartData, scope);
                Process victim = replay(url, org);
                Process survivor = random.nextBoolean() ? replay(url, org) : null;
                awaitFirst(smartData, scope, victim);
                boolean ended = victim.waitFor(random.nextInt(700), TimeUnit.MILLISECONDS);
                victim.destroyForcibly().waitFor();
                killedInTheMiddle += ended ? 0 : 1;
                if (survivor == null) {
                    scenario.assertInOrder(smartData, scope, description);
                } else {
                    assertThat(survivor.waitFor()).as(description).isEqualTo(Failures.BAD_INPUT);
                }
                for (int again = 0; again < 2; again++) {
                    assertThat(replay(url, org).waitFor()).as(description).isEqualTo(Failures.BAD_INPUT);
                    stuck += scenario.stuck(smartData, scope);
                    scenario.assertDone(smartData, scope, description);
                }
                failures--;
            }
        } finally {
            String note = "%d in the middle, %d letters stuck".formatted(killedInTheMiddle, stuck);
            Trials.report("P7", "replay x3, two nodes, one killed, " + engine, ROUNDS, failures, note);
        }
    }

    /** So that the kill hits a replay, not the start of its JVM. */
    private static void awaitFirst(SmartData smartData, OrgScope scope, Process victim) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!victim.waitFor(5, TimeUnit.MILLISECONDS) && LetterScenario.untouched(smartData, scope)) {
            assertThat(System.nanoTime()).as("the replay begins").isLessThan(deadline);
        }
    }

    private Process replay(String url, String org) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "dead-letters",
                        "replay",
                        "--org",
                        org,
                        "--cast",
                        "value=number",
                        "--batch",
                        "50",
                        "--db",
                        url)
                .redirectErrorStream(true)
                .redirectOutput(Files.createDirectories(folder.resolve("logs"))
                        .resolve(UUID.randomUUID() + ".log")
                        .toFile())
                .start();
    }
}

package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.promise.Trials;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two JVMs ingest overlapping files into one PostgreSQL at once; one is killed in the middle and started again. A few rounds
 * here; {@code mvn verify -Psoak} runs 100.
 */
class KilledIngestTest {
    private static final int ROUNDS = Trials.rounds(2, 100);
    private static final int EVENTS_PER_FILE = 40_000;
    private static final int SHARED_EVENTS = 15_000;

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDatabase() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        postgres.close();
    }

    @Test
    void twoNodesOneOfThemKilledStoreEveryEventOnce() throws Exception {
        long seed = Trials.seed();
        System.out.printf("seed %d, %d rounds%n", seed, ROUNDS);
        Random random = new Random(seed);
        int killedInTheMiddle = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String org = "round-" + round;
            Inputs files = Inputs.write(folder, org, random);
            Cli.run("migrate", "--db", url());
            Process survivor = ingest(files.first(), org);
            Process victim = ingest(files.second(), org);
            boolean ended = victim.waitFor(900 + random.nextInt(2500), TimeUnit.MILLISECONDS);
            victim.destroyForcibly().waitFor();
            killedInTheMiddle += ended ? 0 : 1;
            Process again = ingest(files.second(), org);
            assertThat(again.waitFor()).as("seed %d, round %d", seed, round).isZero();
            assertThat(survivor.waitFor()).as("seed %d, round %d", seed, round).isZero();
            assertUnion(org, files, seed, round);
        }
        Trials.report("P1", "two JVMs, one killed and started again", ROUNDS, 0, killedInTheMiddle + " in the middle");
    }

    private void assertUnion(String org, Inputs files, long seed, int round) {
        Cli kpis = Cli.run("kpis", "--org", org, "--kpi", "tick.count", "--format", "csv", "--db", url());
        long counted = kpis.out()
                .lines()
                .skip(1)
                .mapToLong(line -> Long.parseLong(line.split(",")[5]))
                .sum();
        assertThat(counted).as("seed %d, round %d: %s", seed, round, kpis.err()).isEqualTo(files.union());
        JsonNode verified =
                Cli.run("verify", "--org", org, "--db", url(), "--json").json();
        assertThat(verified.path("differences").asLong(-1))
                .as("seed %d, round %d", seed, round)
                .isZero();
        assertThat(verified.path("events").asLong()).isEqualTo(files.union());
    }

    private Process ingest(Path file, String org) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        Collections.addAll(
                command,
                "ingest",
                file.toString(),
                "--org",
                org,
                "--source",
                "test",
                "--mode",
                "lenient",
                "--db",
                url());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(UUID.randomUUID() + ".log").toFile())
                .start();
    }

    private static String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /** Two files that share events. */
    private record Inputs(Path first, Path second, long union) {
        static Inputs write(Path folder, String org, Random random) throws IOException {
            List<String> shared = lines(SHARED_EVENTS, random);
            List<String> first = lines(EVENTS_PER_FILE - SHARED_EVENTS, random);
            List<String> second = lines(EVENTS_PER_FILE - SHARED_EVENTS, random);
            return new Inputs(
                    file(folder.resolve(org + "-1.ndjson"), first, shared, random),
                    file(folder.resolve(org + "-2.ndjson"), second, shared, random),
                    shared.size() + first.size() + second.size());
        }

        private static List<String> lines(int count, Random random) {
            List<String> lines = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                Instant time = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(5 * 86_400));
                lines.add("{\"id\":\"%s\",\"name\":\"tick\",\"time\":\"%s\",\"value\":%d.%02d,\"subject\":\"s%d\"}"
                        .formatted(
                                new UUID(random.nextLong(), random.nextLong()),
                                time,
                                random.nextInt(1000),
                                random.nextInt(100),
                                random.nextInt(500)));
            }
            return lines;
        }

        private static Path file(Path path, List<String> own, List<String> shared, Random random) throws IOException {
            List<String> all = new ArrayList<>(own);
            all.addAll(shared);
            Collections.shuffle(all, random);
            try (PrintWriter out = new PrintWriter(path.toFile(), StandardCharsets.UTF_8)) {
                all.forEach(line -> out.print(line + "\n"));
            }
            return path;
        }
    }
}

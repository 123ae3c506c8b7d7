package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two systems before this one export, imported with the commands of docs/migrating.md. */
class MigratingTest {
    @TempDir
    private Path folder;

    private Cli run(String... command) {
        List<String> all = new ArrayList<>(Arrays.asList(command));
        all.addAll(List.of("--org", "acme", "--db", "jdbc:sqlite:" + folder.resolve("test.db")));
        return Cli.run(all.toArray(String[]::new));
    }

    /** The command of the page that imports {@code file}, with the org and the database of the test. */
    private Cli imported(String file, String exported) throws IOException {
        Path copy = folder.resolve(file);
        try (InputStream in = MigratingTest.class.getResourceAsStream("/migrating/" + exported)) {
            Files.write(copy, Objects.requireNonNull(in, exported).readAllBytes());
        }
        String prefix = "java -jar smartdata.jar ";
        String line = Files.readAllLines(page()).stream()
                .filter(it -> it.startsWith(prefix + "ingest " + file))
                .findFirst()
                .orElseThrow();
        return run(Stream.concat(
                        Stream.of(line.substring(prefix.length())
                                .replace(file, copy.toString())
                                .replace(" --org acme", "")
                                .split(" ")),
                        Stream.of("--json"))
                .toArray(String[]::new));
    }

    /** Tests run in the folder of their module. */
    private static Path page() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("docs/migrating.md"))) {
            folder = folder.getParent();
        }
        return Objects.requireNonNull(folder, "no docs above this folder").resolve("docs/migrating.md");
    }

    private String figures(String kpi, String from, String to) {
        return run("kpis", "--kpi", kpi, "--from", from, "--to", to, "--format", "csv")
                .out();
    }

    @Test
    void eventsOfThePipelineServiceGiveItsDailyFigures() throws IOException {
        assertThat(imported("clean_events.csv", "clean_events.csv")
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(4);
        assertThat(figures("events_total.sum", "2025-03-01", "2025-03-03"))
                .contains("2025-03-01,,15.5,2")
                .contains("2025-03-02,,7,1");
        assertThat(figures("refunds.count", "2025-03-01", "2025-03-02")).contains("2025-03-01,,1,1");
        assertThat(imported("clean_events.csv", "clean_events.csv")
                        .json()
                        .path("duplicates")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void eventsOfTheLearningPlatformKeepTimeSubjectAndAttributes() throws IOException {
        Cli imported = imported("acme.ndjson", "analytics_events.ndjson");
        assertThat(imported.json().path("accepted").asInt()).isEqualTo(3);
        assertThat(imported.json().path("rejected").asInt()).isEqualTo(1);
        assertThat(run("dead-letters", "list").out()).contains("missing_time");
        String events = run("export", "events", "--format", "ndjson").out();
        assertThat(events)
                .contains("2025-12-01T09:20:00.123456Z", "3f0c1b1e-0000-4000-8000-000000000001")
                .contains("course/c1/lesson/l1", "tablet", "lesson_completed");
        assertThat(imported("acme.ndjson", "analytics_events.ndjson")
                        .json()
                        .path("duplicates")
                        .asInt())
                .isEqualTo(3);
        assertThat(run("verify").exitCode()).isZero();
    }
}

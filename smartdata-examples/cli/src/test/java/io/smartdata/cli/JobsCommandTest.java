package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code jobs}. */
class JobsCommandTest {
    @TempDir
    private Path folder;

    private String db = "";

    @BeforeEach
    void ingest() throws IOException {
        db = "jdbc:sqlite:" + folder.resolve("test.db");
        Path file = Files.writeString(folder.resolve("orders.csv"), """
                id,time,name,value
                a,2026-03-01T10:00:00Z,order,10.10
                b,2026-03-02T10:00:00Z,order,5
                """);
        assertThat(Cli.run("ingest", file.toString(), "--org", "acme", "--source", "shop", "--db", db)
                        .exitCode())
                .isZero();
    }

    private Cli jobs(String... arguments) {
        List<String> all = new ArrayList<>(List.of("jobs"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--db", db));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void listNamesJobsWithTheirNextSlotAndLastRun() {
        jobs("run", "anomalies");
        JsonNode listed = jobs("list", "--json").json().path("jobs");
        assertThat(listed.findValuesAsText("name"))
                .contains("compaction", "kpi-verification", "anomalies", "forecasts", "storage-upkeep");
        listed.forEach(job -> assertThat(job.path("next").asText()).contains("T"));
        assertThat(jobs("list").out())
                .contains("never ran")
                .contains("last anomalies")
                .contains("15 2 * * *");
    }

    @Test
    void runSaysWhatWasDone() {
        Cli run = jobs("run", "forecasts", "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.json().path("runs").get(0).path("status").asText()).isEqualTo("done");
        assertThat(run.json().path("runs").get(0).path("processed").asLong()).isPositive();
        assertThat(jobs("history", "forecasts", "--json").json().path("runs")).hasSize(1);
        assertThat(jobs("history", "forecasts").out()).contains("done");
        assertThat(jobs("history", "compaction").out()).isEmpty();
    }

    @Test
    void whatIsDueRunsOnce() {
        jobs("run-due");
        assertThat(jobs("run-due", "--json").json().path("runs").findValuesAsText("job"))
                .as("all but compaction, whose slots are seconds apart")
                .isSubsetOf("compaction");
    }

    @Test
    void anUnknownJobIsWrongUsage() {
        Cli run = jobs("run", "nothing");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("compaction");
        assertThat(jobs().exitCode()).isEqualTo(2);
    }
}

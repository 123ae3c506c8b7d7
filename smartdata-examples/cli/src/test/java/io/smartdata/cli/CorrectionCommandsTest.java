package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that correct what was stored. */
class CorrectionCommandsTest {
    private static final String CSV = """
            id,time,name,value,user_id
            a,2026-03-01T10:00:00Z,order,10,anna
            b,2026-03-02T10:00:00Z,order,5,bert
            """;

    @TempDir
    private Path folder;

    private Cli run(String... command) {
        List<String> all = new ArrayList<>(Arrays.asList(command));
        all.addAll(List.of("--org", "acme", "--db", "jdbc:sqlite:" + folder.resolve("test.db")));
        return Cli.run(all.toArray(String[]::new));
    }

    private Cli ingest(String csv) throws IOException {
        Path file = Files.writeString(folder.resolve("orders.csv"), csv);
        return run("ingest", file.toString(), "--source", "shop", "--json");
    }

    private String sums() {
        return run("kpis", "--kpi", "order.sum", "--from", "2026-03-01", "--to", "2026-03-03", "--format", "csv")
                .out();
    }

    @Test
    void aRetractedFileCanBeLoadedCorrected() throws IOException {
        String receipt = ingest(CSV).json().path("id").asText();
        assertThat(ingest(CSV.replace(",5,", ",50,")).exitCode()).isEqualTo(1);

        Cli dry = run("retract", "--receipt", receipt, "--dry-run", "--json");
        assertThat(dry.json().path("events").asInt()).isEqualTo(2);
        assertThat(sums()).contains(",5,");

        Cli real = run("retract", "--receipt", receipt);
        assertThat(real.exitCode()).isZero();
        assertThat(real.out()).contains("2 events of 1 call taken back", "may be sent again");
        assertThat(ingest(CSV.replace(",5,", ",50,")).exitCode()).isZero();
        assertThat(sums()).contains(",50,");
        assertThat(run("verify").exitCode()).isZero();
    }

    @Test
    void retractedForeverMeansForever() throws IOException {
        ingest(CSV);
        assertThat(run("retract", "--source", "shop", "--id", "a", "--forever", "--json")
                        .json()
                        .path("events")
                        .asInt())
                .isEqualTo(1);
        assertThat(ingest(CSV).json().path("duplicates").asInt()).isEqualTo(2);
        assertThat(sums()).doesNotContain("2026-03-01");
    }

    @Test
    void aRetractionSaysWhatItNeeds() throws IOException {
        ingest(CSV);
        assertThat(run("retract").exitCode()).isEqualTo(2);
        assertThat(run("retract", "--id", "a").err()).contains("--id needs --source");
        assertThat(run("retract", "--name", "order", "--from", "yesterday").err())
                .contains("an instant like");
        Cli unknown = run("retract", "--receipt", "00000000-0000-0000-0000-000000000001");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no receipt");
    }

    @Test
    void aDeclaredSourceMayCorrectItself() throws IOException {
        ingest(CSV);
        assertThat(run("sources", "declare", "--source", "shop", "--conflicts", "last_wins")
                        .out())
                .contains("source shop declared, conflicts last_wins");

        Cli second = ingest(CSV.replace(",5,", ",50,"));

        assertThat(second.json().path("replaced").asInt()).isEqualTo(1);
        assertThat(sums()).contains(",50,").doesNotContain(",5,");
        assertThat(run("sources", "list").out()).contains("shop: declared, conflicts last_wins, events from");
        assertThat(run("sources", "list", "--json").json().path(0).path("name").asText())
                .isEqualTo("shop");
        assertThat(run("verify").exitCode()).isZero();
    }

    @Test
    void anOrgMayRequireDeclaredSources() throws IOException {
        ingest(CSV);
        assertThat(run("sources", "require", "--declared").out()).contains("declared sources only");
        assertThat(run("sources", "require", "--declared", "--json").json().toString())
                .isEqualTo("{\"org\":\"acme\",\"declaredOnly\":true}");
        assertThat(run("sources", "declare", "--source", "till", "--json")
                        .json()
                        .toString())
                .isEqualTo("{\"source\":\"till\",\"conflictPolicy\":\"reject\"}");
        assertThat(ingest(CSV.replace("a,", "c,")).err()).contains("unknown_source");
        assertThat(run("sources", "require", "--no-declared").out()).contains("any source");
        assertThat(ingest(CSV.replace("a,", "c,")).exitCode()).isZero();
    }
}

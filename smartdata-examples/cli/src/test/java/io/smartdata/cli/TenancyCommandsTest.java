package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about orgs and about who did what in them. */
class TenancyCommandsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void ingest() throws IOException {
        Path file = Files.writeString(
                folder.resolve("orders.csv"), "id,time,name,value\na,2026-03-01T10:00:00Z,order,10\n");
        for (String org : List.of("globex", "acme")) {
            run("ingest", file.toString(), "--source", "shop", "--org", org);
        }
    }

    private Cli run(String... command) {
        List<String> all = new ArrayList<>(Arrays.asList(command));
        all.addAll(List.of("--db", "jdbc:sqlite:" + folder.resolve("test.db")));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void orgsAreListedByName() {
        assertThat(run("org", "list").out().lines()).containsExactly("acme", "globex");
        assertThat(run("org", "list", "--json").json()).map(JsonNode::asText).containsExactly("acme", "globex");
    }

    @Test
    void theSettingsOfAnOrgAreShownWithoutItsKey() {
        Cli shown = run("org", "show", "--org", "acme", "--json");
        assertThat(shown.json().fieldNames())
                .toIterable()
                .containsExactly("org", "zone", "generation", "rawFrom", "identityScope");
        assertThat(shown.json().path("identityScope").asText()).isEqualTo("day");
    }

    @Test
    void theAuditLogSaysWhoDidWhatNewestFirst() {
        run(
                "export",
                "events",
                "--org",
                "acme",
                "--out",
                folder.resolve("out.csv").toString());
        run("org", "set", "--org", "acme", "--zone", "Asia/Tokyo");
        run(
                "export",
                "events",
                "--org",
                "globex",
                "--out",
                folder.resolve("other.csv").toString());
        JsonNode entries = run("audit", "list", "--org", "acme", "--json").json();
        assertThat(entries).extracting(entry -> entry.path("action").asText()).containsExactly("change_zone", "export");
        assertThat(entries.get(0).path("caller").asText()).isEqualTo("command line");
        assertThat(entries.get(0).path("detail").path("before").asText()).isEqualTo("UTC");
        assertThat(run("audit", "list", "--org", "acme", "--action", "export").out())
                .contains("command line  export events (begun)")
                .doesNotContain("Tokyo");
    }

    @Test
    void anOrgThatIsNotThereHasNoLog() {
        Cli cli = run("audit", "list", "--org", "nobody");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).contains("unknown_org");
    }
}

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

/** The command {@code exports}. */
class ExportsCommandTest {
    @TempDir
    private Path folder;

    private String db = "";

    @BeforeEach
    void ingest() throws IOException {
        db = "jdbc:sqlite:" + folder.resolve("test.db");
        Path file = Files.writeString(folder.resolve("orders.csv"), "id,time,name\na,2026-03-01,order\n");
        assertThat(Cli.run("ingest", file.toString(), "--org", "acme", "--source", "shop", "--db", db)
                        .exitCode())
                .isZero();
    }

    private Cli exports(String... arguments) {
        List<String> all = new ArrayList<>(List.of("exports"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--org", "acme", "--db", db));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void anExportIsRequestedRunByTheJobAndFetched() {
        String id = exports("request", "--json").json().at("/exports/0/id").asText();
        Path out = folder.resolve("out.csv");
        assertThat(exports("fetch", id, "--out", out.toString()).exitCode()).isEqualTo(1);
        assertThat(out).doesNotExist();
        assertThat(Cli.run("jobs", "run", "exports", "--db", db).exitCode()).isZero();
        JsonNode done = exports("status", "--json").json().at("/exports/0");
        assertThat(done.path("status").asText()).isEqualTo("done");
        assertThat(done.path("rows").asLong()).isEqualTo(1);
        assertThat(exports("fetch", id, "--out", out.toString()).out()).contains(id, "done", "1 event,");
        assertThat(out)
                .hasSize(done.path("bytes").asLong())
                .content()
                .startsWith("id,source,name")
                .contains("\na,shop,order,");
        assertThat(exports("discard", id).exitCode()).isZero();
        assertThat(exports("discard", id).exitCode()).isEqualTo(2);
        assertThat(exports("status").out()).isEmpty();
    }
}

package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --schemas} does. */
class SchemasTest {
    private static final String SCHEMAS = """
            schemas:
              - event: order
                mode: %s
                value: {required: true, min: 0}
                properties:
                  country: {oneOf: [DE, FR]}
            """;
    private static final String CSV = """
            id,time,name,value,country
            a,2026-03-01T10:00:00Z,order,10.10,DE
            b,2026-03-02T10:00:00Z,order,5,IT
            """;

    @TempDir
    private Path folder;

    private Cli ingest(String schemas, String... more) throws IOException {
        Path csv = Files.writeString(folder.resolve("orders.csv"), CSV);
        Path yaml = Files.writeString(folder.resolve("schemas.yaml"), schemas);
        String[] always = {
            "ingest",
            csv.toString(),
            "--org",
            "acme",
            "--source",
            "shop",
            "--schemas",
            yaml.toString(),
            "--db",
            "jdbc:sqlite:" + folder.resolve("test.db")
        };
        String[] all = java.util.Arrays.copyOf(always, always.length + more.length);
        System.arraycopy(more, 0, all, always.length, more.length);
        return Cli.run(all);
    }

    @Test
    void aRowThatBreaksItsSchemaRefusesAStrictFile() throws IOException {
        Cli refused = ingest(SCHEMAS.formatted("reject"), "--json");
        assertThat(refused.exitCode()).isEqualTo(1);
        JsonNode error = refused.json().path("error");
        assertThat(error.path("code").asText()).isEqualTo("schema_violation");
        assertThat(error.path("row").asInt()).isEqualTo(3);
        assertThat(error.path("field").asText()).isEqualTo("properties.country");
    }

    @Test
    void aWarningIsInTheReceipt() throws IOException {
        Cli warned = ingest(SCHEMAS.formatted("warn"), "--dry-run", "--json");
        assertThat(warned.exitCode()).isZero();
        assertThat(warned.json().path("warnings").toString()).isEqualTo("{\"order: properties.country\":1}");
        assertThat(ingest(SCHEMAS.formatted("warn")).out())
                .contains("warning: 1 accepted against their schema, order: properties.country");
    }

    @Test
    void aWrongFileOfSchemasIsWrongUsage() throws IOException {
        Cli refused = ingest(SCHEMAS.formatted("maybe"));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("schemas[0].mode is none of off, warn, reject");
    }
}

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the subcommands of dead-letters take, print and exit with. */
class DeadLettersCommandTest {
    @TempDir
    private Path folder;

    private String db = "";

    @BeforeEach
    void sendTwoFiles() throws IOException {
        db = "jdbc:sqlite:" + folder.resolve("test.db");
        send("shop", "id,when,time,name,value\na,2026-03-01,,order,5\nb,2026-03-02,,order,6;5\n");
        send("till", "id,time,name,value\nc,1772323200,order,7\n");
    }

    private void send(String source, String csv) throws IOException {
        Path file = Files.writeString(folder.resolve(source + ".csv"), csv);
        Cli sent = Cli.run(
                "ingest", file.toString(), "--org", "acme", "--source", source, "--mode", "lenient", "--db", db);
        assertThat(sent.err() + sent.out()).contains("rejected");
    }

    private Cli letters(String subcommand, String... more) {
        List<String> command = new ArrayList<>(List.of("dead-letters", subcommand, "--org", "acme", "--db", db));
        command.addAll(List.of(more));
        return Cli.run(command.toArray(String[]::new));
    }

    @Test
    void theSummarySaysWhereToLookFirst() {
        JsonNode counts = letters("summary", "--json").json().path("counts");
        assertThat(counts).hasSize(3);
        assertThat(counts.get(0).path("code").asText()).isEqualTo("invalid_time");
        assertThat(counts.get(1).path("source").asText()).isEqualTo("shop");
        assertThat(counts.get(1).path("letters").asInt()).isEqualTo(1);
        assertThat(letters("summary").out()).contains("missing_time").contains("3 dead letters.");
    }

    @Test
    void listsAreFilteredAndPaged() {
        assertThat(listed("--code", "invalid_time")).hasSize(1);
        assertThat(listed("--source", "shop")).hasSize(2);
        assertThat(listed("--to", "2026-01-01T00:00:00Z")).isEmpty();
        assertThat(listed("--status", "replayed")).isEmpty();
        String first = listed("--limit", "1").get(0).path("id").asText();
        assertThat(listed("--after", first)).hasSize(2);
        assertThat(letters("list", "--limit", "1").out()).contains("--after " + first);
    }

    private List<JsonNode> listed(String... more) {
        List<String> options = new ArrayList<>(List.of("--json"));
        options.addAll(List.of(more));
        List<JsonNode> letters = new ArrayList<>();
        letters("list", options.toArray(String[]::new))
                .json()
                .path("deadLetters")
                .forEach(letters::add);
        return letters;
    }

    @Test
    void correctionsComeFromOptionsAndFiles() throws IOException {
        JsonNode dry = letters("replay", "--source", "till", "--cast", "time=epoch_seconds", "--dry-run", "--json")
                .json();
        assertThat(dry.path("accepted").asInt()).isEqualTo(1);
        Path fix = Files.writeString(
                folder.resolve("fix.json"),
                "[{\"drop\":{\"field\":\"time\"}},{\"rename\":{\"from\":\"when\",\"to\":\"time\"}}]");
        Cli shop = letters("replay", "--source", "shop", "--fix", fix.toString(), "--json");
        assertThat(shop.exitCode()).isEqualTo(Failures.BAD_INPUT);
        assertThat(shop.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(shop.json().path("failedByCode").path("invalid_value").asInt())
                .isEqualTo(1);
        Cli till = letters("replay", "--code", "invalid_time", "--cast", "time=epoch_seconds");
        assertThat(till.exitCode()).as(till.out() + till.err()).isZero();
        assertThat(till.out()).contains("1 accepted");
        Cli rest = letters("replay", "--fix", fix.toString(), "--set", "value=6.5", "--json");
        assertThat(rest.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(letters("list").out()).contains("No dead letters");
        Cli sums = Cli.run("kpis", "--org", "acme", "--kpi", "order.sum", "--format", "csv", "--db", db);
        assertThat(sums.out()).contains("2026-03-01").contains("2026-03-02").contains(",6.5,");
    }

    @Test
    void lettersAreGivenUpWithAReasonAndOpenedAgain() {
        assertThat(letters("discard", "--reason", "test data").exitCode())
                .as("all letters are not given up by an option forgotten")
                .isEqualTo(Failures.USAGE);
        assertThat(letters("discard", "--source", "shop", "--reason", "test data")
                        .out())
                .contains("2 dead letters discarded");
        assertThat(letters("list", "--status", "discarded").out()).contains("test data");
        assertThat(letters("replay", "--source", "shop").out()).startsWith("0 dead letters");
        assertThat(letters("reopen", "--all", "--json").json().path("reopened").asInt())
                .isEqualTo(2);
    }

    @Test
    void theOriginalBytesAreShown() {
        String id = listed("--source", "till").get(0).path("id").asText();
        JsonNode shown = letters("show", id, "--json").json();
        assertThat(shown.path("payloadBase64").asText()).isNotEmpty();
        assertThat(listed().toString()).doesNotContain("payload");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list --code nothing",
                "list --status lost",
                "list --limit 0",
                "replay --cast value=money",
                "replay --batch 0",
                "replay --fix missing.json",
                "replay --payload somewhere",
                "replay 6f1c0f4e-0000-4000-8000-000000000001",
                "reopen"
            })
    void wrongUsageIsToldFromBadInput(String arguments) {
        String[] words = arguments.split(" ", -1);
        Cli run = letters(words[0], List.of(words).subList(1, words.length).toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Failures.USAGE);
        assertThat(run.err()).isNotBlank().doesNotContain("\tat ");
    }
}

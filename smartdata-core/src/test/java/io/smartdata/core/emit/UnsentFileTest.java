package io.smartdata.core.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.SmartDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsentFileTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private static UnsentEvent event(String message) {
        return new UnsentEvent("{\"id\":\"1\"}", "invalid_time", message, NOON, "d-1");
    }

    @Test
    void eachEventIsALineWithItsReason() throws IOException {
        Path file = folder.resolve("unsent.ndjson");
        UnsentFile letters = UnsentFile.at(file, 10_000);
        letters.accept(event("No \"time\"\nat all"));
        letters.accept(event("again"));
        assertThat(Files.readAllLines(file)).hasSize(2);
        JsonNode line = new ObjectMapper().readTree(Files.readAllLines(file).get(0));
        assertThat(line.path("code").asText()).isEqualTo("invalid_time");
        assertThat(line.path("message").asText()).isEqualTo("No \"time\"\nat all");
        assertThat(line.path("at").asText()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(line.path("deadLetterId").asText()).isEqualTo("d-1");
        assertThat(line.path("event").path("id").asText()).isEqualTo("1");
    }

    @Test
    void halfACharacterInAReasonDoesNotHoldTheEventUp() throws IOException {
        Path file = folder.resolve("unsent.ndjson");
        UnsentFile.at(file, 10_000).accept(event("cut \ud83d"));
        assertThat(new ObjectMapper()
                        .readTree(Files.readString(file))
                        .path("message")
                        .asText())
                .isEqualTo("cut ?");
    }

    @Test
    void aFullFileTakesNoMoreUntilItIsMovedAway() throws IOException {
        Path file = folder.resolve("unsent.ndjson");
        UnsentFile letters = UnsentFile.at(file, 200);
        letters.accept(event(""));
        assertThatThrownBy(() -> letters.accept(event("")))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unsent_file_full"));
        Files.move(file, folder.resolve("read"));
        letters.accept(event(""));
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void aFileThatCannotBeWrittenSaysSo() {
        assertThatThrownBy(() ->
                        UnsentFile.at(folder.resolve("missing/unsent"), 200).accept(event("")))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unsent_file_failed"));
    }
}

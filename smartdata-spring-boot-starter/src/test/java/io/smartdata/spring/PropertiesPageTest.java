package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** docs/spring-boot.md and what editors show are the same settings. */
class PropertiesPageTest {
    @Test
    void theTableOfSettingsHasEveryPropertyWithItsDefault() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode property : metadata().path("properties")) {
            if (!property.path("name").asText().startsWith("smartdata.")) {
                continue; // Spring Boot's own, for every endpoint
            }
            assertThat(property.path("description").asText())
                    .as("description of %s", property.path("name").asText())
                    .isNotEmpty();
            String value = property.has("defaultValue") ? " `" + text(property.path("defaultValue")) + "`" : "";
            lines.add("| `%s` |%s |".formatted(property.path("name").asText(), value));
        }
        assertThat(table()).containsExactlyInAnyOrderElementsOf(lines);
    }

    private static String text(JsonNode value) {
        return value.isArray() ? value.get(0).asText() : value.asText();
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream in =
                SmartDataProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, "no metadata"));
        }
    }

    /** The first two columns of the table. */
    private static List<String> table() throws IOException {
        return Files.readAllLines(Repository.file("docs/spring-boot.md")).stream()
                .filter(line -> line.startsWith("| `smartdata."))
                .map(line -> line.replaceFirst("(\\| [^|]*\\|[^|]*\\|).*", "$1"))
                .toList();
    }
}

package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smartdata.event.Event;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** Vectors from {@code python3 fingerprint-vectors.py > fingerprint-vectors.jsonl}. */
    @Test
    void agreesWithTheIndependentVectors() throws IOException {
        try (InputStream in = FingerprintTest.class.getResourceAsStream("/fingerprint-vectors.jsonl")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                JsonNode vector = JSON.readTree(line);
                byte[] fingerprint = Fingerprint.of(event(vector.get("event")), Reading.ORG.hashKey());
                assertThat(HexFormat.of().formatHex(fingerprint))
                        .as(line)
                        .isEqualTo(vector.get("fingerprint").asText());
            }
        }
    }

    private static Event event(JsonNode node) {
        Map<String, Object> properties = new HashMap<>();
        node.path("properties")
                .properties()
                .forEach(entry -> properties.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class)));
        return Event.named(
                        node.get("name").asText(),
                        TimeText.instant(node.get("micros").asLong()))
                .id("any")
                .value(node.has("value") ? new BigDecimal(node.get("value").asText()) : null)
                .subject(node.path("subject").asText(null))
                .entity(node.path("entity").asText(null))
                .session(node.path("session").asText(null))
                .schemaVersion(node.path("schemaVersion").asText(null))
                .properties(properties)
                .build();
    }

    @Test
    void idAndSourceLeaveNoTrace() {
        Event one = Event.named("x", Reading.NOW).id("1").source("a").build();
        Event two = Event.named("x", Reading.NOW).id("2").source("b").build();
        assertThat(Fingerprint.of(one, Reading.ORG.hashKey())).isEqualTo(Fingerprint.of(two, Reading.ORG.hashKey()));
    }

    @Test
    void everyPartCounts() {
        Event base = Event.named("x", Reading.NOW).id("1").build();
        assertThat(base).isNotNull();
        for (Event other : List.of(
                Event.named("y", Reading.NOW).id("1").build(),
                Event.named("x", Reading.NOW.plusNanos(1000)).id("1").build(),
                Event.named("x", Reading.NOW).id("1").value(0).build(),
                Event.named("x", Reading.NOW).id("1").subject("s").build(),
                Event.named("x", Reading.NOW).id("1").entity("s").build(),
                Event.named("x", Reading.NOW).id("1").session("s").build(),
                Event.named("x", Reading.NOW).id("1").schemaVersion("s").build(),
                Event.named("x", Reading.NOW)
                        .id("1")
                        .properties(Map.of("s", ""))
                        .build())) {
            assertThat(Fingerprint.of(other, Reading.ORG.hashKey()))
                    .isNotEqualTo(Fingerprint.of(base, Reading.ORG.hashKey()));
        }
    }
}

package io.smartdata.core.kpi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

/** JSON lines among the test resources. */
final class GoldenLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldenLines() {}

    static Stream<JsonNode> of(String resource) {
        try (InputStream in = Objects.requireNonNull(GoldenLines.class.getResourceAsStream("/kpi/" + resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(GoldenLines::parse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

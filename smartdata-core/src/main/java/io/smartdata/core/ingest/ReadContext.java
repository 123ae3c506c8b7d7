package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smartdata.event.Properties;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to read one payload again, as it is kept beside a dead letter.
 *
 * @param options of the call, with everything detected filled in
 * @param header of CSV, else empty
 * @param occurrence number of the row among equal rows of its file, from 1
 */
record ReadContext(ReadOptions options, List<String> header, long occurrence) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The same under another header. */
    ReadContext withHeader(List<String> newHeader) {
        return new ReadContext(options, newHeader, occurrence);
    }

    /** Canonical JSON. */
    String json() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put(
                "charset", options.charset() == null ? null : options.charset().name());
        members.put("defaultName", options.defaultName());
        members.put(
                "delimiter",
                options.delimiter() == null ? null : options.delimiter().toString());
        members.put(
                "epochUnit",
                options.epochUnit() == null ? null : options.epochUnit().name());
        members.put("header", header);
        members.put("identity", options.identity().name());
        members.put("mapping", options.mapping());
        members.put("occurrence", occurrence);
        members.put("source", options.source());
        members.put("zone", options.zone() == null ? null : options.zone().getId());
        return Properties.of(members).json();
    }

    /**
     * @throws IllegalArgumentException if {@code context} is not what {@link #json()} gives
     */
    static ReadContext parse(String format, String context, Limits limits) {
        JsonNode node;
        try {
            node = JSON.readTree(context);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The context of a dead letter is not JSON", e);
        }
        Map<String, String> mapping = new LinkedHashMap<>();
        node.path("mapping")
                .properties()
                .forEach(entry -> mapping.put(entry.getKey(), entry.getValue().asText()));
        List<String> header = new ArrayList<>();
        node.path("header").forEach(name -> header.add(name.asText()));
        String charset = text(node, "charset");
        String delimiter = text(node, "delimiter");
        String epochUnit = text(node, "epochUnit");
        String zone = text(node, "zone");
        ReadOptions options = new ReadOptions(
                Format.valueOf(format.toUpperCase(Locale.ROOT)),
                Identity.valueOf(node.path("identity").asText()),
                node.path("source").asText(),
                text(node, "defaultName"),
                mapping,
                zone == null ? null : ZoneId.of(zone),
                charset == null ? null : Charset.forName(charset),
                delimiter == null ? null : delimiter.charAt(0),
                epochUnit == null ? null : EpochUnit.valueOf(epochUnit),
                limits);
        return new ReadContext(options, header, node.path("occurrence").asLong(1));
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode member = node.get(name);
        return member == null || member.isNull() ? null : member.asText();
    }
}

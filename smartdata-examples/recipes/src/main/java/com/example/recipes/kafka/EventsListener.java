package com.example.recipes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes batches from topics {@code events.ORG}. Kafka delivers at least once: a record keeps its place, so the place is its id, and
 * what comes again is a duplicate. Offsets are committed when the method has returned; whatever it throws brings the batch again.
 */
@Component
class EventsListener {
    static final Caller CALLER = Caller.of("kafka");

    private static final String TOPICS = "events\\..+";
    private static final String PREFIX = "events.";

    private final SmartData smartData;

    /** Decimals stay as they were written. */
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    EventsListener(SmartData smartData) {
        this.smartData = smartData;
    }

    @KafkaListener(topicPattern = TOPICS)
    void receive(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, ByteArrayOutputStream> lines = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : records) {
            lines.computeIfAbsent(each.topic(), topic -> new ByteArrayOutputStream())
                    .writeBytes(json.writeValueAsBytes(line(each)));
            lines.get(each.topic()).write('\n');
        }
        lines.forEach((topic, body) -> ingest(topic, body.toByteArray()));
    }

    /** The record, with its place for an id if it has none. What is no JSON object goes on as a text: it becomes a dead letter. */
    private JsonNode line(ConsumerRecord<byte[], byte[]> each) {
        byte[] value = Objects.requireNonNullElse(each.value(), new byte[0]);
        try {
            if (json.readTree(value) instanceof ObjectNode event) {
                return event.has("id") ? event : event.put("id", place(each));
            }
            return json.getNodeFactory().stringNode(new String(value, UTF_8));
        } catch (JacksonException notJson) {
            return json.getNodeFactory().stringNode(new String(value, UTF_8));
        }
    }

    private static String place(ConsumerRecord<?, ?> each) {
        return "%s-%d-%d".formatted(each.topic(), each.partition(), each.offset());
    }

    private void ingest(String topic, byte[] body) {
        OrgId org = OrgId.of(topic.substring(PREFIX.length()));
        OrgScope scope = smartData.access().scope(CALLER, org, Permission.INGEST);
        smartData
                .ingest(scope)
                .input(
                        () -> new ByteArrayInputStream(body),
                        IngestOptions.lenient(ReadOptions.defaults("kafka").withFormat(Format.NDJSON)));
    }
}

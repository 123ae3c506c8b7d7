package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Receipts as JSON: what the store keeps and the command line prints.
 *
 * @since 0.1.0
 */
public final class ReceiptJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReceiptJson() {}

    /** One JSON object without line breaks. */
    public static String write(IngestReceipt receipt) {
        return write(receipt, receipt.outcomes());
    }

    /** As {@link #write}, but of the outcomes only those not accepted and not stored before; the counts are complete. */
    static String writeProblems(IngestReceipt receipt) {
        return write(
                receipt,
                receipt.outcomes().stream().filter(ReceiptJson::isProblem).toList());
    }

    private static boolean isProblem(EventOutcome outcome) {
        return outcome.outcome() == Outcome.REJECTED || outcome.outcome() == Outcome.CONFLICT;
    }

    private static String write(IngestReceipt receipt, List<EventOutcome> listed) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", receipt.id().toString());
        node.put("source", receipt.source());
        node.put("received", receipt.received());
        node.put("accepted", receipt.accepted());
        node.put("duplicates", receipt.duplicates());
        node.put("conflicts", receipt.conflicts());
        node.put("rejected", receipt.rejected());
        node.put("replaced", receipt.replaced());
        ObjectNode codes = node.putObject("rejectedByCode");
        new TreeMap<>(receipt.rejectedByCode()).forEach((code, count) -> codes.put(code.code(), count));
        ObjectNode warnings = node.putObject("warnings");
        receipt.warnings().forEach(warnings::put);
        node.set("outcomes", outcomes(listed));
        node.put("outcomesTruncated", receipt.outcomesTruncated());
        node.put("minOccurredAt", text(receipt.minOccurredAt()));
        node.put("maxOccurredAt", text(receipt.maxOccurredAt()));
        ArrayNode names = node.putArray("names");
        receipt.names().forEach(names::add);
        ObjectNode detected = node.putObject("detected");
        receipt.detected().forEach(detected::put);
        node.put("identity", receipt.identity());
        node.put("mode", receipt.mode());
        node.put("dryRun", receipt.dryRun());
        node.put("provisional", receipt.provisional());
        node.put("receivedAt", receipt.receivedAt().toString());
        node.put("durationMillis", receipt.duration().toMillis());
        return node.toString();
    }

    /** Outcomes as a JSON array. */
    public static ArrayNode outcomes(List<EventOutcome> outcomes) {
        ArrayNode array = JSON.createArrayNode();
        for (EventOutcome outcome : outcomes) {
            ObjectNode node = array.addObject();
            node.put("row", outcome.row());
            node.put("id", outcome.id());
            node.put("outcome", outcome.outcome().code());
            Rejection rejection = outcome.rejection();
            if (rejection != null) {
                node.put("code", rejection.code().code());
                node.put("field", rejection.field());
                node.put("message", rejection.message());
            }
            if (outcome.deadLetterId() != null) {
                node.put("deadLetterId", outcome.deadLetterId().toString());
            }
        }
        return array;
    }

    /** The reverse of {@link #write}. */
    public static IngestReceipt read(String json) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored receipt is not the JSON this version wrote", e);
        }
        Map<RejectionCode, Long> codes = new EnumMap<>(RejectionCode.class);
        node.path("rejectedByCode")
                .properties()
                .forEach(code -> codes.put(
                        RejectionCode.ofCode(code.getKey()), code.getValue().asLong()));
        SortedMap<String, Long> warnings = new TreeMap<>();
        node.path("warnings")
                .properties()
                .forEach(entry -> warnings.put(entry.getKey(), entry.getValue().asLong()));
        List<EventOutcome> outcomes = new ArrayList<>();
        node.path("outcomes").forEach(outcome -> outcomes.add(outcome(outcome)));
        TreeSet<String> names = new TreeSet<>();
        node.path("names").forEach(name -> names.add(name.asText()));
        Map<String, String> detected = new TreeMap<>();
        node.path("detected")
                .properties()
                .forEach(entry -> detected.put(entry.getKey(), entry.getValue().asText()));
        return new IngestReceipt(
                UUID.fromString(node.path("id").asText()),
                node.path("source").asText(),
                node.path("received").asLong(),
                node.path("accepted").asLong(),
                node.path("duplicates").asLong(),
                node.path("conflicts").asLong(),
                node.path("rejected").asLong(),
                node.path("replaced").asLong(),
                codes,
                warnings,
                outcomes,
                node.path("outcomesTruncated").asBoolean(),
                instant(node.path("minOccurredAt")),
                instant(node.path("maxOccurredAt")),
                names,
                detected,
                node.path("identity").asText(),
                node.path("mode").asText(),
                node.path("dryRun").asBoolean(),
                node.path("provisional").asBoolean(),
                Instant.parse(node.path("receivedAt").asText()),
                Duration.ofMillis(node.path("durationMillis").asLong()));
    }

    private static EventOutcome outcome(JsonNode node) {
        Rejection rejection = node.has("code")
                ? new Rejection(
                        RejectionCode.ofCode(node.path("code").asText()),
                        node.path("field").textValue(),
                        node.path("message").asText())
                : null;
        String deadLetterId = node.path("deadLetterId").textValue();
        return new EventOutcome(
                node.path("row").asLong(),
                node.path("id").textValue(),
                Outcome.valueOf(node.path("outcome").asText().toUpperCase(Locale.ROOT)),
                rejection,
                deadLetterId == null ? null : UUID.fromString(deadLetterId));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isTextual() ? Instant.parse(node.asText()) : null;
    }
}

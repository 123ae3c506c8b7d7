package io.smartdata.spring.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.tenancy.Permission;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Requests for every operation of an OpenAPI document, made of what it says and of what a world has. */
final class RequestSamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> BY_NAME = Map.ofEntries(
            Map.entry("from", "2026-01-01"),
            Map.entry("to", "2026-03-12"),
            Map.entry("until", "2026-03-12"),
            Map.entry("bucket", "2026-03-07"),
            Map.entry("horizon", "3"),
            Map.entry("zone", "UTC"),
            Map.entry("note", "a note"),
            Map.entry("model", "seasonal-naive"),
            Map.entry("detector", "rolling-zscore"),
            Map.entry("job", "compaction"),
            Map.entry("limit", "10"));

    private final JsonNode document;

    /** So that no event is a duplicate. */
    private int sent;

    RequestSamples(JsonNode document) {
        this.document = document;
    }

    /** One value of a request. */
    record Slot(String in, String name, String kind) {}

    /** An operation with the places where a value of a world goes. */
    record Operation(String method, String path, JsonNode declaration, List<Slot> slots) {
        /** Whether others find less after it. */
        boolean takesAway() {
            return method.equals("DELETE") || path.endsWith("/erasures");
        }

        /** Whether it is for the platform's staff only. */
        boolean acrossOrgs() {
            return declaration.path("description").asText().contains(Permission.CROSS_ORG.name());
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** A request as it is sent. */
    record Request(
            String method, String path, @Nullable String body, String contentType, Map<String, String> headers) {}

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        operations.sort(Comparator.comparing(Operation::takesAway));
        return operations;
    }

    private Operation operation(String method, String path, JsonNode declaration) {
        List<Slot> slots = new ArrayList<>();
        declaration
                .path("parameters")
                .forEach(parameter -> kind(path, parameter.path("name").asText())
                        .ifPresent(kind -> slots.add(new Slot(
                                parameter.path("in").asText(),
                                parameter.path("name").asText(),
                                kind))));
        JsonNode body = body(declaration);
        body.path("properties")
                .properties()
                .forEach(member -> kind(path, member.getKey())
                        .ifPresent(kind -> slots.add(new Slot("body", member.getKey(), kind))));
        return new Operation(method, path, declaration, slots);
    }

    /** The kind of thing a parameter names, as {@link LeakWorld} has it. */
    private static Optional<String> kind(String path, String name) {
        String word = name.toLowerCase(Locale.ROOT);
        if (word.equals("id") || word.equals("ids")) {
            return Optional.of(
                    path.contains("/receipts")
                            ? "receipt"
                            : path.contains("/dead-letters")
                                    ? "letter"
                                    : path.contains("/uploads")
                                            ? "upload"
                                            : path.contains("/exports")
                                                    ? "export"
                                                    : path.contains("/incidents") ? "incident" : "event");
        }
        return List.of("receipt", "kpi", "source", "name", "subject", "entity", "incident", "caller").stream()
                .filter(kind -> word.equals(kind) || word.equals(kind + "s") || word.equals(kind + "id"))
                .findFirst();
    }

    /** With own values, but for one place. */
    Request request(Operation operation, BiFunction<Slot, String, String> values) {
        String path = operation.path().substring("/api/v1".length());
        Map<String, String> headers = new LinkedHashMap<>();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.declaration().path("parameters")) {
            String name = parameter.path("name").asText();
            String in = parameter.path("in").asText();
            Slot slot = operation.slots().stream()
                    .filter(it -> it.in().equals(in) && it.name().equals(name))
                    .findFirst()
                    .orElse(null);
            boolean wanted =
                    parameter.path("required").asBoolean() || slot != null || name.equals("from") || name.equals("to");
            if (!wanted || name.equals("org")) {
                continue;
            }
            String value = slot == null ? value(name, parameter.path("schema")) : values.apply(slot, slot.kind());
            switch (in) {
                case "path" -> path = path.replace("{" + name + "}", encoded(value));
                case "query" ->
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(name)
                            .append("=")
                            .append(encoded(value));
                default -> headers.put(name, value);
            }
        }
        JsonNode content = operation.declaration().path("requestBody").path("content");
        String type = content.has("application/json") || content.isEmpty()
                ? "application/json"
                : content.fieldNames().next();
        String body = content.isEmpty() ? null : bodyText(operation, content, values);
        return new Request(operation.method(), path + query, body, type, headers);
    }

    private String bodyText(Operation operation, JsonNode content, BiFunction<Slot, String, String> values) {
        JsonNode schema = body(operation.declaration());
        if (!schema.has("properties")) {
            String event = "{\"id\":\"%08d\",\"name\":\"probe\",\"time\":\"2026-01-02T00:00:00Z\"}".formatted(++sent);
            return operation.path().endsWith("/single") ? event : "[" + event + "]";
        }
        ObjectNode body = object(operation, schema, values);
        operation.slots().stream().filter(slot -> slot.in().equals("body")).forEach(slot -> {
            String value = values.apply(slot, slot.kind());
            if (schema.path("properties")
                    .path(slot.name())
                    .path("type")
                    .toString()
                    .contains("array")) {
                body.putArray(slot.name()).add(value);
            } else {
                body.put(slot.name(), value);
            }
        });
        return body.toString();
    }

    private ObjectNode object(Operation operation, JsonNode schema, BiFunction<Slot, String, String> values) {
        ObjectNode body = JSON.createObjectNode();
        schema.path("required").forEach(required -> {
            JsonNode member = resolved(schema.path("properties").path(required.asText()));
            if (member.path("type").asText().equals("object")) {
                body.set(required.asText(), object(operation, member, values));
            } else if (member.path("type").asText().equals("array")) {
                ArrayNode array = body.putArray(required.asText());
                JsonNode items = resolved(member.path("items"));
                if (items.path("type").asText().equals("object")) {
                    array.add(object(operation, items, values));
                } else if (required.asText().equals("orgs")) {
                    array.add("us");
                }
            } else {
                JsonNode typed = JSON.getNodeFactory()
                        .textNode(kind(operation.path(), required.asText())
                                .map(kind -> values.apply(new Slot("body", required.asText(), kind), kind))
                                .orElseGet(() -> value(required.asText(), member)));
                body.set(
                        required.asText(),
                        switch (member.path("type").asText()) {
                            case "boolean" -> JSON.getNodeFactory().booleanNode(false);
                            case "integer", "number" ->
                                JSON.getNodeFactory().numberNode(Integer.parseInt(typed.asText()));
                            default -> typed;
                        });
            }
        });
        return body;
    }

    private JsonNode body(JsonNode declaration) {
        return resolved(declaration
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema"));
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty() ? schema : document.at(reference.substring(1));
    }

    private static String value(String name, JsonNode schema) {
        String known = BY_NAME.get(name);
        if (schema.path("format").asText().equals("date-time")) {
            return known == null ? "2026-03-07T00:00:00Z" : known + "T00:00:00Z";
        }
        if (schema.path("enum").isArray()) {
            return schema.path("enum").get(0).asText();
        }
        if (known != null) {
            return known;
        }
        return switch (schema.path("type").asText()) {
            case "integer", "number" -> schema.path("minimum").asText("1");
            case "boolean" -> "false";
            default -> schema.path("format").asText().equals("uuid") ? new UUID(7, 7).toString() : "x";
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

package io.smartdata.spring.web.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.spring.web.route.Answer;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.spring.web.route.Router;
import io.smartdata.tenancy.Permission;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a table of routes says of itself, as OpenAPI 3.1 writes it.
 *
 * @since 0.1.0
 */
public final class OpenApiDocument {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Whatever a route does, this may happen. */
    private static final Set<ErrorCode> EVERYWHERE = EnumSet.of(
            ErrorCode.INVALID_REQUEST,
            ErrorCode.UNAUTHENTICATED,
            ErrorCode.NOT_PERMITTED,
            ErrorCode.INTERNAL_ERROR,
            ErrorCode.STORE_UNAVAILABLE);

    private final JsonSchemas schemas = new JsonSchemas();

    private OpenApiDocument() {}

    /**
     * The document.
     *
     * @param basePath under which the routes lie
     */
    public static ObjectNode of(List<Route> routes, String basePath) {
        return new OpenApiDocument().document(routes, basePath);
    }

    private ObjectNode document(List<Route> routes, String basePath) {
        ObjectNode document = NODES.objectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "smartdata")
                .put("version", "1")
                .put(
                        "description",
                        "Events in; KPIs, anomalies and forecasts out. Every answer is about one org only. How callers log in, the application says that serves this.")
                .putObject("license")
                .put("name", "Apache License 2.0")
                .put("identifier", "Apache-2.0");
        document.putArray("servers").addObject().put("url", basePath);
        ObjectNode paths = document.putObject("paths");
        for (Route route : routes) {
            ObjectNode path =
                    paths.has(route.path()) ? (ObjectNode) paths.path(route.path()) : paths.putObject(route.path());
            path.set(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        ObjectNode components = document.putObject("components");
        schemas.schemas().set("Problem", problem());
        components.set("schemas", schemas.schemas());
        return document;
    }

    private ObjectNode operation(Route route) {
        ObjectNode operation = NODES.objectNode();
        operation.put("operationId", route.id());
        operation.put("summary", route.summary());
        operation.put("description", who(route));
        operation.putArray("tags").add(tag(route));
        ArrayNode parameters = operation.putArray("parameters");
        if (route.access() == Route.Access.ORG) {
            parameters.add(parameter(Router.ORG, false));
        }
        route.parameters().forEach(parameter -> parameters.add(parameter(parameter, route.requires(parameter))));
        body(operation, route);
        responses(operation.putObject("responses"), route);
        return operation;
    }

    private static String who(Route route) {
        return switch (route.access()) {
            case ORG ->
                "Needs %s in the org.%s"
                        .formatted(
                                names(route.permissions()),
                                route.wishes().isEmpty()
                                        ? ""
                                        : " Shows more with %s.".formatted(names(route.wishes())));
            case CALLER -> "For every caller who is logged in.";
            case ACROSS_ORGS -> "Needs CROSS_ORG; audited.";
        };
    }

    private static String names(Set<Permission> permissions) {
        return permissions.stream().map(Enum::name).sorted().collect(Collectors.joining(" and "));
    }

    /** The first part of the path. */
    private static String tag(Route route) {
        return route.path().split("/")[3];
    }

    private static ObjectNode parameter(Parameter<?> parameter, boolean required) {
        ObjectNode node = NODES.objectNode();
        node.put("name", parameter.name());
        node.put("in", parameter.in().name().toLowerCase(Locale.ROOT));
        node.put("required", required);
        node.put("description", "%s Written as %s.".formatted(parameter.description(), parameter.expected()));
        Parameter.Schema said = parameter.schema();
        ObjectNode schema = node.putObject("schema").put("type", said.type());
        if (said.format() != null) {
            schema.put("format", said.format());
        }
        if (!said.values().isEmpty()) {
            said.values().forEach(schema.putArray("enum")::add);
        }
        if (said.minimum() != null) {
            schema.put("minimum", said.minimum());
        }
        if (said.maximum() != null) {
            schema.put("maximum", said.maximum());
        }
        standard(schema, said);
        return node;
    }

    private static void standard(ObjectNode schema, Parameter.Schema said) {
        String standard = said.standard();
        if (standard == null) {
            return;
        }
        switch (said.type()) {
            case "boolean" -> schema.put("default", Boolean.parseBoolean(standard));
            case "integer" -> schema.put("default", Long.parseLong(standard));
            case "number" -> schema.put("default", Double.parseDouble(standard));
            default -> schema.put("default", standard);
        }
    }

    private void body(ObjectNode operation, Route route) {
        Route.Body body = route.body();
        if (body == null) {
            return;
        }
        ObjectNode node = operation.putObject("requestBody").put("required", body.required());
        ObjectNode content = node.putObject("content");
        body.mediaTypes().forEach(type -> {
            ObjectNode media = content.putObject(type);
            media.set("schema", body.type() == null ? events(type) : schemas.body(body.type()));
        });
    }

    /** In words: what reads events takes more than a schema can say, and generators fail on forms beside other types. */
    private static ObjectNode events(String mediaType) {
        return switch (mediaType) {
            case "application/json" ->
                NODES.objectNode().put("description", "An event, an array of them, or an object with them as events.");
            case "multipart/form-data" ->
                JsonSchemas.of("object", null).put("description", "A form with one file, under the name file.");
            case "application/octet-stream", "application/gzip" -> JsonSchemas.of("string", "binary");
            default -> JsonSchemas.of("string", null);
        };
    }

    private void responses(ObjectNode responses, Route route) {
        Answer answer = route.answer();
        ObjectNode done = responses.putObject(String.valueOf(answer.status())).put("description", answer.description());
        if (!answer.mediaTypes().isEmpty()) {
            ObjectNode content = done.putObject("content");
            answer.mediaTypes().forEach(type -> {
                ObjectNode media = content.putObject(type);
                if (answer.type() != null) {
                    media.set("schema", schemas.answer(answer.type()));
                }
            });
        }
        errors(responses, route);
    }

    private void errors(ObjectNode responses, Route route) {
        Set<ErrorCode> errors = EnumSet.copyOf(EVERYWHERE);
        errors.addAll(route.errors());
        if (route.access() == Route.Access.ORG) {
            errors.add(ErrorCode.ORG_MISSING);
        }
        if (route.body() != null) {
            errors.add(ErrorCode.BATCH_TOO_LARGE);
            errors.add(ErrorCode.THROTTLED);
            errors.add(ErrorCode.BODY_TIMED_OUT);
        }
        Map<Integer, List<ErrorCode>> byStatus =
                errors.stream().collect(Collectors.groupingBy(ErrorCode::status, TreeMap::new, Collectors.toList()));
        byStatus.forEach((status, codes) -> {
            ObjectNode response = responses.putObject(String.valueOf(status));
            response.put("description", codes.stream().map(ErrorCode::code).collect(Collectors.joining(", ")));
            response.putObject("content").putObject("application/problem+json").set("schema", problemOf(route));
        });
    }

    private ObjectNode problemOf(Route route) {
        ObjectNode plain = NODES.objectNode().put("$ref", "#/components/schemas/Problem");
        if (route.problemMembers() == null) {
            return plain;
        }
        ObjectNode both = NODES.objectNode();
        both.putArray("allOf").add(plain).add(schemas.members(route.problemMembers()));
        return both;
    }

    private static ObjectNode problem() {
        ObjectNode schema = NODES.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.set("type", JsonSchemas.of("string", "uri"));
        properties.set("title", JsonSchemas.of("string", null));
        properties.set("status", JsonSchemas.of("integer", "int32"));
        properties.set(
                "detail",
                JsonSchemas.of("string", null)
                        .put("description", "What happened, what it means for the data, what to do."));
        properties.set("code", JsonSchemas.of("string", null).put("description", "Stable, for programs."));
        properties.set(
                "requestId", JsonSchemas.of("string", null).put("description", "Under which the server's log has it."));
        List.of("type", "title", "status", "detail", "code", "requestId").forEach(schema.putArray("required")::add);
        return schema;
    }
}

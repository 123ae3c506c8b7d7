package io.smartdata.spring.web.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Parameter;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** JSON Schemas of records, as {@link io.smartdata.spring.web.route.Json} writes them; each record is a schema of its own. */
final class JsonSchemas {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, Class<?>> types = new LinkedHashMap<>();
    private final ObjectNode schemas = NODES.objectNode();

    /** All so far, by name. */
    ObjectNode schemas() {
        return schemas;
    }

    /** Of an answer: all members are there. */
    ObjectNode answer(Class<?> type) {
        return reference(type, true);
    }

    /** Of a body: what may be null may be left out, and nothing else may be there. */
    ObjectNode body(Class<?> type) {
        return reference(type, false);
    }

    /** Of what an object may have beside other members. */
    ObjectNode members(Class<?> type) {
        ObjectNode reference = reference(type, true);
        ObjectNode schema = (ObjectNode) schemas.path(type.getSimpleName());
        schema.remove(List.of("additionalProperties", "required"));
        return reference;
    }

    private ObjectNode reference(Class<?> type, boolean answer) {
        String name = type.getSimpleName();
        Class<?> known = types.putIfAbsent(name, type);
        if (known == null) {
            schemas.set(name, object(type, answer));
        } else if (known != type) {
            throw new IllegalStateException("%s and %s have one name".formatted(known, type));
        }
        return NODES.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private ObjectNode object(Class<?> type, boolean answer) {
        ObjectNode schema = NODES.objectNode();
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = schema(component.getAnnotatedType(), answer);
            About about = component.getAnnotation(About.class);
            if (about != null) {
                property.put("description", about.value());
            }
            properties.set(component.getName(), property);
            if (answer || !nullable(component.getAnnotatedType())) {
                required.add(component.getName());
            }
        }
        if (required.isEmpty()) {
            schema.remove("required");
        }
        return schema;
    }

    private static boolean nullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private ObjectNode schema(AnnotatedType type, boolean answer) {
        ObjectNode schema = plain(type, answer);
        return nullable(type) ? orNull(schema) : schema;
    }

    private static ObjectNode orNull(ObjectNode schema) {
        if (schema.has("enum")) {
            schema.withArray("enum").addNull();
        }
        if (schema.path("type").isTextual()) {
            String type = schema.path("type").asText();
            schema.putArray("type").add(type).add("null");
            return schema;
        }
        ObjectNode either = NODES.objectNode();
        either.putArray("anyOf").add(schema).addObject().put("type", "null");
        return either;
    }

    private ObjectNode plain(AnnotatedType annotated, boolean answer) {
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            Class<?> raw = (Class<?>) ((ParameterizedType) annotated.getType()).getRawType();
            return container(raw, arguments[arguments.length - 1], answer);
        }
        Type type = annotated.getType();
        if (type instanceof Class<?> known) {
            return known.isRecord() ? reference(known, answer) : value(known);
        }
        throw new IllegalStateException("No schema for " + type);
    }

    private ObjectNode container(Class<?> raw, AnnotatedType element, boolean answer) {
        ObjectNode schema = NODES.objectNode();
        if (Map.class.isAssignableFrom(raw)) {
            schema.put("type", "object");
            schema.set("additionalProperties", schema(element, answer));
        } else if (Collection.class.isAssignableFrom(raw)) {
            schema.put("type", "array");
            schema.set("items", schema(element, answer));
        } else {
            throw new IllegalStateException("No schema for " + raw);
        }
        return schema;
    }

    private static ObjectNode value(Class<?> type) {
        if (type.isEnum()) {
            return words(type);
        }
        if (type == String.class || type == ZoneId.class || type == LocalDateTime.class) {
            return of("string", null);
        }
        if (type == Instant.class) {
            return of("string", "date-time");
        }
        if (type == LocalDate.class) {
            return of("string", "date");
        }
        if (type == Period.class) {
            return of("string", "duration");
        }
        if (type == UUID.class) {
            return of("string", "uuid");
        }
        if (type == boolean.class || type == Boolean.class) {
            return of("boolean", null);
        }
        if (type == long.class || type == Long.class) {
            return of("integer", "int64");
        }
        if (type == int.class || type == Integer.class) {
            return of("integer", "int32");
        }
        if (type == double.class || type == Double.class) {
            return of("number", "double");
        }
        if (type == BigDecimal.class) {
            return of("number", null);
        }
        if (type == Object.class) {
            return NODES.objectNode();
        }
        throw new IllegalStateException("No schema for " + type);
    }

    private static ObjectNode words(Class<?> type) {
        ObjectNode schema = of("string", null);
        ArrayNode values = schema.putArray("enum");
        for (Object value : type.getEnumConstants()) {
            values.add(Parameter.word((Enum<?>) value));
        }
        return schema;
    }

    static ObjectNode of(String type, @Nullable String format) {
        ObjectNode schema = NODES.objectNode().put("type", type);
        return format == null ? schema : schema.put("format", format);
    }
}

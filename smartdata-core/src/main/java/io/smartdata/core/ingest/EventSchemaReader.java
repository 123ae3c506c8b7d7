package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import io.smartdata.core.definition.Definition;
import io.smartdata.core.definition.Definitions;
import io.smartdata.core.definition.DocumentKind;
import io.smartdata.schema.EventSchema;
import io.smartdata.schema.EventSchemas;
import io.smartdata.schema.FieldRule;
import io.smartdata.schema.FieldType;
import io.smartdata.schema.SchemaMode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads schemas from a file: YAML if it is called {@code .yaml} or {@code .yml}, else JSON.
 *
 * <pre>{@code
 * {"schemas":[{"event":"order_placed","version":"2","mode":"warn","closed":true,"value":{"required":true,"min":0},
 *   "properties":{"country":{"required":true,"oneOf":["DE","FR"]},"items":{"type":"integer","max":100}}}]}
 * }</pre>
 *
 * @since 0.1.0
 */
public final class EventSchemaReader {
    private static final DocumentKind KIND =
            new DocumentKind("The file of event schemas", "invalid_schemas", "schemas_unreadable");

    /** Those with a rule of their own; in the order in which they are checked. */
    private static final List<String> CORE_FIELDS = List.of("subject", "entity", "session", "value");

    private static final Set<String> SCHEMA_FIELDS =
            Set.of("event", "version", "mode", "closed", "subject", "entity", "session", "value", "properties");
    private static final Set<String> RULE_FIELDS = Set.of("type", "required", "min", "max", "maxLength", "oneOf");

    private EventSchemaReader() {}

    /**
     * Reads schemas.
     *
     * @throws SmartDataException {@code invalid_schemas} with line or field, {@code schemas_unreadable} if the file cannot
     *     be read or is larger than 4 MiB, {@code yaml_missing} if jackson-dataformat-yaml is not on the class path
     */
    public static EventSchemas read(Path file) {
        return from(Definitions.read(file, KIND));
    }

    /**
     * Reads schemas from JSON.
     *
     * @throws SmartDataException {@code invalid_schemas} with line or field
     */
    public static EventSchemas parse(String json) {
        return from(Definitions.parse(json, KIND));
    }

    private static EventSchemas from(Definition document) {
        document.requireOnly(Set.of("schemas"));
        List<EventSchema> schemas = document.parts("schemas").stream()
                .map(EventSchemaReader::schema)
                .toList();
        return KIND.make("schemas", () -> EventSchemas.of(schemas));
    }

    private static EventSchema schema(Definition definition) {
        definition.requireOnly(SCHEMA_FIELDS);
        String event = definition.requiredText("event");
        String version = definition.text("version");
        SchemaMode mode = definition.choice("mode", SchemaMode.class);
        List<FieldRule> required = new ArrayList<>();
        List<FieldRule> optional = new ArrayList<>();
        for (String field : CORE_FIELDS) {
            if (definition.has(field)) {
                FieldType usual = field.equals("value") ? FieldType.NUMBER : FieldType.TEXT;
                Definition part = definition.part(field);
                (part.bool("required", false) ? required : optional).add(rule(part, field, usual));
            }
        }
        Definition properties = definition.part("properties");
        for (String property : properties.names()) {
            Definition part = properties.part(property);
            (part.bool("required", false) ? required : optional)
                    .add(rule(part, FieldRule.PROPERTIES + property, FieldType.TEXT));
        }
        boolean open = !definition.bool("closed", false);
        return definition.make(() ->
                new EventSchema(event, version, required, optional, open, mode == null ? SchemaMode.REJECT : mode));
    }

    private static FieldRule rule(Definition definition, String field, FieldType usual) {
        definition.requireOnly(RULE_FIELDS);
        FieldType declared = definition.choice("type", FieldType.class);
        FieldType type = declared == null ? usual : declared;
        BigDecimal min = definition.number("min", "a number");
        BigDecimal max = definition.number("max", "a number");
        BigDecimal length = definition.number("maxLength", "a number of characters");
        String[] oneOf = definition.texts("oneOf");
        return definition.make(() -> new FieldRule(
                field, type, min, max, length == null ? Integer.MAX_VALUE : whole(length), List.of(oneOf)));
    }

    private static int whole(BigDecimal length) {
        try {
            return length.intValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("maxLength must be a whole number up to " + Integer.MAX_VALUE, e);
        }
    }
}

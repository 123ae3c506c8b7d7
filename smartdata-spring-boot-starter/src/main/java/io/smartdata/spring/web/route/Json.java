package io.smartdata.spring.web.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.smartdata.SmartDataException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON by a mapper of our own, so that no setting of the host's changes an answer. Records are objects, in the order of their
 * components; moments, days and zones are texts of ISO 8601, values of enumerations lower case.
 *
 * @since 0.1.0
 */
public final class Json {
    private static final int MAX_DEPTH = 64;

    /** Far more than an event may have, and little enough to be remembered for each of many requests. */
    private static final int MAX_SHAPE_DEPTH = 10_000;

    private static final JsonMapper MAPPER = mapper();

    /** With all digits of numbers. */
    private static final ObjectReader OBJECTS = MAPPER.readerFor(new TypeReference<Map<String, Object>>() {})
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** Counts events only; what is wrong with one of them is told by its reader. */
    private static final JsonFactory SHAPES = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_SHAPE_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private Json() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(module())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .build();
        for (CoercionInputShape other :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(other, CoercionAction.Fail);
        }
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build());
        return mapper;
    }

    private static SimpleModule module() {
        SimpleModule module = new SimpleModule("smartdata");
        module.addSerializer(Instant.class, ToStringSerializer.instance);
        module.addSerializer(LocalDate.class, ToStringSerializer.instance);
        module.addSerializer(LocalDateTime.class, ToStringSerializer.instance);
        module.addSerializer(ZoneId.class, ToStringSerializer.instance);
        module.addSerializer(Period.class, ToStringSerializer.instance);
        module.addSerializer(Enum.class, new Words());
        module.addDeserializer(Instant.class, new Parsed<>(Parameter::moment, "a moment like 2026-03-01T10:00:00Z"));
        module.addDeserializer(LocalDate.class, new Parsed<>(LocalDate::parse, "a day like 2026-03-01"));
        module.addDeserializer(Period.class, new Parsed<>(Period::parse, "a period like P90D or P3M"));
        module.addDeserializer(ZoneId.class, new Parsed<>(ZoneId::of, "a zone like Europe/Berlin"));
        return module;
    }

    /** Values of enumerations in lower case. */
    @SuppressWarnings("rawtypes")
    private static final class Words extends JsonSerializer<Enum> {
        @Override
        public void serialize(Enum value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(Parameter.word(value));
        }
    }

    /** What is written as a text. */
    private static final class Parsed<T> extends JsonDeserializer<T> {
        private final Function<String, T> parser;
        private final String expected;

        Parsed(Function<String, T> parser, String expected) {
            this.parser = parser;
            this.expected = expected;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return parser.apply(in.getText());
            } catch (DateTimeException | IllegalArgumentException e) {
                throw JsonMappingException.from(in, "not " + expected, e);
            }
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The same as a tree. */
    static ObjectNode tree(Object answer) {
        return MAPPER.valueToTree(answer);
    }

    /**
     * An object of our own writing, for an answer that shows it.
     *
     * @param json as the store keeps it
     */
    public static Map<String, Object> object(String json) {
        try {
            return OBJECTS.readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The store has an object that is none", e);
        }
    }

    /** The text of a tree or a record. */
    public static byte[] bytes(Object answer) {
        try {
            return MAPPER.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of texts and numbers can be written", e);
        }
    }

    /**
     * Reads a body that is exactly one object of known members.
     *
     * @throws SmartDataException {@code invalid_request} with the member at fault; what the record itself throws
     */
    static <T> T read(byte[] body, Class<T> type) {
        try {
            T value = MAPPER.readValue(utf8(body), type);
            if (value == null) {
                throw invalid("The body must be an object.", null);
            }
            requireWhole(value, "");
            return value;
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof SmartDataException refused) {
                throw refused;
            }
            throw invalid("The body must not have %s as it is.".formatted(path(e)), e);
        } catch (IOException e) {
            throw invalid("The body must be one JSON object in UTF-8.", e);
        }
    }

    /** What may not be null is there, in lists too. */
    private static void requireWhole(Object value, String path) {
        if (value instanceof Iterable<?> list) {
            list.forEach(element -> requireThere(element, path + "[]"));
        } else if (value instanceof Record) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Object member = member(value, component);
                String place = path.isEmpty() ? component.getName() : path + "." + component.getName();
                if (member != null || !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    requireThere(member, place);
                }
            }
        }
    }

    private static void requireThere(@Nullable Object member, String place) {
        if (member == null) {
            throw invalid("The body lacks %s.".formatted(place), null);
        }
        requireWhole(member, place);
    }

    private static @Nullable Object member(Object value, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A record tells its components", e);
        }
    }

    /** Jackson would read other encodings of Unicode too, unasked. */
    private static String utf8(byte[] body) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    /** The members to what is wrong; their names are the client's own. */
    private static String path(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "this content" : path.length() > 100 ? "a member" : path;
    }

    /**
     * How many events a document has: the elements of an array, or of the array {@code events} of an object, or the object.
     *
     * @throws SmartDataException {@code invalid_json} if it is no JSON, whatever else may be wrong with its events;
     *     {@code too_deep} beyond anything that could be an event
     */
    public static int events(byte[] body) {
        try (JsonParser in = SHAPES.createParser(body)) {
            JsonToken first = in.nextToken();
            if (first == JsonToken.START_ARRAY) {
                return elements(in);
            }
            if (first != JsonToken.START_OBJECT) {
                throw new SmartDataException("invalid_json", "The body must be JSON with events. Nothing was stored.");
            }
            int events = 0;
            boolean envelope = false;
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean named = in.currentName().equals("events");
                if (in.nextToken() == JsonToken.START_ARRAY && named) {
                    envelope = true;
                    events += elements(in);
                } else {
                    in.skipChildren();
                }
            }
            return envelope ? events : 1;
        } catch (StreamConstraintsException e) {
            throw new SmartDataException(
                    "too_deep",
                    "The body is nested more than %d deep. Nothing was stored.".formatted(MAX_SHAPE_DEPTH),
                    e);
        } catch (IOException e) {
            throw new SmartDataException(
                    "invalid_json", "The body cannot be read as JSON in UTF-8. Nothing was stored. Correct it.", e);
        }
    }

    /** Whether the first character of a document is this one. */
    public static boolean startsWith(byte[] body, char first) {
        for (byte one : body) {
            if (!Character.isWhitespace(one)) {
                return one == first;
            }
        }
        return false;
    }

    private static int elements(JsonParser in) throws IOException {
        int elements = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (in.currentToken() == null) {
                throw new EOFException("The array has no end");
            }
            in.skipChildren();
            elements++;
        }
        return elements;
    }

    private static SmartDataException invalid(String message, @Nullable Throwable cause) {
        return new SmartDataException("invalid_request", message, cause);
    }
}

package io.smartdata.spring.web.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
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

    private static final JsonMapper MAPPER = mapper();

    /** With all digits of numbers. */
    private static final ObjectReader OBJECTS = MAPPER.readerFor(new TypeReference<Map<String, Object>>() {})
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

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

    private static SmartDataException invalid(String message, @Nullable Throwable cause) {
        return new SmartDataException("invalid_request", message, cause);
    }
}

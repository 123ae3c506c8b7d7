package io.smartdata.spring.web.route;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.smartdata.SmartDataException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * JSON by a mapper of our own, so that no setting of the host's changes an answer. Records are objects, in the order of their
 * components; moments, days and zones are texts of ISO 8601, values of enumerations lower case.
 *
 * @since 0.1.0
 */
public final class Json {
    private static final int MAX_DEPTH = 64;

    private static final JsonMapper MAPPER = mapper();

    private Json() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(module())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .build();
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
        module.addSerializer(Enum.class, new Words());
        module.addDeserializer(Instant.class, new Parsed<>(Instant::parse, "a moment like 2026-03-01T10:00:00Z"));
        module.addDeserializer(LocalDate.class, new Parsed<>(LocalDate::parse, "a day like 2026-03-01"));
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
            } catch (DateTimeException e) {
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
            T value = MAPPER.readValue(body, type);
            if (value == null) {
                throw invalid("The body must be an object.", null);
            }
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

    /** The members to what is wrong; their names are the client's own. */
    private static String path(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "this content" : path.length() > 100 ? "a member" : path;
    }

    private static SmartDataException invalid(String message, Throwable cause) {
        return new SmartDataException("invalid_request", message, cause);
    }
}

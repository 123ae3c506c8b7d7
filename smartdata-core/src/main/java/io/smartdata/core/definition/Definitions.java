package io.smartdata.core.definition;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.smartdata.SmartDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Opens documents: JSON, and YAML if jackson-dataformat-yaml is on the class path.
 *
 * @since 0.1.0
 */
public final class Definitions {
    /** Thousands of definitions fit; a mistaken data file does not. */
    private static final int MAX_BYTES = 4 << 20;

    private static final ObjectMapper JSON = mapper(new JsonFactory());

    private Definitions() {}

    /**
     * Opens a file, YAML if its name ends in {@code .yaml} or {@code .yml}, else JSON.
     *
     * @throws SmartDataException {@link DocumentKind#invalid()} with line and column, {@link DocumentKind#unreadable()} if
     *     the file cannot be read or is larger than 4 MiB, {@code yaml_missing} if jackson-dataformat-yaml is not on the
     *     class path
     */
    public static Definition read(Path file, DocumentKind kind) {
        return read(String.valueOf(file.getFileName()), () -> Files.newInputStream(file), kind);
    }

    /** Opens a document to be read; the reader closes it. */
    @FunctionalInterface
    public interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * As {@link #read(Path, DocumentKind)}, from anywhere.
     *
     * @param fileName tells YAML from JSON
     */
    public static Definition read(String fileName, Opener document, DocumentKind kind) {
        String name = fileName.toLowerCase(Locale.ROOT);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        try (InputStream in = document.open()) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new SmartDataException(
                        kind.unreadable(),
                        "%s is larger than %d bytes. Nothing was changed. Name a file of definitions."
                                .formatted(kind.title(), MAX_BYTES));
            }
            return parse(yaml ? yaml(kind) : JSON, utf8(bytes), kind);
        } catch (IOException e) {
            throw new SmartDataException(
                    kind.unreadable(),
                    "%s cannot be read. Nothing was changed. Check that the file exists, is readable and is UTF-8."
                            .formatted(kind.title()),
                    e);
        }
    }

    /** Bytes that are no UTF-8 are an error, not a question mark. */
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /**
     * Opens a text in JSON.
     *
     * @throws SmartDataException {@link DocumentKind#invalid()} with line and column
     */
    public static Definition parse(String json, DocumentKind kind) {
        return parse(JSON, json, kind);
    }

    private static Definition parse(ObjectMapper mapper, String text, DocumentKind kind) {
        try {
            return new Definition(mapper.readTree(text), "", kind);
        } catch (JsonProcessingException e) {
            throw malformed(e, kind);
        }
    }

    private static SmartDataException malformed(JsonProcessingException e, DocumentKind kind) {
        var location = e.getLocation();
        return new SmartDataException(
                kind.invalid(),
                "%s cannot be read at %s: %s. Nothing was changed. Correct the text there."
                        .formatted(
                                kind.title(),
                                location == null
                                        ? "its start"
                                        : "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr()),
                                e.getOriginalMessage().lines().findFirst().orElse("malformed")),
                e);
    }

    private static ObjectMapper mapper(JsonFactory factory) {
        return new ObjectMapper(factory)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    private static ObjectMapper yaml(DocumentKind kind) {
        try {
            return mapper(Yaml.factory());
        } catch (NoClassDefFoundError e) {
            throw new SmartDataException(
                    "yaml_missing",
                    "%s is YAML, which needs jackson-dataformat-yaml on the class path. Nothing was changed. Add it, or write JSON."
                            .formatted(kind.title()),
                    e);
        }
    }

    /** Apart, so that this class loads without the optional dependency. */
    private static final class Yaml {
        static JsonFactory factory() {
            return new YAMLFactory();
        }
    }
}

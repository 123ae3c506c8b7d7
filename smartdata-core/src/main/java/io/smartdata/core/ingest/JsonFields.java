package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.smartdata.event.RejectionCode;
import java.io.IOException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Members of a JSON object; values keep their text to the digit, so that what no step names stays what it was. */
final class JsonFields extends PayloadFields {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonScanner.MAX_NESTING)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Payload original;

    JsonFields(Payload payload) throws UntransformableException {
        this.original = payload;
        char[] text = payload.text().toCharArray();
        try (JsonParser parser = JSON.createParser(text, 0, text.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnObject(null);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = (int) parser.currentLocation().getCharOffset();
                add(name, new String(text, start, end - start).strip());
            }
            if (parser.nextToken() != null) {
                throw notAnObject(null);
            }
        } catch (IOException e) {
            throw notAnObject(e);
        }
    }

    private static UntransformableException notAnObject(@Nullable IOException cause) {
        return new UntransformableException(
                RejectionCode.INVALID_JSON,
                null,
                "The payload is not one JSON object, so it cannot be transformed. Give an edited payload.",
                cause);
    }

    @Override
    String ofText(String text) {
        return Row.quoted(text);
    }

    @Override
    String ofScalar(String number) {
        return number;
    }

    @Override
    @Nullable
    String scalar(String value) {
        return switch (value.charAt(0)) {
            case '{', '[' -> null;
            case '"' -> unquoted(value);
            default -> value;
        };
    }

    private static String unquoted(String value) {
        try (JsonParser parser = JSON.createParser(value)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new IllegalStateException("The value was JSON when it was read", e);
        }
    }

    @Override
    boolean absent(String value) {
        return value.equals("null");
    }

    @Override
    Payload payload() throws UntransformableException {
        StringJoiner object = new StringJoiner(",", "{", "}");
        fields().forEach((name, value) -> object.add(Row.quoted(name) + ":" + value));
        return original.with(object.toString(), original.context());
    }
}

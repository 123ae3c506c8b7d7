package io.smartdata.spring.web.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.smartdata.SmartDataException;
import java.io.EOFException;
import java.io.IOException;

/** How many events a body has, before any of them is read. */
final class JsonBatch {
    /** Far more than an event may have, and little enough to be remembered for each of many requests. */
    private static final int MAX_SHAPE_DEPTH = 10_000;

    /** What is wrong with one of them is told by its reader. */
    private static final JsonFactory SHAPES = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_SHAPE_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private JsonBatch() {}

    /**
     * How many events a document has: the elements of an array, or of the array {@code events} of an object, or the object.
     *
     * @throws SmartDataException {@code invalid_json} if it is no JSON, whatever else may be wrong with its events;
     *     {@code too_deep} beyond anything that could be an event
     */
    static int events(byte[] body) {
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
    static boolean startsWith(byte[] body, char first) {
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
}

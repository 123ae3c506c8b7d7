package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.smartdata.event.RejectionCode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON event into a {@link Row}. Syntax is strict RFC 8259; what is wrong with the content is a fault of the
 * row, found without stopping, so that a syntax error behind it is still seen.
 */
final class JsonEvent {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonScanner.MAX_NESTING)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final FieldMapping mapping;
    private final Limits limits;
    private final Names names = new Names();
    private final Names memberNames = new Names();
    private int members;

    JsonEvent(FieldMapping mapping, Limits limits) {
        this.mapping = mapping;
        this.limits = limits;
    }

    /**
     * Reads {@code json}, which must be one JSON value, into {@code row}.
     *
     * @throws StreamReadException if it is not
     */
    void read(char[] json, int offset, int length, Row row) throws IOException {
        members = 0;
        try (JsonParser parser = JSON.createParser(json, offset, length)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                event(parser, row);
            } else {
                row.fail(
                        RejectionCode.INVALID_JSON, null, "An event must be a JSON object. Send one object per event.");
                drain(parser);
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "More than one value");
            }
        } catch (StreamConstraintsException e) {
            tooDeep(row);
        }
    }

    private static void drain(JsonParser parser) throws IOException {
        if (parser.currentToken() == null) {
            throw new JsonParseException(parser, "No value");
        }
        parser.skipChildren();
    }

    private void event(JsonParser parser, Row row) throws IOException {
        names.clear();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            checkText(name, name, row);
            if (!names.add(name)) {
                row.duplicate(name);
            }
            if (row.fault() != null) {
                identityOnly(parser, name, row);
                continue;
            }
            FieldMapping.Slot slot = mapping.slot(name);
            if (slot == null) {
                count(row);
                property(name, canonical(parser, token, 1, name, row), row);
            } else if (slot.field() == Field.PROPERTIES) {
                properties(parser, token, name, row);
            } else {
                String text = plain(parser, token, name, row);
                if (row.fault() == null) {
                    String demoted = row.put(slot, name, kind(token), text);
                    mapping.use(row.name(slot.field()), slot.field());
                    if (demoted != null) {
                        mapping.useAsProperty(demoted);
                    }
                }
            }
        }
    }

    /** Names of one object: the first few are compared one by one, faster than in a set. */
    private static final class Names {
        private final String[] first = new String[16];
        private Set<String> rest = new HashSet<>();
        private int size;

        void clear() {
            size = 0;
            rest = rest.isEmpty() ? rest : new HashSet<>();
        }

        /** False if the name was there before. */
        boolean add(String name) {
            for (int i = 0; i < size; i++) {
                if (first[i].equals(name)) {
                    return false;
                }
            }
            if (size == first.length) {
                return rest.add(name);
            }
            first[size++] = name;
            return true;
        }
    }

    /** A row that is lost already is only read for its id, which its sender will look for, and for its subject. */
    private void identityOnly(JsonParser parser, String name, Row row) throws IOException {
        FieldMapping.Slot slot = mapping.slot(name);
        if (slot != null
                && (slot.field() == Field.ID || slot.field() == Field.SUBJECT)
                && row.text(slot.field()) == null
                && parser.currentToken() == JsonToken.VALUE_STRING
                && Texts.fault(parser.getText()) == null) {
            row.put(slot, name, Row.Kind.TEXT, parser.getText());
        }
        parser.skipChildren();
    }

    /** An object of properties is merged into the others; anything else of that name is a property itself. */
    private void properties(JsonParser parser, JsonToken token, String name, Row row) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            if (token != JsonToken.VALUE_NULL) {
                count(row);
                property(name, canonical(parser, token, 1, name, row), row);
            }
            return;
        }
        mapping.use(name, Field.PROPERTIES);
        if (limits.maxDepth() < 2) {
            tooDeep(row);
        }
        memberNames.clear();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            checkText(member, member, row);
            if (!memberNames.add(member)) {
                row.duplicate(member);
            }
            JsonToken value = parser.nextToken();
            count(row);
            property(member, canonical(parser, value, 2, member, row), row);
        }
    }

    private static void property(String name, String json, Row row) {
        if (row.fault() == null) {
            row.property(name, json);
        }
    }

    private static Row.Kind kind(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> Row.Kind.TEXT;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Row.Kind.NUMBER;
            case VALUE_NULL -> Row.Kind.NULL;
            default -> Row.Kind.OTHER;
        };
    }

    /** Text without quotes, a number with its digits, anything else in canonical JSON. */
    private String plain(JsonParser parser, JsonToken token, String name, Row row) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            checkText(text, name, row);
            return text;
        }
        return token.isNumeric() ? parser.getText() : canonical(parser, token, 1, name, row);
    }

    /** The value in canonical JSON: members sorted, no white space, numbers with their digits. */
    private String canonical(JsonParser parser, JsonToken token, int depth, String name, Row row) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            checkText(text, name, row);
            return row.fault() == null ? Row.quoted(text) : "";
        }
        if (token.isNumeric()) {
            String text = parser.getText();
            if (NumberText.parse(text) == null) {
                row.fail(
                        RejectionCode.INVALID_VALUE,
                        name,
                        "A number must be " + NumberText.RULE + ". Send it as text.");
            }
            return text;
        }
        if (!token.isStructStart()) {
            return parser.getText();
        }
        if (depth >= limits.maxDepth()) {
            tooDeep(row);
        }
        if (row.fault() != null) {
            parser.skipChildren();
            return "";
        }
        return token == JsonToken.START_OBJECT
                ? canonicalObject(parser, depth + 1, name, row)
                : canonicalArray(parser, depth + 1, name, row);
    }

    private String canonicalObject(JsonParser parser, int depth, String name, Row row) throws IOException {
        TreeMap<String, String> sorted = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            checkText(member, name, row);
            JsonToken token = parser.nextToken();
            count(row);
            if (sorted.put(member, canonical(parser, token, depth, name, row)) != null) {
                row.duplicate(member);
            }
        }
        if (row.fault() != null) {
            return "";
        }
        StringBuilder out = new StringBuilder("{");
        for (Map.Entry<String, String> member : sorted.entrySet()) {
            out.append(out.length() == 1 ? "" : ",").append(Row.quoted(member.getKey()));
            out.append(':').append(member.getValue());
        }
        return out.append('}').toString();
    }

    private String canonicalArray(JsonParser parser, int depth, String name, Row row) throws IOException {
        StringBuilder out = new StringBuilder("[");
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            out.append(out.length() == 1 ? "" : ",").append(canonical(parser, token, depth, name, row));
        }
        return out.append(']').toString();
    }

    private void count(Row row) {
        if (++members > limits.maxProperties()) {
            row.fail(
                    RejectionCode.TOO_MANY_PROPERTIES,
                    null,
                    "The event has more than %d properties, those of nested objects counted. Send fewer or raise the limit."
                            .formatted(limits.maxProperties()));
        }
    }

    private void tooDeep(Row row) {
        row.fail(
                RejectionCode.TOO_DEEP,
                null,
                "The event is nested deeper than %d levels. Flatten it or raise the limit."
                        .formatted(limits.maxDepth()));
    }

    private static void checkText(String text, @Nullable String field, Row row) {
        String fault = Texts.fault(text);
        if (fault != null) {
            row.fail(RejectionCode.INVALID_ENCODING, Texts.fault(String.valueOf(field)) == null ? field : null, fault);
        }
    }
}

package io.smartdata.core.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smartdata.SmartDataException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A part of a document that knows its place, so that what is wrong with it can be said there. Every accessor throws the
 * {@link DocumentKind#invalid()} of its document if a field is not what was asked for.
 *
 * @since 0.1.0
 */
public final class Definition {
    private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
    private static final int MAX_SHOWN = 50;

    private final JsonNode json;
    private final String at;
    private final DocumentKind kind;

    Definition(JsonNode json, String at, DocumentKind kind) {
        this.json = json;
        this.at = at;
        this.kind = kind;
    }

    /** The same part under another name of its place. */
    public Definition at(String place) {
        return new Definition(json, place, kind);
    }

    /** Refuses anything but a map of these fields. */
    public void requireOnly(Set<String> known) {
        for (String name : names()) {
            if (!known.contains(name)) {
                String shown = name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + ".." : name;
                throw wrong("has no field %s; there are %s"
                        .formatted(shown, known.stream().sorted().toList()));
            }
        }
    }

    /** Names of the fields of a map, in their order. */
    public List<String> names() {
        if (!json.isObject()) {
            throw wrong("is not a map");
        }
        List<String> names = new ArrayList<>();
        for (Iterator<String> each = json.fieldNames(); each.hasNext(); ) {
            names.add(each.next());
        }
        return names;
    }

    /** True if there is such a field. */
    public boolean has(String field) {
        return json.has(field);
    }

    /** A field as a part of its own; one that is not there is an empty map. */
    public Definition part(String field) {
        JsonNode value = json.path(field);
        return new Definition(value.isMissingNode() ? NOTHING : value, path(field), kind);
    }

    /** A list of parts; empty if there is none. */
    public List<Definition> parts(String field) {
        JsonNode list = json.path(field);
        if (!list.isArray() && !list.isMissingNode()) {
            throw wrong(field, "is not a list");
        }
        List<Definition> parts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            parts.add(new Definition(list.get(i), "%s[%d]".formatted(path(field), i), kind));
        }
        return parts;
    }

    /** A text that must be there. */
    public String requiredText(String field) {
        String text = text(field);
        if (text == null) {
            throw wrong(field, "is missing");
        }
        return text;
    }

    /** A text; null if there is none. */
    public @Nullable String text(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(field, "is not text; put it in quotes");
        }
        return value.textValue();
    }

    /** A list of texts, or one text; numbers and booleans as they are written; empty if there is none. */
    public String[] texts(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return new String[0];
        }
        List<JsonNode> items = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(items::add);
        } else {
            items.add(value);
        }
        return items.stream()
                .map(item -> {
                    if (!item.isValueNode() || item.isNull()) {
                        throw wrong(field, "is neither a text nor a list of texts");
                    }
                    return item.asText();
                })
                .toArray(String[]::new);
    }

    /**
     * A number; null if there is none.
     *
     * @param wanted what it should be, as in "a number above 0"
     */
    public @Nullable BigDecimal number(String field, String wanted) {
        return has(field) ? requiredNumber(field, wanted) : null;
    }

    /** As {@link #number}, but it must be there. */
    public BigDecimal requiredNumber(String field, String wanted) {
        JsonNode value = json.path(field);
        if (!value.isNumber()) {
            throw wrong(field, "is not " + wanted);
        }
        return value.decimalValue();
    }

    /** True or false. */
    public boolean bool(String field, boolean otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(field, "is neither true nor false");
        }
        return value.booleanValue();
    }

    /** A constant of {@code type}, in any case; null if there is none. */
    public <E extends Enum<E>> @Nullable E choice(String field, Class<E> type) {
        String text = text(field);
        return text == null
                ? null
                : Arrays.stream(type.getEnumConstants())
                        .filter(constant -> word(constant).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> wrong(
                                field,
                                "is none of "
                                        + Arrays.stream(type.getEnumConstants())
                                                .map(Definition::word)
                                                .collect(Collectors.joining(", "))));
    }

    /** A constant of {@code type} that must be there. */
    public <E extends Enum<E>> E requiredChoice(String field, Class<E> type) {
        E choice = choice(field, type);
        if (choice == null) {
            throw wrong(field, "is missing");
        }
        return choice;
    }

    /** A constant as documents write it. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Makes what this part defines; what its own rules say is said of this place. */
    public <T> T make(Supplier<T> making) {
        return kind.make(at, making);
    }

    /** What is wrong with a field. */
    public SmartDataException wrong(String field, String what) {
        return kind.invalid(path(field), what);
    }

    private SmartDataException wrong(String what) {
        return kind.invalid(at, what);
    }

    private String path(String field) {
        return at.isEmpty() ? field : at + "." + field;
    }
}

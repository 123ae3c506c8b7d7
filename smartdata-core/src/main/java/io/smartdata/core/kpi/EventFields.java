package io.smartdata.core.kpi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.smartdata.event.Event;
import io.smartdata.kpi.Kpi;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What KPIs read of one event after the other. Properties are parsed when the first of them is asked for, and of these
 * only the wanted ones are kept. Not thread-safe.
 */
final class EventFields {
    /** Longest text taken as a number, and greatest power of ten: sums of such numbers stay small. */
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final int MAX_EXPONENT = 400;

    /** Stored properties passed the limits of ingestion already; the parser skips what is nested without recursion. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Set<String> wanted;
    private final Map<String, String> properties = new HashMap<>();
    private final FlatMembers flat;
    private @Nullable Event event;
    private boolean parsed;

    EventFields(Set<String> wanted) {
        this.wanted = wanted;
        this.flat = new FlatMembers(wanted);
    }

    void of(Event newEvent) {
        event = newEvent;
        parsed = false;
    }

    /** Subject, entity, session or a property as text; null if the event lacks it. */
    @Nullable
    String text(Event from, String field) {
        return switch (field) {
            case Kpi.SUBJECT -> from.subject();
            case Kpi.ENTITY -> from.entity();
            case Kpi.SESSION -> from.session();
            default -> property(field);
        };
    }

    /** The value or a property that is a decimal number; null if the event lacks it or it is something else. */
    @Nullable
    BigDecimal number(Event from, String field) {
        if (field.equals(Kpi.VALUE)) {
            return from.value();
        }
        String text = property(field);
        return text == null ? null : parseNumber(text);
    }

    /** A property as text: of a nested one its JSON; null if it is absent or null. */
    @Nullable
    String property(String name) {
        if (!parsed) {
            parse();
        }
        return properties.get(name);
    }

    private void parse() {
        properties.clear();
        parsed = true;
        if (event == null || event.properties().isEmpty()) {
            return;
        }
        String json = event.properties().json();
        if (!flat.read(json, properties)) {
            properties.clear();
            parse(json);
        }
    }

    private void parse(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                readProperty(parser, json, parser.currentName());
            }
        } catch (IOException e) {
            throw new IllegalStateException("Properties of a stored event are not JSON; verify the store", e);
        }
    }

    private void readProperty(JsonParser parser, String json, String name) throws IOException {
        JsonToken token = parser.nextToken();
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        if (token == JsonToken.VALUE_NULL || !wanted.contains(name)) {
            return;
        }
        boolean nested = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
        properties.put(
                name,
                nested ? json.substring(from, (int) parser.currentLocation().getCharOffset()) : parser.getText());
    }

    private static @Nullable BigDecimal parseNumber(String text) {
        if (text.isEmpty() || text.length() > MAX_NUMBER_LENGTH || !startsLikeNumber(text)) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) <= MAX_EXPONENT ? number : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** Spares the exception for most texts; only ASCII digits count. */
    private static boolean startsLikeNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}

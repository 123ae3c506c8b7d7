package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.smartdata.SmartDataException;
import io.smartdata.event.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A declared correction of dead letters: steps that are applied one after the other to the fields of each payload, before it
 * is read. Fields are the columns of CSV and the outermost members of JSON, named exactly as the sender named them. The bytes
 * that are kept never change.
 *
 * <p>A step about a field that a payload does not have does nothing, so that one transformation serves letters that differ.
 *
 * <pre>{@code
 * Transformation fix = Transformation.none().rename("when", "occurred_at").cast("value", Transformation.Type.NUMBER);
 * }</pre>
 *
 * @param steps in the order they are applied
 * @since 0.1.0
 */
public record Transformation(List<Step> steps) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Transformation NONE = new Transformation(List.of());

    /** One step. */
    public sealed interface Step {}

    /**
     * Gives a field another name.
     *
     * @param from its name; the payload must not have {@code to} as well
     * @param to its new name
     */
    public record Rename(String from, String to) implements Step {
        public Rename {
            requireName(from);
            requireName(to);
        }
    }

    /**
     * Gives a field a text, whether it was there or not.
     *
     * @param field its name
     * @param value the text; for a number in JSON add a {@link Cast}
     */
    public record SetField(String field, String value) implements Step {
        public SetField {
            requireName(field);
            requireNonNull(value, "value");
        }
    }

    /**
     * Leaves a field out.
     *
     * @param field its name
     */
    public record Drop(String field) implements Step {
        public Drop {
            requireName(field);
        }
    }

    /**
     * Writes the value of a field as another type. An absent value stays absent.
     *
     * @param field its name
     * @param type the type it gets
     */
    public record Cast(String field, Type type) implements Step {
        public Cast {
            requireName(field);
            requireNonNull(type, "type");
        }
    }

    /** What a value is cast to. CSV knows no types: there a cast checks the text, and makes times of numbers. */
    public enum Type {
        /** A decimal number, of a text that is one but for blanks around it. */
        NUMBER,
        /** A text, of a number or a boolean. */
        TEXT,
        /** True or false, of such a text in any case. */
        BOOLEAN,
        /** An ISO-8601 time in UTC, of the seconds since 1970. */
        EPOCH_SECONDS,
        /** An ISO-8601 time in UTC, of the milliseconds since 1970. */
        EPOCH_MILLIS;

        /** The name in JSON and on the command line. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The reverse of {@link #code()}.
         *
         * @throws IllegalArgumentException if there is no such type
         */
        public static Type ofCode(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    public Transformation {
        steps = List.copyOf(steps);
    }

    /** Changes nothing. */
    public static Transformation none() {
        return NONE;
    }

    /**
     * Reads a JSON array of steps: {@code [{"rename":{"from":"ts","to":"occurred_at"}}, {"set":{"field":"country",
     * "value":"DE"}}, {"drop":{"field":"debug"}}, {"cast":{"field":"value","type":"number"}}]}.
     *
     * @throws SmartDataException {@code invalid_transformation} if it is not one
     */
    public static Transformation parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isArray()) {
                throw new IllegalArgumentException("it is not an array");
            }
            List<Step> steps = new ArrayList<>();
            root.forEach(node -> steps.add(step(node)));
            return new Transformation(steps);
        } catch (JsonProcessingException e) {
            throw invalid("it is not JSON", e);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private static Step step(JsonNode node) {
        if (node.isObject() && node.size() == 1) {
            String kind = node.fieldNames().next();
            JsonNode step = node.get(kind);
            switch (kind) {
                case "rename":
                    return new Rename(text(step, "from", 2), text(step, "to", 2));
                case "set":
                    return new SetField(text(step, "field", 2), text(step, "value", 2));
                case "drop":
                    return new Drop(text(step, "field", 1));
                case "cast":
                    return new Cast(text(step, "field", 2), Type.ofCode(text(step, "type", 2)));
                default: // refused below
            }
        }
        throw new IllegalArgumentException("a step must be an object with one of rename, set, drop and cast");
    }

    private static String text(JsonNode step, String member, int members) {
        JsonNode text = step.get(member);
        if (text == null || !text.isTextual() || step.size() != members) {
            throw new IllegalArgumentException(
                    "a step lacks the text \"%s\", or has a member too many".formatted(member));
        }
        return text.asText();
    }

    private static SmartDataException invalid(String what, Exception cause) {
        return new SmartDataException(
                "invalid_transformation",
                ("The transformation cannot be used: %s. Nothing was replayed. Write it like"
                                + " [{\"rename\":{\"from\":\"ts\",\"to\":\"occurred_at\"}}].")
                        .formatted(what),
                cause);
    }

    private static void requireName(String name) {
        if (name.isBlank() || Texts.fault(name) != null) {
            throw new IllegalArgumentException("a field name must be readable text");
        }
    }

    /** The JSON that {@link #parse} reads. */
    public String json() {
        ArrayNode array = JSON.createArrayNode();
        for (Step step : steps) {
            if (step instanceof Rename rename) {
                array.addObject().putObject("rename").put("from", rename.from()).put("to", rename.to());
            } else if (step instanceof SetField set) {
                array.addObject().putObject("set").put("field", set.field()).put("value", set.value());
            } else if (step instanceof Drop drop) {
                array.addObject().putObject("drop").put("field", drop.field());
            } else if (step instanceof Cast cast) {
                array.addObject()
                        .putObject("cast")
                        .put("field", cast.field())
                        .put("type", cast.type().code());
            }
        }
        return array.toString();
    }

    /** What is done to which fields, without the values they are given: for logs. */
    List<String> outline() {
        return steps.stream().map(Transformation::outline).toList();
    }

    private static String outline(Step step) {
        if (step instanceof Rename rename) {
            return "rename " + rename.from() + " to " + rename.to();
        }
        if (step instanceof SetField set) {
            return "set " + set.field();
        }
        if (step instanceof Cast cast) {
            return "cast " + cast.field() + " to " + cast.type().code();
        }
        return "drop " + ((Drop) step).field();
    }

    /** These steps, then a {@link Rename}. */
    public Transformation rename(String from, String to) {
        return then(new Rename(from, to));
    }

    /** These steps, then a {@link SetField}. */
    public Transformation set(String field, String value) {
        return then(new SetField(field, value));
    }

    /** These steps, then a {@link Drop}. */
    public Transformation drop(String field) {
        return then(new Drop(field));
    }

    /** These steps, then a {@link Cast}. */
    public Transformation cast(String field, Type type) {
        return then(new Cast(field, type));
    }

    private Transformation then(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new Transformation(more);
    }

    PayloadFields.Payload apply(PayloadFields.Payload payload) throws UntransformableException {
        if (steps.isEmpty()) {
            return payload;
        }
        if (payload.bytes().length >= CharSource.MAX_KEPT) {
            throw new UntransformableException(
                    RejectionCode.EVENT_TOO_LARGE,
                    null,
                    "Only the beginning of this payload was kept, so it cannot be transformed. Give an edited payload, or discard it.",
                    null);
        }
        PayloadFields fields = PayloadFields.of(payload);
        for (Step step : steps) {
            fields.apply(step);
        }
        return fields.payload();
    }
}

package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.schema.EventSchema;
import io.smartdata.schema.FieldRule;
import io.smartdata.schema.FieldType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an event keeps one schema. Properties are walked through once, as canonical JSON; a text or a number is
 * taken out of it only if its rule looks at it. Thread-safe.
 */
final class SchemaCheck {
    /** Allowed values, and characters of a text, that a sentence shows. */
    private static final int MAX_SHOWN = 5;

    private static final int MAX_SHOWN_LENGTH = 60;

    /**
     * One rule, ready.
     *
     * @param name of a property in quotes as canonical JSON has it; else the field
     * @param limited true if more than the type is to be looked at
     * @param violation the answer to an event that breaks it
     */
    private record Rule(FieldRule declared, String name, boolean required, boolean limited, Rejection violation) {}

    private final String schema;
    private final List<Rule> core = new ArrayList<>();
    private final List<Rule> properties = new ArrayList<>();
    private final boolean open;

    SchemaCheck(EventSchema declared) {
        schema = "By the schema of " + shown(declared.event())
                + (declared.version() == null ? "" : " version " + shown(declared.version()));
        open = declared.open();
        declared.required().forEach(rule -> add(rule, true));
        declared.optional().forEach(rule -> add(rule, false));
        properties.sort(Comparator.comparing(rule -> rule.declared().field()));
    }

    private void add(FieldRule declared, boolean required) {
        String field = declared.field();
        String name = declared.isProperty() ? Row.quoted(field.substring(FieldRule.PROPERTIES.length())) : field;
        boolean limited = !declared.oneOf().isEmpty()
                || declared.maxLength() < Integer.MAX_VALUE
                || declared.min() != null
                || declared.max() != null
                || declared.type() == FieldType.INTEGER;
        Rejection violation = violation(
                field, "must be %s%s".formatted(wanted(declared), required ? ", and is required" : ", or left out"));
        (declared.isProperty() ? properties : core).add(new Rule(declared, name, required, limited, violation));
    }

    private Rejection violation(String field, String must) {
        String place = shown(field);
        return new Rejection(
                RejectionCode.SCHEMA_VIOLATION,
                place,
                "%s, %s %s. Correct the event, or the schema, and send it again.".formatted(schema, place, must));
    }

    /** What a rule allows, for people. */
    private static String wanted(FieldRule rule) {
        StringBuilder out = new StringBuilder(
                switch (rule.type()) {
                    case TEXT -> "a text";
                    case NUMBER -> "a number";
                    case INTEGER -> "a number without fraction";
                    case BOOLEAN -> "true or false";
                    case LIST -> "a list";
                    case OBJECT -> "an object";
                    case ANY -> "anything";
                });
        if (rule.maxLength() < Integer.MAX_VALUE) {
            out.append(" of at most ").append(rule.maxLength()).append(" characters");
        }
        if (rule.min() != null) {
            out.append(" of at least ").append(shown(rule.min().toString()));
        }
        if (rule.max() != null) {
            out.append(rule.min() == null ? " of at most " : " and at most ")
                    .append(shown(rule.max().toString()));
        }
        if (!rule.oneOf().isEmpty()) {
            List<String> values = rule.oneOf().stream()
                    .limit(MAX_SHOWN)
                    .map(SchemaCheck::shown)
                    .toList();
            out.append(", one of ").append(String.join(", ", values));
            out.append(rule.oneOf().size() > MAX_SHOWN ? ", ..." : "");
        }
        return out.toString();
    }

    private static String shown(String text) {
        return Texts.shown(text, MAX_SHOWN_LENGTH);
    }

    /**
     * The first rule that is broken, or null.
     *
     * @param cells true if the properties were cells of CSV, which are texts whatever they say
     */
    @Nullable
    Rejection violation(Event event, boolean cells) {
        for (Rule rule : core) {
            if (!keeps(event, rule)) {
                return rule.violation();
            }
        }
        return properties.isEmpty() && open ? null : violation(event.properties(), cells);
    }

    private static boolean keeps(Event event, Rule rule) {
        FieldRule declared = rule.declared();
        if (rule.name().equals("value")) {
            BigDecimal value = event.value();
            return value == null ? !rule.required() : declared.allows(value);
        }
        String text = switch (rule.name()) {
            case "subject" -> event.subject();
            case "entity" -> event.entity();
            case "session" -> event.session();
            default -> throw new IllegalStateException("A rule about " + rule.name());
        };
        return text == null ? !rule.required() : declared.allows(text);
    }

    private @Nullable Rejection violation(Properties all, boolean cells) {
        boolean[] seen = new boolean[properties.size()];
        PropertyCursor cursor = new PropertyCursor(all.json());
        int expected = 0;
        while (cursor.next()) {
            int i = indexOf(cursor, expected);
            if (i < 0) {
                if (!open) {
                    return violation(FieldRule.PROPERTIES + cursor.name(), "is not declared and must be left out");
                }
                continue;
            }
            expected = i + 1;
            Rule rule = properties.get(i);
            if (!cursor.isNull()) {
                seen[i] = true;
                if (!keeps(cursor, rule, cells)) {
                    return rule.violation();
                }
            }
        }
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && properties.get(i).required()) {
                return properties.get(i).violation();
            }
        }
        return null;
    }

    /** Rules and members are both sorted, so the wanted rule is mostly the expected one. */
    private int indexOf(PropertyCursor cursor, int expected) {
        for (int step = 0; step < properties.size(); step++) {
            int i = (expected + step) % properties.size();
            if (cursor.named(properties.get(i).name())) {
                return i;
            }
        }
        return -1;
    }

    private static boolean keeps(PropertyCursor cursor, Rule rule, boolean cells) {
        FieldRule declared = rule.declared();
        return switch (declared.type()) {
            case TEXT -> cursor.isText() && (!rule.limited() || declared.allows(cursor.text()));
            case NUMBER, INTEGER -> keepsNumber(cursor, rule, cells);
            case BOOLEAN -> cursor.isBoolean() || (cells && (cursor.says("\"true\"") || cursor.says("\"false\"")));
            case LIST -> cursor.isList();
            case OBJECT -> cursor.isObject();
            case ANY -> true;
        };
    }

    private static boolean keepsNumber(PropertyCursor cursor, Rule rule, boolean cells) {
        boolean cell = cells && cursor.isText();
        if (!cell && !cursor.isNumber()) {
            return false;
        }
        if (!cell && !rule.limited()) {
            return true;
        }
        BigDecimal number = NumberText.parse(cell ? cursor.text() : cursor.json());
        return number != null && rule.declared().allows(number);
    }
}

package io.smartdata.schema;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What events of one name, or of one version of it, must look like. Immutable; every method returns a changed copy. It
 * rejects what breaks it and lets undeclared properties pass, unless told otherwise.
 *
 * <pre>{@code
 * EventSchema.of("order_placed")
 *         .version("2")
 *         .required(text("country").oneOf("DE", "FR"), value().atLeast(0))
 *         .optional(text("coupon").maxLength(20))
 *         .closed()
 * }</pre>
 *
 * @param event exact name of the events
 * @param version exact {@link Event#schemaVersion()} of the events; null for those that have no schema of their version
 * @param required fields an event must have
 * @param optional fields an event may have
 * @param open true if it may have other properties too
 * @param mode what happens to an event that breaks a rule
 * @since 0.1.0
 */
public record EventSchema(
        String event,
        @Nullable String version,
        List<FieldRule> required,
        List<FieldRule> optional,
        boolean open,
        SchemaMode mode) {
    public EventSchema {
        requireNonNull(event, "event");
        requireNonNull(mode, "mode");
        required = List.copyOf(required);
        optional = List.copyOf(optional);
        if (event.isBlank() || event.length() > Event.MAX_NAME_LENGTH || event.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "A schema is for events of one exact name of 1 to %d characters without *; declare one for each name"
                            .formatted(Event.MAX_NAME_LENGTH));
        }
        if (version != null && version.isBlank()) {
            throw new IllegalArgumentException(
                    "The schema of %s has a blank version; leave it out for events of any version".formatted(event));
        }
        Set<String> fields = new HashSet<>();
        for (List<FieldRule> rules : List.of(required, optional)) {
            for (FieldRule rule : rules) {
                if (!fields.add(rule.field())) {
                    throw new IllegalArgumentException(
                            "The schema of %s has two rules for %s; keep one".formatted(event, rule.field()));
                }
            }
        }
    }

    /** Starts the schema of events of this name. */
    public static EventSchema of(String event) {
        return new EventSchema(event, null, List.of(), List.of(), true, SchemaMode.REJECT);
    }

    /** Takes only events of this {@link Event#schemaVersion()}. */
    public EventSchema version(String newVersion) {
        return new EventSchema(event, requireNonNull(newVersion, "version"), required, optional, open, mode);
    }

    /** Adds fields an event must have. */
    public EventSchema required(FieldRule... more) {
        return new EventSchema(event, version, joined(required, more), optional, open, mode);
    }

    /** Adds fields an event may have. */
    public EventSchema optional(FieldRule... more) {
        return new EventSchema(event, version, required, joined(optional, more), open, mode);
    }

    private static List<FieldRule> joined(List<FieldRule> rules, FieldRule... more) {
        List<FieldRule> all = new ArrayList<>(rules);
        all.addAll(Arrays.asList(more));
        return all;
    }

    /** Allows no property but the declared ones. */
    public EventSchema closed() {
        return new EventSchema(event, version, required, optional, false, mode);
    }

    /** Says what happens to an event that breaks a rule. */
    public EventSchema mode(SchemaMode newMode) {
        return new EventSchema(event, version, required, optional, open, newMode);
    }
}

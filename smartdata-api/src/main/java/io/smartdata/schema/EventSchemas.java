package io.smartdata.schema;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The schemas in force. An event follows the schema of its name and version; without one, the schema of its name that has
 * no version; without that, none.
 *
 * @since 0.1.0
 */
public final class EventSchemas {
    private static final EventSchemas NONE = new EventSchemas(List.of());

    private final List<EventSchema> declared;
    private final Map<String, Map<@Nullable String, EventSchema>> byName = new HashMap<>();

    private EventSchemas(Collection<EventSchema> schemas) {
        declared = List.copyOf(schemas);
        for (EventSchema schema : declared) {
            var versions = byName.computeIfAbsent(schema.event(), name -> new HashMap<>());
            if (versions.put(schema.version(), schema) != null) {
                throw new IllegalArgumentException("Two schemas are for %s%s; keep one"
                        .formatted(schema.event(), schema.version() == null ? "" : ", version " + schema.version()));
            }
        }
    }

    /** No schema: events of any shape pass. */
    public static EventSchemas none() {
        return NONE;
    }

    /**
     * These schemas.
     *
     * @throws IllegalArgumentException if two are for the same name and version
     */
    public static EventSchemas of(EventSchema... schemas) {
        return of(List.of(schemas));
    }

    /**
     * These schemas.
     *
     * @throws IllegalArgumentException if two are for the same name and version
     */
    public static EventSchemas of(Collection<EventSchema> schemas) {
        return new EventSchemas(schemas);
    }

    /** All of them, as they were declared. */
    public List<EventSchema> declared() {
        return declared;
    }

    /** The schema that events of this name and version follow. */
    public Optional<EventSchema> find(String event, @Nullable String version) {
        Map<@Nullable String, EventSchema> versions = byName.get(event);
        if (versions == null) {
            return Optional.empty();
        }
        EventSchema exact = versions.get(version);
        return Optional.ofNullable(exact != null ? exact : versions.get(null));
    }
}

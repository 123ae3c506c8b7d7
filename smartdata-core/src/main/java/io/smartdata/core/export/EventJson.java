package io.smartdata.core.export;

import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import org.jspecify.annotations.Nullable;

/**
 * An event as one line of JSON, with the member names that ingest reads.
 *
 * @since 0.1.0
 */
public final class EventJson {
    private EventJson() {}

    /** The event as a JSON object without line breaks; what is absent is left out. */
    public static String of(Event event) {
        StringBuilder out = new StringBuilder(200).append("{\"id\":");
        Properties.appendQuoted(out, event.id().text());
        member(out, "source", event.source());
        member(out, "name", event.name());
        member(out, "occurredAt", event.occurredAt().toString());
        if (event.value() != null) {
            out.append(",\"value\":").append(event.value());
        }
        member(out, "subject", event.subject());
        member(out, "entity", event.entity());
        member(out, "session", event.session());
        member(out, "schemaVersion", event.schemaVersion());
        if (!event.properties().isEmpty()) {
            out.append(",\"properties\":").append(event.properties().json());
        }
        return out.append('}').toString();
    }

    private static void member(StringBuilder out, String name, @Nullable String text) {
        if (text != null) {
            out.append(",\"").append(name).append("\":");
            Properties.appendQuoted(out, text);
        }
    }
}

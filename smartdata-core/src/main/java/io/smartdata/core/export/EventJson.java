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
        quoted(out, event.id().text());
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
            quoted(out, text);
        }
    }

    /** Half a surrogate pair becomes its escape, so that an event refused for it can be shown and is refused again. */
    private static void quoted(StringBuilder out, String text) {
        int start = 0;
        int opened = out.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            append(out, opened, text.substring(start, i));
            out.insert(out.length() - 1, "\\u" + Integer.toHexString(c));
            start = i + 1;
        }
        append(out, opened, start == 0 ? text : text.substring(start));
    }

    /** Appends a text, or goes on with the one that was opened at {@code opened}. */
    private static void append(StringBuilder out, int opened, String text) {
        int end = out.length();
        Properties.appendQuoted(out, text);
        if (end > opened) {
            out.delete(end - 1, end + 1);
        }
    }
}

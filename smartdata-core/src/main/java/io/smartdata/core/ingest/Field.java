package io.smartdata.core.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an event, with the names senders use for them. Names are compared without regard to case; of two names
 * of one part the one that stands first here is used and the other is a property.
 */
enum Field {
    ID("id", "client_event_id", "clientEventId", "event_id", "eventId", "message_id", "messageId", "uuid", "id"),
    SOURCE("source", "source", "source_name", "sourceName"),
    NAME(
            "name",
            "event_name",
            "eventName",
            "event_type",
            "eventType",
            "metric_name",
            "metricName",
            "metric",
            "event",
            "name",
            "type"),
    OCCURRED_AT(
            "occurredAt",
            "occurred_at",
            "occurredAt",
            "event_time",
            "eventTime",
            "timestamp",
            "ts",
            "datetime",
            "time",
            "date"),
    VALUE("value", "value", "amount", "quantity", "qty", "count"),
    SUBJECT("subject", "subject", "subject_id", "subjectId", "user_id", "userId", "learner_id", "learnerId", "user"),
    ENTITY("entity", "entity", "entity_path", "entityPath"),
    SESSION("session", "session", "session_id", "sessionId"),
    SCHEMA_VERSION("schemaVersion", "schema_version", "schemaVersion", "event_version", "eventVersion"),
    ORG(
            "org",
            "org",
            "org_id",
            "orgId",
            "organization_id",
            "organizationId",
            "organisation_id",
            "organisationId",
            "tenant_id",
            "tenantId",
            "tenant"),
    PROPERTIES("properties", "properties", "payload", "attributes", "data", "context");

    private static final Map<String, Field> BY_KEY = new HashMap<>();

    static {
        for (Field field : values()) {
            BY_KEY.put(field.key, field);
        }
    }

    private final String key;
    private final List<String> aliases;

    Field(String key, String... aliases) {
        this.key = key;
        List<String> folded = new ArrayList<>();
        for (String alias : aliases) {
            folded.add(fold(alias));
        }
        this.aliases = List.copyOf(folded);
    }

    /** Canonical name, as in {@link io.smartdata.event.Event}. */
    String key() {
        return key;
    }

    /** Folded names, most wanted first. */
    List<String> aliases() {
        return aliases;
    }

    /** Case is folded; nothing else is. */
    static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static @Nullable Field ofKey(String key) {
        return BY_KEY.get(key);
    }

    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Field field : values()) {
            keys.add(field.key);
        }
        return keys;
    }
}

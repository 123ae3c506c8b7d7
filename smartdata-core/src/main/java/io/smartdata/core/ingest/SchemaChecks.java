package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.event.Rejection;
import io.smartdata.schema.EventSchema;
import io.smartdata.schema.EventSchemas;
import io.smartdata.schema.SchemaMode;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The declared schemas, ready to be enforced on any way in. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SchemaChecks {
    private final EventSchemas schemas;
    private final Map<EventSchema, SchemaCheck> checks = new IdentityHashMap<>();

    /** Prepares the checks of these schemas. */
    public SchemaChecks(EventSchemas schemas) {
        this.schemas = schemas;
        schemas.declared().forEach(schema -> checks.put(schema, new SchemaCheck(schema)));
    }

    /** The same events, those that break their schema rejected or with a warning. */
    IngestCall.Opener enforced(IngestCall.Opener opener) {
        return checks.isEmpty()
                ? opener
                : (org, now, receiptId) -> new CheckedEvents(opener.open(org, now, receiptId), this);
    }

    /**
     * What becomes of a valid event.
     *
     * @param events where it was just read
     */
    ReadEvent check(ReadEvent.Valid read, EventSource events) {
        Event event = read.candidate().event();
        EventSchema schema = schemas.find(event.name(), event.schemaVersion()).orElse(null);
        SchemaCheck check = schema == null || schema.mode() == SchemaMode.OFF ? null : checks.get(schema);
        if (schema == null || check == null) {
            return read;
        }
        Rejection violation = check.violation(event, events.format().equals(Format.CSV.code()));
        if (violation == null) {
            return read;
        }
        return schema.mode() == SchemaMode.WARN
                ? read.withWarning(event.name() + ": " + violation.field())
                : read.refused(violation, events);
    }
}

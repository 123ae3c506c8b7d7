package io.smartdata.core.ingest;

import org.jspecify.annotations.Nullable;

/** Events of another source, held to their schemas. */
final class CheckedEvents extends ForwardingSource {
    private final SchemaChecks schemas;

    CheckedEvents(EventSource events, SchemaChecks schemas) {
        super(events);
        this.schemas = schemas;
    }

    @Override
    public @Nullable ReadEvent next() {
        ReadEvent event = events().next();
        return event instanceof ReadEvent.Valid valid ? schemas.check(valid, events()) : event;
    }
}

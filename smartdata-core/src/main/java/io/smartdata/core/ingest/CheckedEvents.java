package io.smartdata.core.ingest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of another source, held to their schemas. */
final class CheckedEvents implements EventSource {
    private final EventSource events;
    private final SchemaChecks schemas;

    CheckedEvents(EventSource events, SchemaChecks schemas) {
        this.events = events;
        this.schemas = schemas;
    }

    @Override
    public @Nullable ReadEvent next() {
        ReadEvent event = events.next();
        return event instanceof ReadEvent.Valid valid ? schemas.check(valid, events) : event;
    }

    @Override
    public Map<String, String> detected() {
        return events.detected();
    }

    @Override
    public Identity identity() {
        return events.identity();
    }

    @Override
    public String format() {
        return events.format();
    }

    @Override
    public String context(long occurrence) {
        return events.context(occurrence);
    }

    @Override
    public long bytesRead() {
        return events.bytesRead();
    }

    @Override
    public void close() {
        events.close();
    }
}

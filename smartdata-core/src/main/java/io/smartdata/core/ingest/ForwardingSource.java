package io.smartdata.core.ingest;

import java.util.Map;

/** Another source, whose events are looked at or altered on their way. */
abstract class ForwardingSource implements EventSource {
    private final EventSource events;

    ForwardingSource(EventSource events) {
        this.events = events;
    }

    final EventSource events() {
        return events;
    }

    @Override
    public final Map<String, String> detected() {
        return events.detected();
    }

    @Override
    public final Identity identity() {
        return events.identity();
    }

    @Override
    public final String format() {
        return events.format();
    }

    @Override
    public final String context(long occurrence) {
        return events.context(occurrence);
    }

    @Override
    public final long bytesRead() {
        return events.bytesRead();
    }

    @Override
    public final void close() {
        events.close();
    }
}

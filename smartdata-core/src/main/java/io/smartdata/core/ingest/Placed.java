package io.smartdata.core.ingest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of one org with the positions they have in the batch of several orgs that they came with. */
record Placed(EventSource events, List<Integer> places) implements EventSource {
    @Override
    public @Nullable ReadEvent next() {
        ReadEvent event = events.next();
        if (event == null) {
            return null;
        }
        long row = places.get((int) event.row() - 1) + 1L;
        return event.at(row);
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

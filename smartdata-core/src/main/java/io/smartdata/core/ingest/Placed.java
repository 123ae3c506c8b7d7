package io.smartdata.core.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of one org with the positions they have in the batch of several orgs that they came with. */
final class Placed extends ForwardingSource {
    private final List<Integer> places;

    Placed(EventSource events, List<Integer> places) {
        super(events);
        this.places = places;
    }

    @Override
    public @Nullable ReadEvent next() {
        ReadEvent event = events().next();
        if (event == null) {
            return null;
        }
        long row = places.get((int) event.row() - 1) + 1L;
        return event.at(row);
    }
}

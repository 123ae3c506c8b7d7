package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The events of a call in pieces, each as large as one transaction takes. */
final class Pieces extends ForwardingSource {
    private final IngestSettings settings;
    private final boolean batch;
    private final BooleanSupplier storedBefore;
    private @Nullable ReadEvent ahead;
    private int read;

    /**
     * @param batch true if no more events may come than a batch has
     * @param storedBefore whether a piece of the call is stored already
     */
    Pieces(EventSource events, IngestSettings settings, boolean batch, BooleanSupplier storedBefore) {
        super(events);
        this.settings = settings;
        this.batch = batch;
        this.storedBefore = storedBefore;
    }

    /** Empty at the end. */
    List<ReadEvent> nextPiece() {
        List<ReadEvent> piece = new ArrayList<>();
        long bytes = 0;
        while (piece.size() < settings.chunkEvents() && bytes < settings.chunkBytes()) {
            ReadEvent event = next();
            if (event == null) {
                break;
            }
            piece.add(event);
            bytes += event.original().size();
        }
        return piece;
    }

    /** Looks one event ahead, so that the last piece is known to be the last before it commits. */
    boolean hasMore() {
        ahead = next();
        return ahead != null;
    }

    @Override
    public @Nullable ReadEvent next() {
        ReadEvent event = ahead == null ? read() : ahead;
        ahead = null;
        return event;
    }

    /** A batch says how every event went, so only a bounded number of them keeps its receipt bounded. */
    private @Nullable ReadEvent read() {
        ReadEvent event = events().next();
        if (event != null && batch && ++read > settings.maxBatchEvents()) {
            throw new SmartDataException(
                    "batch_too_large",
                    "The batch has more than %d events, the limit.%s Split the batch, send it as a file or raise maxBatchEvents."
                            .formatted(
                                    settings.maxBatchEvents(),
                                    storedBefore.getAsBoolean() ? "" : " Nothing was stored."));
        }
        return event;
    }
}

package io.smartdata.core.ingest;

import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signatures only at this commit. */
public final class EventReader implements AutoCloseable {
    private EventReader() {}

    public static EventReader open(Input input, ReadOptions options, OrgSettings org, Instant now, UUID receiptId) {
        throw new UnsupportedOperationException();
    }

    public static EventReader replay(
            byte[] payload, String format, String context, Limits limits, OrgSettings org, Instant now, UUID receiptId) {
        throw new UnsupportedOperationException();
    }

    public @Nullable ReadEvent next() {
        throw new UnsupportedOperationException();
    }

    public Map<String, String> detected() {
        throw new UnsupportedOperationException();
    }

    public Identity identity() {
        throw new UnsupportedOperationException();
    }

    public String format() {
        throw new UnsupportedOperationException();
    }

    public String context() {
        throw new UnsupportedOperationException();
    }

    public long bytesRead() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

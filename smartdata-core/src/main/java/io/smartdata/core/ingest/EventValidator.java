package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.event.Rejection;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Signatures only at this commit. */
public final class EventValidator {
    private EventValidator() {}

    public static @Nullable Rejection check(Event event, Limits limits, OrgSettings org, Instant now) {
        throw new UnsupportedOperationException();
    }
}

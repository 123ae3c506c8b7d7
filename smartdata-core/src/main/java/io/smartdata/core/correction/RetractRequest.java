package io.smartdata.core.correction;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.EventSelection;

/**
 * Which events to take back, and how.
 *
 * @param selection the events
 * @param dryRun true to say only what would be done
 * @param tombstones true to keep the events from ever being stored again; unless asked for, the same events can be sent again
 * @since 0.1.0
 */
public record RetractRequest(EventSelection selection, boolean dryRun, boolean tombstones) {
    public RetractRequest {
        requireNonNull(selection, "selection");
    }

    /** Takes these events back; they may be sent again. */
    public static RetractRequest of(EventSelection selection) {
        return new RetractRequest(selection, false, false);
    }

    /** Says only what would be done. */
    public RetractRequest withDryRun(boolean newDryRun) {
        return new RetractRequest(selection, newDryRun, tombstones);
    }

    /** Keeps the events from being stored again: to their senders they are duplicates from then on. */
    public RetractRequest withTombstones(boolean newTombstones) {
        return new RetractRequest(selection, dryRun, newTombstones);
    }
}

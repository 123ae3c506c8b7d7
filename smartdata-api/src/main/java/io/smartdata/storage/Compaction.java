package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

/**
 * What one piece of compaction did.
 *
 * @param deltas delta rows merged into their cells
 * @param end why it ended
 * @since 0.1.0
 */
public record Compaction(int deltas, End end) {
    public Compaction {
        requireNonNull(end, "end");
        if (deltas < 0) {
            throw new IllegalArgumentException("deltas must be at least 0, was " + deltas);
        }
    }

    /** Why a piece ended. */
    public enum End {
        /** Every delta of the org that was committed before the piece began is in its cell. */
        NOTHING_LEFT,
        /** The piece is full; there may be more. */
        FULL,
        /** Somebody else compacts, rebuilds or erases in this org: nothing was done, and nobody was waited for. */
        BUSY
    }
}

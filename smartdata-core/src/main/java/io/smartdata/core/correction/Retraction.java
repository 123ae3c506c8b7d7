package io.smartdata.core.correction;

import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a retraction did, or would do.
 *
 * @param events events taken back
 * @param receipts calls they had come with
 * @param cells KPI cells counted again
 * @param sources sources of the events
 * @param names names of the events, the first {@value #MAX_NAMES} in order
 * @param minOccurredAt earliest of the events, or null if there were none
 * @param maxOccurredAt latest of the events, or null if there were none
 * @param tombstones true if they will not be stored again
 * @param dryRun true if nothing was changed
 * @since 0.1.0
 */
public record Retraction(
        long events,
        long receipts,
        long cells,
        SortedSet<String> sources,
        SortedSet<String> names,
        @Nullable Instant minOccurredAt,
        @Nullable Instant maxOccurredAt,
        boolean tombstones,
        boolean dryRun) {
    /** Most names listed. */
    public static final int MAX_NAMES = 100;

    public Retraction {
        sources = new TreeSet<>(sources);
        names = new TreeSet<>(names);
    }
}

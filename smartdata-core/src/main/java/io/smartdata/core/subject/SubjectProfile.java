package io.smartdata.core.subject;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A subject at a glance.
 *
 * @param subject who
 * @param firstSeen time of the first event, or null if there is none
 * @param lastSeen time of the last event, or null if there is none
 * @param events number of events
 * @param activeDays local days with an event
 * @param countsByName events by name
 * @param countsBySource events by source
 * @param truncated true if names or sources were left out, or there were too many events to look at
 * @param dataFreshAsOf every event acknowledged before is counted
 * @since 0.1.0
 */
public record SubjectProfile(
        String subject,
        @Nullable Instant firstSeen,
        @Nullable Instant lastSeen,
        long events,
        long activeDays,
        SortedMap<String, Long> countsByName,
        SortedMap<String, Long> countsBySource,
        boolean truncated,
        Instant dataFreshAsOf) {
    public SubjectProfile {
        countsByName = Collections.unmodifiableSortedMap(new TreeMap<>(countsByName));
        countsBySource = Collections.unmodifiableSortedMap(new TreeMap<>(countsBySource));
    }
}

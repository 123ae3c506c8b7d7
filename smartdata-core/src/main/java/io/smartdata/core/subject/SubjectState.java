package io.smartdata.core.subject;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a subject has come.
 *
 * @param subject who
 * @param items by entity, then by event name; events without an entity first
 * @param events events counted
 * @param truncated true if items were left out: there were too many, or too many events to look at
 * @param dataFreshAsOf every event acknowledged before is counted
 * @since 0.1.0
 */
public record SubjectState(String subject, List<Item> items, long events, boolean truncated, Instant dataFreshAsOf) {
    public SubjectState {
        items = List.copyOf(items);
    }

    /**
     * What a subject did of one kind to one entity.
     *
     * @param entity what it was done to, or null
     * @param name what was done
     * @param count how often
     * @param firstAt when first
     * @param lastAt when last
     */
    public record Item(@Nullable String entity, String name, long count, Instant firstAt, Instant lastAt) {}
}

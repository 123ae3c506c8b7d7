package io.smartdata.core.subject;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of the subjects who did one thing to an entity, how many did another one to it afterwards.
 *
 * @param fromName name of the first event
 * @param toName name of the later event
 * @param window how much later it counts at most
 * @param entities most subjects first, then by entity; those with an event of the first name
 * @param moreEntities entities that are not listed
 * @param sampledShare part of the subjects looked at: 1 unless there were too many, and counts are then estimates, scaled up
 * @param truncated true if there were too many events to look at
 * @param dataFreshAsOf every event acknowledged before is counted
 * @since 0.1.0
 */
public record EntityConversions(
        String fromName,
        String toName,
        Duration window,
        List<Entity> entities,
        int moreEntities,
        double sampledShare,
        boolean truncated,
        Instant dataFreshAsOf) {
    public EntityConversions {
        requireNonNull(fromName, "fromName");
        requireNonNull(toName, "toName");
        entities = List.copyOf(entities);
    }

    /**
     * Conversion at one entity.
     *
     * @param entity the entity
     * @param subjects different subjects with the first event in the range
     * @param converted those of them with the later event within the window after their first such event, or at the same time
     * @param rate converted of subjects, 0 to 1
     * @param medianTime between the two events; of an even number the lower of the middle ones; null if nobody converted
     */
    public record Entity(
            String entity,
            long subjects,
            long converted,
            double rate,
            @Nullable Duration medianTime) {}
}

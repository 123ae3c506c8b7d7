package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.EventId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which stored events of an org: those that meet every condition given. At least one of receipt, source, name, subject and
 * ids is given, so that nobody selects everything by leaving out what was meant.
 *
 * @param receiptId the call they came with, or null
 * @param source their source, or null
 * @param name their name, or null
 * @param subject who did it, or null
 * @param ids their ids, at most {@value #MAX_IDS}; empty for any
 * @param from earliest {@code occurredAt}, inclusive
 * @param to latest {@code occurredAt}, exclusive
 * @since 0.1.0
 */
public record EventSelection(
        @Nullable UUID receiptId,
        @Nullable String source,
        @Nullable String name,
        @Nullable String subject,
        Set<EventId> ids,
        Instant from,
        Instant to) {
    /** Most ids of one selection. */
    public static final int MAX_IDS = 10_000;

    private static final EventRange EVER = EventRange.all();

    public EventSelection {
        ids = new LinkedHashSet<>(ids);
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        if (receiptId == null && source == null && name == null && subject == null && ids.isEmpty()) {
            throw new IllegalArgumentException(
                    "A selection of events names a receipt, a source, a name, a subject or ids; a range of time alone is not enough");
        }
        if (ids.size() > MAX_IDS) {
            throw new IllegalArgumentException(
                    "A selection names at most %d ids, this one names %d".formatted(MAX_IDS, ids.size()));
        }
    }

    /** Every event that a call stored. */
    public static EventSelection ofReceipt(UUID receiptId) {
        return new EventSelection(
                requireNonNull(receiptId, "receiptId"), null, null, null, Set.of(), EVER.from(), EVER.to());
    }

    /** Events of a source by their ids; of each id every day, where ids are taken for a day. */
    public static EventSelection ofIds(String source, Set<EventId> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("No ids were given");
        }
        return ofSource(source).withIds(ids);
    }

    /** Every event of a source. */
    public static EventSelection ofSource(String source) {
        return new EventSelection(null, requireNonNull(source, "source"), null, null, Set.of(), EVER.from(), EVER.to());
    }

    /** Every event of a name. */
    public static EventSelection ofName(String name) {
        return new EventSelection(null, null, requireNonNull(name, "name"), null, Set.of(), EVER.from(), EVER.to());
    }

    /** Everything that a subject did. */
    public static EventSelection ofSubject(String subject) {
        return new EventSelection(
                null, null, null, requireNonNull(subject, "subject"), Set.of(), EVER.from(), EVER.to());
    }

    /** Of these only those with one of the ids; none given means any. */
    public EventSelection withIds(Set<EventId> newIds) {
        return new EventSelection(receiptId, source, name, subject, newIds, from, to);
    }

    /** Of these only those of the source. */
    public EventSelection withSource(@Nullable String newSource) {
        return new EventSelection(receiptId, newSource, name, subject, ids, from, to);
    }

    /** Of these only those of the name. */
    public EventSelection withName(@Nullable String newName) {
        return new EventSelection(receiptId, source, newName, subject, ids, from, to);
    }

    /** Of these only those of the subject. */
    public EventSelection withSubject(@Nullable String newSubject) {
        return new EventSelection(receiptId, source, name, newSubject, ids, from, to);
    }

    /** Of these only those that occurred in a range of time. */
    public EventSelection between(Instant newFrom, Instant newTo) {
        return new EventSelection(receiptId, source, name, subject, ids, newFrom, newTo);
    }
}

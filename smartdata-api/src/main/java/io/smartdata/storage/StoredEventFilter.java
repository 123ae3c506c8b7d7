package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which stored events somebody wants to look at: those that meet every condition given.
 *
 * @param source their source, or null
 * @param name their name, or null
 * @param subject who did it, or null
 * @param entity what it was done to, or null: {@code course/42} stands for itself and for everything below it, such as
 *     {@code course/42/lesson/7}, not for {@code course/421}
 * @param from earliest {@code occurredAt}, inclusive
 * @param to latest {@code occurredAt}, exclusive
 * @param receivedSince earliest {@code receivedAt}, inclusive, or null
 * @since 0.1.0
 */
public record StoredEventFilter(
        @Nullable String source,
        @Nullable String name,
        @Nullable String subject,
        @Nullable String entity,
        Instant from,
        Instant to,
        @Nullable Instant receivedSince) {
    private static final EventRange EVER = EventRange.all();

    public StoredEventFilter {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
    }

    /** Every event. */
    public static StoredEventFilter any() {
        return new StoredEventFilter(null, null, null, null, EVER.from(), EVER.to(), null);
    }

    /** Of these only those of the source. */
    public StoredEventFilter withSource(@Nullable String newSource) {
        return new StoredEventFilter(newSource, name, subject, entity, from, to, receivedSince);
    }

    /** Of these only those of the name. */
    public StoredEventFilter withName(@Nullable String newName) {
        return new StoredEventFilter(source, newName, subject, entity, from, to, receivedSince);
    }

    /** Of these only those of the subject. */
    public StoredEventFilter withSubject(@Nullable String newSubject) {
        return new StoredEventFilter(source, name, newSubject, entity, from, to, receivedSince);
    }

    /** Of these only those of the entity and of what lies below it. */
    public StoredEventFilter withEntity(@Nullable String newEntity) {
        return new StoredEventFilter(source, name, subject, newEntity, from, to, receivedSince);
    }

    /** Of these only those that occurred in a range of time. */
    public StoredEventFilter between(Instant newFrom, Instant newTo) {
        return new StoredEventFilter(source, name, subject, entity, newFrom, newTo, receivedSince);
    }

    /** Of these only those that were stored then or later, by the database's clock. */
    public StoredEventFilter withReceivedSince(@Nullable Instant newReceivedSince) {
        return new StoredEventFilter(source, name, subject, entity, from, to, newReceivedSince);
    }

    /** True for an event that meets every condition. */
    public boolean accepts(StoredEvent stored) {
        Event event = stored.event();
        return isAnyOr(source, event.source())
                && isAnyOr(name, event.name())
                && isAnyOr(subject, event.subject())
                && (entity == null || isAt(entity, event.entity()))
                && !event.occurredAt().isBefore(from)
                && event.occurredAt().isBefore(to)
                && (receivedSince == null || !stored.receivedAt().isBefore(receivedSince));
    }

    private static boolean isAnyOr(@Nullable String wanted, @Nullable String actual) {
        return wanted == null || wanted.equals(actual);
    }

    private static boolean isAt(String wanted, @Nullable String actual) {
        return actual != null
                && actual.startsWith(wanted)
                && (actual.length() == wanted.length() || actual.charAt(wanted.length()) == '/');
    }
}

package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened once: who, what, when and, if it is a quantity, how much.
 *
 * @param id identity within org, source and day
 * @param source emitter of the event, 1 to 200 characters
 * @param name what happened, 1 to 200 characters; KPIs select by it
 * @param occurredAt when it happened, in whole microseconds, from 1970-01-01 on
 * @param value quantity in the unit of the KPI; exact; null if the event only counts
 * @param subject who did it (learner, user, device), or null
 * @param entity what it was done to, as a path such as {@code course/42/lesson/7}, or null
 * @param session the sender's session, or null
 * @param schemaVersion the sender's version of this event's shape, or null
 * @param properties everything else
 * @since 0.1.0
 */
public record Event(
        EventId id,
        String source,
        String name,
        Instant occurredAt,
        @Nullable BigDecimal value,
        @Nullable String subject,
        @Nullable String entity,
        @Nullable String session,
        @Nullable String schemaVersion,
        Properties properties) {

    /** Longest name and longest source, in UTF-16 code units. */
    public static final int MAX_NAME_LENGTH = 200;

    public Event {
        requireNonNull(id, "id");
        requireText(source, "source");
        requireText(name, "name");
        requireNonNull(occurredAt, "occurredAt");
        requireNonNull(properties, "properties");
        if (occurredAt.getEpochSecond() < 0) {
            throw new IllegalArgumentException("occurredAt must not be before 1970-01-01, was " + occurredAt);
        }
        if (occurredAt.getNano() % 1_000 != 0) {
            occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
        }
    }

    /** Starts an event of this name at this time. */
    public static Builder named(String name, Instant occurredAt) {
        return new Builder(name, occurredAt);
    }

    private static void requireText(String text, String field) {
        requireNonNull(text, field);
        if (text.isBlank() || text.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("%s has 1 to %d characters and is not blank, was %d characters long"
                    .formatted(field, MAX_NAME_LENGTH, text.length()));
        }
    }

    /** Collects the parts of an {@link Event}; the id is required, the source defaults to {@code default}. */
    public static final class Builder {
        private final String name;
        private final Instant occurredAt;
        private @Nullable EventId id;
        private String source = "default";
        private @Nullable BigDecimal value;
        private @Nullable String subject;
        private @Nullable String entity;
        private @Nullable String session;
        private @Nullable String schemaVersion;
        private Properties properties = Properties.empty();

        private Builder(String name, Instant occurredAt) {
            this.name = name;
            this.occurredAt = occurredAt;
        }

        /** The sender's id of this event; the same id again is a duplicate, never a second event. */
        public Builder id(String text) {
            return id(EventId.of(text));
        }

        /** The identity of this event. */
        public Builder id(EventId newId) {
            this.id = newId;
            return this;
        }

        /** The identity of this event, unless it has one already. */
        public Builder idIfAbsent(Supplier<EventId> newId) {
            return id == null ? id(newId.get()) : this;
        }

        /** The emitter. */
        public Builder source(String newSource) {
            this.source = newSource;
            return this;
        }

        /** The quantity. */
        public Builder value(@Nullable BigDecimal newValue) {
            this.value = newValue;
            return this;
        }

        /** The quantity, as a whole number. */
        public Builder value(long newValue) {
            return value(BigDecimal.valueOf(newValue));
        }

        /** The quantity, as decimal text. */
        public Builder value(String decimal) {
            return value(new BigDecimal(decimal));
        }

        /** Who did it. */
        public Builder subject(@Nullable String newSubject) {
            this.subject = newSubject;
            return this;
        }

        /** What it was done to. */
        public Builder entity(@Nullable String newEntity) {
            this.entity = newEntity;
            return this;
        }

        /** The sender's session. */
        public Builder session(@Nullable String newSession) {
            this.session = newSession;
            return this;
        }

        /** The sender's version of the event's shape. */
        public Builder schemaVersion(@Nullable String newSchemaVersion) {
            this.schemaVersion = newSchemaVersion;
            return this;
        }

        /** Everything else; see {@link Properties#of(Map)}. */
        public Builder properties(Map<String, ? extends @Nullable Object> values) {
            return properties(Properties.of(values));
        }

        /** Everything else. */
        public Builder properties(Properties newProperties) {
            this.properties = newProperties;
            return this;
        }

        /**
         * The event.
         *
         * @throws IllegalStateException if no id was given
         * @throws IllegalArgumentException if a part breaks the rules of {@link Event}
         */
        public Event build() {
            if (id == null) {
                throw new IllegalStateException("An event needs an id: it is what makes sending it twice harmless");
            }
            return new Event(id, source, name, occurredAt, value, subject, entity, session, schemaVersion, properties);
        }
    }
}

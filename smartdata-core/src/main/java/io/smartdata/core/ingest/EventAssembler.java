package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.Properties;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.EventCandidate;
import io.smartdata.tenancy.OrgSettings;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes events of rows: checks every part, gives the identity and takes the fingerprint. */
final class EventAssembler implements Closeable {
    private final ReadOptions options;
    private final ZoneId zone;
    private final OrgSettings org;
    private final Instant now;
    private final UUID receiptId;
    private final CanonicalBytes bytes;
    private final OccurrenceCounter occurrences;
    private final long firstOccurrence;
    private final @Nullable String[] usualNames = new @Nullable String[256];
    private Identity identity;
    private long occurrence;

    /**
     * @param identity never {@link Identity#AUTO}
     * @param firstOccurrence number of the first of equal rows: 1, but for a replay the number it had in its file
     */
    EventAssembler(
            ReadOptions options,
            Identity identity,
            OrgSettings org,
            Instant now,
            UUID receiptId,
            OccurrenceCounter occurrences,
            long firstOccurrence) {
        this.options = options;
        this.identity = identity;
        this.zone = options.zone() != null ? options.zone() : org.zone();
        this.org = org;
        this.now = now;
        this.receiptId = receiptId;
        this.bytes = new CanonicalBytes(org.hashKey());
        this.occurrences = occurrences;
        this.firstOccurrence = firstOccurrence;
    }

    Identity identity() {
        return identity;
    }

    ZoneId zone() {
        return zone;
    }

    /** Number of the last row among equal rows of its input, 1 if ids do not depend on it. */
    long occurrence() {
        return occurrence;
    }

    /**
     * @param context asked for rows that are not valid only
     */
    ReadEvent assemble(Row row, Supplier<String> context) throws IOException {
        occurrence = 1;
        Event event = row.fault() == null ? event(row) : null;
        if (event == null) {
            Rejection rejection = row.fault();
            if (rejection == null) {
                throw new IllegalStateException("A row without event has a fault");
            }
            return new ReadEvent.Invalid(
                    row.number, readableId(row), row.text(Field.SUBJECT), rejection, row.original, context.get());
        }
        byte[] fingerprint = Fingerprint.of(event, bytes);
        return new ReadEvent.Valid(
                new EventCandidate(event, fingerprint, receiptId), row.number, row.original, occurrence);
    }

    static @Nullable String readableId(Row row) {
        String id = row.text(Field.ID);
        return id == null || id.length() > EventId.MAX_LENGTH || row.kind(Field.ID) == Row.Kind.OTHER ? null : id;
    }

    /** The event; null if the row now has a fault. */
    private @Nullable Event event(Row row) throws IOException {
        checkOrg(row);
        String source = name(row, Field.SOURCE, Event.MAX_NAME_LENGTH);
        String name = usual(name(row, Field.NAME, Event.MAX_NAME_LENGTH));
        String subject = name(row, Field.SUBJECT, Texts.MAX_KEY_LENGTH);
        String entity = name(row, Field.ENTITY, Texts.MAX_KEY_LENGTH);
        String session = name(row, Field.SESSION, Texts.MAX_KEY_LENGTH);
        String schemaVersion = name(row, Field.SCHEMA_VERSION, Texts.MAX_KEY_LENGTH);
        source = source != null ? source : options.source();
        name = name != null ? name : options.defaultName();
        BigDecimal value = value(row);
        Properties properties = row.properties();
        long micros = time(row);
        EventId id = null;
        if (identity == Identity.CLIENT) {
            id = clientId(row);
        } else if (row.has(Field.ID)) {
            row.fail(
                    RejectionCode.INVALID_ID,
                    row.name(Field.ID),
                    "The events before this one had no id, so ids are made from the content and this one would not count. Declare the identity client, or send ids with all events or none.");
        } else if (identity == Identity.CONTENT) {
            id = contentId(row, source, name, value, subject, entity, session, schemaVersion, properties);
        }
        if (name == null) {
            row.fail(
                    RejectionCode.MISSING_NAME,
                    row.name(Field.NAME),
                    "The event has no name and the call gave no default. Send one of them.");
        }
        if (row.fault() != null || name == null) {
            return null;
        }
        Instant time = TimeText.instant(micros);
        Rejection rejection = EventValidator.time(time, row.name(Field.OCCURRED_AT), options.limits(), org, now);
        if (rejection != null) {
            row.fail(rejection);
            return null;
        }
        id = id != null ? id : naturalId(source, micros, name);
        return new Event(id, source, name, time, value, subject, entity, session, schemaVersion, properties);
    }

    /** The same object for an equal text seen lately: few names come in many events, and maps find them at once. */
    private @Nullable String usual(@Nullable String name) {
        if (name == null) {
            return null;
        }
        int slot = name.hashCode() & (usualNames.length - 1);
        String held = usualNames[slot];
        if (held == null || !held.equals(name)) {
            usualNames[slot] = name;
            return name;
        }
        return held;
    }

    /** Says the same whether the other org exists or not. */
    private void checkOrg(Row row) {
        String named = row.text(Field.ORG);
        if (named != null && !named.equals(org.org().value())) {
            row.fail(
                    RejectionCode.ORG_MISMATCH,
                    row.name(Field.ORG),
                    "The event names an org that is not the one of this call. Remove the field or send it where it belongs.");
        }
    }

    private static @Nullable String name(Row row, Field field, int maxLength) {
        String text = row.text(field);
        if (text == null) {
            return null;
        }
        if (row.kind(field) == Row.Kind.OTHER) {
            row.fail(
                    RejectionCode.INVALID_NAME,
                    row.name(field),
                    "The %s must be text or a number. Send it as text, or map another field.".formatted(field.key()));
            return null;
        }
        Rejection rejection = EventValidator.name(text, row.name(field), maxLength);
        if (rejection != null) {
            row.fail(rejection);
        }
        return text;
    }

    /** A JSON text is refused, for {@code "5"} and {@code "5 EUR"} differ by luck only; a CSV cell knows no types. */
    private static @Nullable BigDecimal value(Row row) {
        if (!row.has(Field.VALUE)) {
            return null;
        }
        String text = row.text(Field.VALUE);
        boolean number = row.kind(Field.VALUE) == Row.Kind.NUMBER || row.kind(Field.VALUE) == Row.Kind.CELL;
        BigDecimal value = number && text != null ? NumberText.parse(text) : null;
        if (value == null) {
            row.fail(
                    RejectionCode.INVALID_VALUE,
                    row.name(Field.VALUE),
                    "The value must be " + NumberText.RULE
                            + "; no text, unit or decimal comma. Correct it, or leave it out to only count the event.");
        }
        return value;
    }

    private long time(Row row) {
        String text = row.text(Field.OCCURRED_AT);
        if (text == null) {
            row.fail(
                    RejectionCode.MISSING_TIME,
                    row.name(Field.OCCURRED_AT),
                    "The event has no time. Send " + TimeText.RULE + ".");
            return 0;
        }
        Row.Kind kind = row.kind(Field.OCCURRED_AT);
        long micros = TimeText.INVALID;
        if (kind != Row.Kind.NUMBER && kind != Row.Kind.OTHER) {
            micros = TimeText.micros(text, zone);
        }
        EpochUnit unit = options.epochUnit();
        if (micros == TimeText.INVALID && unit != null && kind != Row.Kind.OTHER) {
            micros = TimeText.epochMicros(text, unit);
        }
        if (micros == TimeText.INVALID) {
            row.fail(
                    RejectionCode.INVALID_TIME,
                    row.name(Field.OCCURRED_AT),
                    "The time must be " + TimeText.RULE
                            + ". A bare number is a time only if its unit is declared (ReadOptions.epochUnit, --epoch).");
            return 0;
        }
        return micros;
    }

    private static @Nullable EventId clientId(Row row) {
        String text = row.text(Field.ID);
        if (text == null) {
            row.fail(
                    RejectionCode.MISSING_ID,
                    row.name(Field.ID),
                    "The event has no id, and the ids of this input are the sender's. Send the one it will have each time it is sent.");
            return null;
        }
        if (row.kind(Field.ID) == Row.Kind.OTHER || text.length() > EventId.MAX_LENGTH) {
            row.fail(
                    RejectionCode.INVALID_ID,
                    row.name(Field.ID),
                    "An id must be text of 1 to %d characters. Send a shorter one, such as a UUID."
                            .formatted(EventId.MAX_LENGTH));
            return null;
        }
        return EventId.of(text);
    }

    /** Faulty rows count too, so that a row keeps its number when it is replayed or its limit raised. */
    private EventId contentId(
            Row row,
            String source,
            @Nullable String name,
            @Nullable BigDecimal value,
            @Nullable String subject,
            @Nullable String entity,
            @Nullable String session,
            @Nullable String schemaVersion,
            Properties properties)
            throws IOException {
        bytes.start('C').text(source).text(name).text(row.text(Field.OCCURRED_AT));
        byte[] content = (value != null ? bytes.decimal(value) : bytes.text(row.text(Field.VALUE)))
                .text(subject)
                .text(entity)
                .text(session)
                .text(schemaVersion)
                .properties(properties)
                .hmac();
        ByteBuffer key = ByteBuffer.wrap(content);
        long high = key.getLong();
        long low = key.getLong();
        occurrence = occurrences.count(high, low) + firstOccurrence - 1;
        return occurrence == 1
                ? new EventId(high, low, null)
                : id(bytes.start('O')
                        .number(high)
                        .number(low)
                        .number(occurrence)
                        .hmac());
    }

    private EventId naturalId(String source, long micros, String name) {
        return id(bytes.start('N').text(source).number(micros).text(name).hmac());
    }

    private static EventId id(byte[] hash) {
        return EventId.ofKey(Arrays.copyOf(hash, 16), null);
    }

    /** Settles an identity that the first events decide. */
    void identity(Identity decided) {
        identity = decided;
    }

    @Override
    public void close() throws IOException {
        occurrences.close();
    }
}

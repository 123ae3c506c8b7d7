package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.exc.StreamReadException;
import io.smartdata.event.Event;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.tenancy.OrgSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules every event keeps whatever way it came; readers apply the same ones while they read.
 *
 * @since 0.1.0
 */
public final class EventValidator {
    private static final Original NOTHING = Original.of(new byte[0]);

    /** Of UTF-8, per UTF-16 code unit. */
    private static final int MAX_BYTES_PER_CHAR = 3;

    private EventValidator() {}

    /**
     * Checks an event built in Java.
     *
     * @param now the clock that {@link Limits#futureSkew()} is added to
     * @return the first rule it breaks, or null if it may be stored
     */
    public static @Nullable Rejection check(Event event, Limits limits, OrgSettings org, Instant now) {
        Rejection rejection = texts(event);
        if (rejection == null && event.value() != null && !NumberText.withinLimits(event.value())) {
            rejection = new Rejection(
                    RejectionCode.INVALID_VALUE, "value", "The value must be " + NumberText.RULE + ". Round it.");
        }
        if (rejection == null) {
            rejection = time(event.occurredAt(), "occurredAt", limits, org, now);
        }
        return rejection != null ? rejection : properties(event, limits);
    }

    private static @Nullable Rejection texts(Event event) {
        String id = event.id().original();
        String fault = id == null ? null : Texts.fault(id);
        if (fault != null) {
            return new Rejection(RejectionCode.INVALID_ENCODING, "id", fault);
        }
        Rejection rejection = name(event.source(), "source", Event.MAX_NAME_LENGTH);
        rejection = rejection != null ? rejection : name(event.name(), "name", Event.MAX_NAME_LENGTH);
        rejection = rejection != null ? rejection : name(event.subject(), "subject", Texts.MAX_KEY_LENGTH);
        rejection = rejection != null ? rejection : name(event.entity(), "entity", Texts.MAX_KEY_LENGTH);
        rejection = rejection != null ? rejection : name(event.session(), "session", Texts.MAX_KEY_LENGTH);
        return rejection != null ? rejection : name(event.schemaVersion(), "schemaVersion", Texts.MAX_KEY_LENGTH);
    }

    /** What is wrong with a text that names something; null if nothing, or if there is no text. */
    static @Nullable Rejection name(@Nullable String text, String field, int maxLength) {
        if (text == null || Texts.plain(text, maxLength)) {
            return null;
        }
        String fault = Texts.fault(text);
        if (fault != null) {
            return new Rejection(RejectionCode.INVALID_ENCODING, field, fault);
        }
        fault = Texts.nameFault(text, maxLength);
        return fault == null ? null : new Rejection(RejectionCode.INVALID_NAME, field, fault);
    }

    /** What is wrong with a time: ahead of the clock or before the org's history. */
    static @Nullable Rejection time(Instant time, String field, Limits limits, OrgSettings org, Instant now) {
        if (time.isAfter(now) && time.isAfter(now.plus(limits.futureSkew()))) {
            return new Rejection(
                    RejectionCode.IN_FUTURE,
                    field,
                    "The time is more than %d s ahead of the clock (%s). Correct the sender's clock or send it later."
                            .formatted(limits.futureSkew().toSeconds(), now));
        }
        if (time.isBefore(org.rawFrom())) {
            return new Rejection(
                    RejectionCode.TOO_OLD,
                    field,
                    "The time is before %s, where the history kept for this org begins. Drop the event."
                            .formatted(org.rawFrom()));
        }
        return null;
    }

    private static @Nullable Rejection properties(Event event, Limits limits) {
        if (event.properties().isEmpty()) {
            return null;
        }
        String json = event.properties().json();
        if (json.length() > limits.maxEventBytes() / MAX_BYTES_PER_CHAR) {
            int bytes = json.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > limits.maxEventBytes()) {
                return tooLarge(bytes, limits);
            }
        }
        return FlatProperties.surelyKeep(limits, json) ? null : parsed(json, limits);
    }

    /** What is wrong with properties; the last word, and slow. */
    static @Nullable Rejection parsed(String json, Limits limits) {
        Row row = new Row(1, NOTHING);
        try {
            String wrapped = "{\"properties\":" + json + "}";
            new JsonEvent(new FieldMapping(Map.of(), true), limits)
                    .read(wrapped.toCharArray(), 0, wrapped.length(), row);
        } catch (StreamReadException e) {
            row.fail(RejectionCode.INVALID_JSON, "properties", "The properties are not JSON. Build them from a map.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (row.fault() == null && !row.properties().json().equals(json)) {
            row.fail(
                    RejectionCode.INVALID_JSON,
                    "properties",
                    "The properties are not in canonical form, so equal events would differ. Build them from a map.");
        }
        return row.fault();
    }

    static Rejection tooLarge(long bytes, Limits limits) {
        return new Rejection(
                RejectionCode.EVENT_TOO_LARGE,
                null,
                "The event has %s bytes, the limit is %d.%s Shorten it; an embedding application may raise Limits.maxEventBytes."
                        .formatted(
                                bytes >= CharSource.MAX_KEPT
                                        ? "more than " + CharSource.MAX_KEPT
                                        : String.valueOf(bytes),
                                limits.maxEventBytes(),
                                bytes >= CharSource.MAX_KEPT ? " Only its first part is kept." : ""));
    }
}

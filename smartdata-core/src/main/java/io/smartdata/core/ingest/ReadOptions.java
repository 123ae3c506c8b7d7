package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.event.Rejection;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to read one input. {@link #defaults(String)} detects everything that can be told without guessing.
 *
 * <p>Without a mapping a field is found under one of these names, without regard to case; of two the one that stands
 * first is used and the other is a property. Names with underscores stand for their camel case form too.
 *
 * <ul>
 *   <li>id: client_event_id, event_id, message_id, uuid, id
 *   <li>source: source, source_name
 *   <li>name: event_name, event_type, metric_name, metric, event, name, type
 *   <li>occurredAt: occurred_at, event_time, timestamp, ts, datetime, time, date
 *   <li>value: value, amount, quantity, qty, count
 *   <li>subject: subject, subject_id, user_id, learner_id, user
 *   <li>entity: entity, entity_path
 *   <li>session: session, session_id
 *   <li>schemaVersion: schema_version, event_version
 *   <li>org: org, org_id, organization_id, organisation_id, tenant_id, tenant
 *   <li>properties: properties, payload, attributes, data, context; all of them, if they are JSON objects
 * </ul>
 *
 * @param format {@link Format#AUTO} tells it from the first bytes
 * @param identity what makes two events the same one
 * @param source emitter of events that do not name their own, 1 to 200 characters
 * @param defaultName name of events that have none, or null
 * @param mapping canonical field ({@code id source name occurredAt value subject entity session schemaVersion org
 *     properties}) to column or member; overrides the aliases of that field
 * @param zone of times without offset; null for the org's zone
 * @param charset of the bytes; null for strict UTF-8
 * @param delimiter of CSV; null to tell comma or tab from the header
 * @param epochUnit of times written as a bare number; null to refuse them
 * @param limits bounds of one event
 * @since 0.1.0
 */
public record ReadOptions(
        Format format,
        Identity identity,
        String source,
        @Nullable String defaultName,
        Map<String, String> mapping,
        @Nullable ZoneId zone,
        @Nullable Charset charset,
        @Nullable Character delimiter,
        @Nullable EpochUnit epochUnit,
        Limits limits) {
    public ReadOptions {
        requireNonNull(format, "format");
        requireNonNull(identity, "identity");
        requireNonNull(source, "source");
        requireNonNull(limits, "limits");
        requireName(source, "source");
        requireName(defaultName, "defaultName");
        mapping = Map.copyOf(mapping);
        for (String field : mapping.keySet()) {
            if (Field.ofKey(field) == null) {
                throw new IllegalArgumentException(
                        "mapping maps from one of %s, there is no field \"%s\"".formatted(Field.keys(), field));
            }
        }
        if (delimiter != null && (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter == 0)) {
            throw new IllegalArgumentException("delimiter must not be a quote, a line break or NUL");
        }
    }

    private static void requireName(@Nullable String name, String option) {
        Rejection fault = EventValidator.name(name, option, Event.MAX_NAME_LENGTH);
        if (fault != null) {
            throw new IllegalArgumentException(option + ": " + fault.message());
        }
    }

    /** Everything detected, aliases as documented, UTF-8, the org's zone, default limits. */
    public static ReadOptions defaults(String source) {
        return new ReadOptions(
                Format.AUTO, Identity.AUTO, source, null, Map.of(), null, null, null, null, Limits.defaults());
    }

    /** These options with a declared format. */
    public ReadOptions withFormat(Format newFormat) {
        return new ReadOptions(
                newFormat, identity, source, defaultName, mapping, zone, charset, delimiter, epochUnit, limits);
    }

    /** These options with a declared identity rule. */
    public ReadOptions withIdentity(Identity newIdentity) {
        return new ReadOptions(
                format, newIdentity, source, defaultName, mapping, zone, charset, delimiter, epochUnit, limits);
    }

    /** These options with another default source. */
    public ReadOptions withSource(String newSource) {
        return new ReadOptions(
                format, identity, newSource, defaultName, mapping, zone, charset, delimiter, epochUnit, limits);
    }

    /** These options with a name for events that have none. */
    public ReadOptions withDefaultName(@Nullable String newDefaultName) {
        return new ReadOptions(
                format, identity, source, newDefaultName, mapping, zone, charset, delimiter, epochUnit, limits);
    }

    /** These options with a custom mapping. */
    public ReadOptions withMapping(Map<String, String> newMapping) {
        return new ReadOptions(
                format, identity, source, defaultName, newMapping, zone, charset, delimiter, epochUnit, limits);
    }

    /** These options with a zone for times without offset. */
    public ReadOptions withZone(@Nullable ZoneId newZone) {
        return new ReadOptions(
                format, identity, source, defaultName, mapping, newZone, charset, delimiter, epochUnit, limits);
    }

    /** These options with a declared character set. */
    public ReadOptions withCharset(@Nullable Charset newCharset) {
        return new ReadOptions(
                format, identity, source, defaultName, mapping, zone, newCharset, delimiter, epochUnit, limits);
    }

    /** These options with a declared CSV delimiter. */
    public ReadOptions withDelimiter(@Nullable Character newDelimiter) {
        return new ReadOptions(
                format, identity, source, defaultName, mapping, zone, charset, newDelimiter, epochUnit, limits);
    }

    /** These options with bare numbers read as times of this unit. */
    public ReadOptions withEpochUnit(@Nullable EpochUnit newEpochUnit) {
        return new ReadOptions(
                format, identity, source, defaultName, mapping, zone, charset, delimiter, newEpochUnit, limits);
    }

    /** These options with other limits. */
    public ReadOptions withLimits(Limits newLimits) {
        return new ReadOptions(
                format, identity, source, defaultName, mapping, zone, charset, delimiter, epochUnit, newLimits);
    }
}

package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.access.Access;
import io.smartdata.event.Event;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgResolver;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings in batches whose events belong to several orgs: each event to the org it names, or to the one the host's
 * {@link OrgResolver} tells from its entity or subject, if the caller may bring events into it. Everything is read before
 * anything is stored; then each org's events go in as a call of their own, in transactions of their own, so that one org's
 * refusal is not another's. Sending the whole batch again is safe.
 *
 * <p>A row that names an org the caller may not touch, one that nobody knows or one that is no org id at all is
 * {@code not_permitted}, in the same words; a row without an org is {@code org_missing}, also if the resolver tells one that
 * the caller may not touch. These rows are nobody's data, so they are answered and kept nowhere.
 *
 * @since 0.1.0
 */
public final class RoutedIngest {
    private final Access access;
    private final OrgResolver resolver;
    private final InFlight inFlight;
    private final IngestSettings settings;
    private final Function<OrgScope, Ingest> ingest;
    private final Caller caller;

    public RoutedIngest(
            Access access,
            OrgResolver resolver,
            InFlight inFlight,
            IngestSettings settings,
            Function<OrgScope, Ingest> ingest,
            Caller caller) {
        this.access = requireNonNull(access, "access");
        this.resolver = requireNonNull(resolver, "resolver");
        this.inFlight = requireNonNull(inFlight, "inFlight");
        this.settings = requireNonNull(settings, "settings");
        this.ingest = requireNonNull(ingest, "ingest");
        this.caller = requireNonNull(caller, "caller");
    }

    /**
     * Events of the host's own making.
     *
     * @throws SmartDataException {@code batch_too_large}, {@code throttled}, or {@code org_resolver_failed} if the host's
     *     resolver throws; then nothing was stored
     */
    public RoutedReceipt events(List<RoutedEvent> events) {
        Ingest.requireBatchSize(events.size(), settings);
        long held = JavaEvents.size(events.stream().map(RoutedEvent::event).toList());
        return inFlight.whole(held, () -> {
            Routes<Integer> routes = new Routes<>();
            for (int i = 0; i < events.size(); i++) {
                add(routes, i, events.get(i));
            }
            return routes.ingest((scope, places) -> ingest.apply(scope)
                    .routed(places.stream().map(i -> events.get(i).event()).toList(), places));
        });
    }

    private static void add(Routes<Integer> routes, int place, RoutedEvent routed) {
        Event event = routed.event();
        OrgId org = routed.org();
        routes.add(
                place,
                place + 1L,
                event.id().text(),
                org == null ? null : org.value(),
                event.entity(),
                event.subject());
    }

    /**
     * A batch as a client sent it, as {@link Ingest#batch} takes it. Format and identity are told from the whole batch; an
     * envelope's org holds for events that name none.
     *
     * @throws SmartDataException as {@link #events}, and for what makes the whole body unreadable; then nothing was stored
     */
    public RoutedReceipt batch(byte[] body, IngestOptions options) {
        Ingest.requireBatchBytes(body.length, settings);
        long held = ByteSource.startsAsGzip(body) ? settings.chunkBytes() : body.length;
        return inFlight.whole(held, () -> {
            try (EventReader reader = EventReader.openUnrouted(() -> new ByteArrayInputStream(body), options.read())) {
                List<Row> rows = reader.rowsLeft(settings.maxBatchEvents());
                Ingest.requireBatchSize(rows.size(), settings);
                Routes<Row> routes = new Routes<>();
                rows.forEach(row -> add(routes, row, reader.envelopeOrg()));
                return routes.ingest((scope, some) -> ingest.apply(scope)
                        .routed(
                                (org, now, receiptId) -> reader.only(some, org, now, receiptId),
                                options,
                                some.stream()
                                        .mapToLong(row -> row.original.size())
                                        .sum(),
                                () -> hash(some)));
            }
        });
    }

    private static void add(Routes<Row> routes, Row row, @Nullable String envelopeOrg) {
        Rejection fault = row.fault();
        if (fault != null) {
            routes.unrouted(row.number, EventAssembler.readableId(row), fault);
            return;
        }
        String named = row.text(Field.ORG);
        routes.add(
                row,
                row.number,
                EventAssembler.readableId(row),
                named != null ? named : envelopeOrg,
                row.text(Field.ENTITY),
                row.text(Field.SUBJECT));
    }

    private static byte[] hash(List<Row> rows) {
        MessageDigest digest = Ingest.sha256();
        rows.forEach(row -> {
            digest.update(row.original.bytes());
            digest.update((byte) '\n');
        });
        return digest.digest();
    }

    /** Brings the events of one org in. */
    @FunctionalInterface
    private interface Part<E> {
        IngestReceipt ingest(OrgScope scope, List<E> events);
    }

    /** Whose the events of one call are; the host is asked once for each org and for equal clues. */
    private final class Routes<E> {
        private final Map<OrgScope, List<E>> parts = new LinkedHashMap<>();
        private final List<EventOutcome> unrouted = new ArrayList<>();
        private final Map<String, Optional<OrgScope>> scopes = new HashMap<>();
        private final Map<OrgResolver.Clues, Optional<OrgScope>> resolved = new HashMap<>();

        void add(
                E event,
                long row,
                @Nullable String id,
                @Nullable String named,
                @Nullable String entity,
                @Nullable String subject) {
            Optional<OrgScope> scope = named != null ? named(named) : resolved(new OrgResolver.Clues(entity, subject));
            if (scope.isPresent()) {
                parts.computeIfAbsent(scope.get(), absent -> new ArrayList<>()).add(event);
            } else {
                unrouted(row, id, named != null ? notPermitted() : orgMissing());
            }
        }

        void unrouted(long row, @Nullable String id, Rejection rejection) {
            unrouted.add(new EventOutcome(row, id, Outcome.REJECTED, rejection, null));
        }

        private Optional<OrgScope> named(String org) {
            return scopes.computeIfAbsent(org, this::scope);
        }

        /** Whatever the reason for a no, the answer is the same. */
        private Optional<OrgScope> scope(String org) {
            try {
                return Optional.of(access.scope(caller, OrgId.of(org), Permission.INGEST));
            } catch (IllegalArgumentException notAnOrg) {
                return Optional.empty();
            } catch (SmartDataException e) {
                if (e.code().equals("not_permitted")) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        private Optional<OrgScope> resolved(OrgResolver.Clues clues) {
            return clues.entity() == null && clues.subject() == null
                    ? Optional.empty()
                    : resolved.computeIfAbsent(clues, this::ask);
        }

        private Optional<OrgScope> ask(OrgResolver.Clues clues) {
            Optional<OrgId> org;
            try {
                org = requireNonNull(resolver.resolve(clues), "The org resolver answered null");
            } catch (RuntimeException e) {
                throw new SmartDataException(
                        "org_resolver_failed",
                        "The host could not tell the org of an event. Nothing was stored. Send the batch again later.",
                        e);
            }
            return org.flatMap(found -> named(found.value()));
        }

        RoutedReceipt ingest(Part<E> part) {
            List<RoutedReceipt.Part> done = new ArrayList<>();
            parts.forEach((scope, events) -> done.add(ingest(part, scope, events)));
            return new RoutedReceipt(done, unrouted);
        }

        private RoutedReceipt.Part ingest(Part<E> part, OrgScope scope, List<E> events) {
            try {
                return new RoutedReceipt.Part(scope.org(), part.ingest(scope, events), null);
            } catch (SmartDataException e) {
                return new RoutedReceipt.Part(scope.org(), null, e);
            }
        }
    }

    private static Rejection notPermitted() {
        return new Rejection(
                RejectionCode.NOT_PERMITTED,
                "org",
                "The event names an org that you may not bring events into. Nothing of it was kept. Correct the org or ask for the permission.");
    }

    private static Rejection orgMissing() {
        return new Rejection(
                RejectionCode.ORG_MISSING,
                "org",
                "The event names no org, and none could be told from its entity or subject. Nothing of it was kept. Send it with its org.");
    }
}

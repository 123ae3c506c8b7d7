package io.smartdata.core.event;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.kpi.BucketEvents;
import io.smartdata.core.kpi.BucketPoint;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.ArrivalPage;
import io.smartdata.storage.ArrivalQuery;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventPosition;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored events of one org, a page at a time. Events carry payloads, so {@link Permission#VIEW_SENSITIVE} is needed for all
 * of it; who did them is shown, and may be asked for, with {@link Permission#VIEW_SUBJECTS} only: without it an event has
 * neither subject nor session.
 *
 * <p>A page looks at {@value #LOOKED} events at most, so its cost is bounded whatever the filter and however deep it lies; one
 * that is not full and has a cursor goes on there. A cursor is of use for its own org and filter only.
 *
 * @since 0.1.0
 */
public final class Events {
    /** Most events of a page. */
    public static final int MAX_PAGE = 1_000;

    /** Most events a page looks at. */
    public static final int LOOKED = 20_000;

    /** Of those behind a point every event is folded anew; read in pieces, so that memory stays small. */
    private static final int FOLDED_AT_ONCE = 1_000;

    private static final StoredEventFilter ANY = StoredEventFilter.any();

    private final Storage storage;
    private final Generations generations;
    private final Meters meters;
    private final OrgScope scope;

    /**
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with
     *     {@link Permission#VIEW_SENSITIVE}
     */
    public Events(Storage storage, Generations generations, Meters meters, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.meters = requireNonNull(meters, "meters");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.VIEW_SENSITIVE);
    }

    /**
     * Events by (UTC day, source, id): a stable order along the key under which they are stored. Page after page shows every
     * event exactly once that was stored before the first page was read and is not taken back meanwhile; one that comes later
     * is shown if its place lies ahead.
     *
     * @throws SmartDataException {@code unknown_org}; {@code invalid_request} for a limit out of range, a text no event can
     *     have, or a cursor of another request; {@code not_permitted} for a subject without {@link Permission#VIEW_SUBJECTS}
     */
    public EventsPage page(EventQuery query) {
        StoredEventFilter filter = checked(query);
        Cursors cursors = cursors(generations.existing(scope), bytes("page", filter));
        EventPosition after = Places.event(cursors.open(query.cursor()));
        EventPage page = meters.query(
                "events_page",
                () -> storage.events().page(scope, new EventPageQuery(filter, after, query.limit(), LOOKED)));
        return shown(page.events(), page.next(), cursors);
    }

    /**
     * Events in the order they arrived, to follow what comes in: {@link EventsPage#next()} is where to go on, now or later.
     * Every event whose transaction committed is shown exactly once to whoever reads on from cursor to cursor, in whatever
     * order concurrent transactions commit and however long a host's transaction was open; none is skipped because it
     * committed late. Between two transactions that overlap either may come first. What is taken back before it is shown is
     * not shown; a correction arrives as a new event.
     *
     * @throws SmartDataException as {@link #page}
     */
    public EventsPage arrivals(EventQuery query) {
        StoredEventFilter filter = checked(query);
        Cursors cursors = cursors(generations.existing(scope), bytes("arrivals", filter));
        ArrivalQuery from =
                new ArrivalQuery(filter, Places.arrival(cursors.open(query.cursor())), query.limit(), LOOKED);
        ArrivalPage page =
                meters.query("events_arrivals", () -> storage.events().arrivals(scope, from));
        return new EventsPage(shown(page.events()), cursors.seal(Places.bytes(page.next())), page.more());
    }

    /**
     * A cursor for {@link #arrivals} behind everything that has arrived by now, to follow only what comes from now on.
     *
     * @throws SmartDataException as {@link #page}
     */
    public String now(StoredEventFilter filter) {
        StoredEventFilter checked = checked(EventQuery.of(filter, 1));
        Cursors cursors = cursors(generations.existing(scope), bytes("arrivals", checked));
        return cursors.seal(Places.bytes(storage.events().lastArrival(scope)));
    }

    /**
     * The events behind a point of a KPI, by (UTC day, source, id): exactly those that were counted in it, of a ratio those
     * below the line. Definitions and events are of one snapshot; when the definitions change, cursors of before are invalid.
     *
     * @param limit most events of the page, 1 to {@value #MAX_PAGE}
     * @param cursor where an earlier page of the same point ended, or null to begin
     * @throws SmartDataException {@code unknown_org}, {@code unknown_kpi}, {@code unknown_dimension}, {@code grain_too_fine};
     *     {@code invalid_request} if there is no such bucket, for a limit out of range or a cursor of another request
     */
    public EventsPage behind(BucketPoint point, int limit, @Nullable String cursor) {
        requireLimit(limit);
        generations.existing(scope);
        return meters.query(
                "events_behind",
                () -> storage.kpis().snapshot(scope, snapshot -> behind(snapshot, point, limit, cursor)));
    }

    private EventsPage behind(KpiSnapshot snapshot, BucketPoint point, int limit, @Nullable String cursor) {
        BucketEvents wanted = BucketEvents.of(generations, snapshot, point);
        Cursors cursors = cursors(snapshot.org(), bytes(point, wanted.generation()));
        EventPosition next = Places.event(cursors.open(cursor));
        StoredEventFilter range = checked(wanted.range());
        List<StoredEvent> found = new ArrayList<>();
        for (int looked = 0; looked < LOOKED; looked += FOLDED_AT_ONCE) {
            EventPage raw = snapshot.page(new EventPageQuery(range, next, FOLDED_AT_ONCE, FOLDED_AT_ONCE));
            for (StoredEvent stored : raw.events()) {
                if (wanted.contains(stored.event())) {
                    found.add(stored);
                    if (found.size() == limit) {
                        return shown(found, EventPosition.of(stored.event()), cursors);
                    }
                }
            }
            next = raw.next();
            if (next == null) {
                break;
            }
        }
        return shown(found, next, cursors);
    }

    private static Cursors cursors(OrgSettings org, RequestBytes request) {
        return new Cursors(org.hashKey(), request.text(org.org().value()));
    }

    private static RequestBytes bytes(String kind, StoredEventFilter filter) {
        return new RequestBytes(kind)
                .text(filter.source())
                .text(filter.name())
                .text(filter.subject())
                .text(filter.entity())
                .time(filter.from())
                .time(filter.to())
                .time(filter.receivedSince());
    }

    private static RequestBytes bytes(BucketPoint point, long generation) {
        return new RequestBytes("behind")
                .text(point.kpi())
                .text(point.grain() == null ? null : point.grain().name())
                .text(point.bucket())
                .text(point.source())
                .text(point.dimension())
                .text(point.value())
                .number(generation);
    }

    private EventsPage shown(List<StoredEvent> events, @Nullable EventPosition next, Cursors cursors) {
        return new EventsPage(shown(events), next == null ? null : cursors.seal(Places.bytes(next)), next != null);
    }

    private List<StoredEvent> shown(List<StoredEvent> events) {
        return scope.permits(Permission.VIEW_SUBJECTS)
                ? events
                : events.stream().map(Events::withoutSubject).toList();
    }

    private static StoredEvent withoutSubject(StoredEvent stored) {
        Event event = stored.event();
        return new StoredEvent(
                new Event(
                        event.id(),
                        event.source(),
                        event.name(),
                        event.occurredAt(),
                        event.value(),
                        null,
                        event.entity(),
                        null,
                        event.schemaVersion(),
                        event.properties()),
                stored.receivedAt(),
                stored.receiptId());
    }

    private StoredEventFilter checked(EventQuery query) {
        requireLimit(query.limit());
        if (query.filter().subject() != null) {
            scope.require(Permission.VIEW_SUBJECTS);
        }
        return checked(query.filter());
    }

    private static StoredEventFilter checked(StoredEventFilter filter) {
        requireText("source", filter.source());
        requireText("name", filter.name());
        requireText("subject", filter.subject());
        requireText("entity", filter.entity());
        return filter.between(within(filter.from()), within(filter.to()))
                .withReceivedSince(filter.receivedSince() == null ? null : within(filter.receivedSince()));
    }

    /** No event lies outside. */
    private static Instant within(Instant time) {
        return time.isBefore(ANY.from()) ? ANY.from() : time.isAfter(ANY.to()) ? ANY.to() : time;
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new SmartDataException(
                    "invalid_request",
                    "A page has 1 to %d events, this one was to have %d. Nothing was read. Ask for fewer and go on with the cursor."
                            .formatted(MAX_PAGE, limit));
        }
    }

    private static void requireText(String field, @Nullable String text) {
        String fault = text == null ? null : FilterText.fault(text);
        if (fault != null) {
            throw new SmartDataException(
                    "invalid_request", "%s: %s Nothing was read. Correct the filter.".formatted(field, fault));
        }
    }
}

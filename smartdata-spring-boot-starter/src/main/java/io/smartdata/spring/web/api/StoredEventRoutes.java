package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.event.EventQuery;
import io.smartdata.core.event.Events;
import io.smartdata.core.event.EventsPage;
import io.smartdata.core.kpi.BucketPoint;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.Grain;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Json;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as they are stored. */
final class StoredEventRoutes implements RouteGroup {
    private static final Parameter<String> SOURCE = Parameter.text("source", "Only events of this source.");
    private static final Parameter<String> NAME = Parameter.text("name", "Only events of this name.");
    private static final Parameter<String> SUBJECT =
            Parameter.text("subject", "Only events of this subject; needs VIEW_SUBJECTS.");
    private static final Parameter<String> ENTITY =
            Parameter.text("entity", "Only events of this entity and of what lies below it.");
    private static final Parameter<Instant> FROM = Parameter.moment("from", "Earliest time, inclusive.");
    private static final Parameter<Instant> TO = Parameter.moment("to", "Latest time, exclusive.");
    private static final Parameter<Instant> SINCE =
            Parameter.moment("since", "Only events that were stored then or later.");
    private static final Parameter<Boolean> FROM_NOW = Parameter.flag(
            "fromNow", "Without a cursor: shows nothing that has arrived, and where to go on with what comes.");
    private static final Parameter<Integer> LIMIT = Parameter.whole(
                    "limit", "Most events of the answer.", 1, Events.MAX_PAGE)
            .standard(100);
    private static final Parameter<String> CURSOR = Parameter.text(
            "cursor",
            "The next of the page before, of the same request.",
            "the next of an earlier answer",
            text -> text);

    private static final Parameter<String> BUCKET = Parameter.text("bucket", "Bucket of the point.");
    private static final Parameter<Grain> GRAIN =
            Parameter.choice("grain", "Width of the bucket; unless given, the KPI's own.", Grain.class);
    private static final Parameter<String> DIMENSION =
            Parameter.text("dimension", "Property that the point is broken down by.");
    private static final Parameter<String> VALUE =
            Parameter.text("value", "Value of the dimension; empty for events that lack it.", "any text", text -> text);

    private static final int STANDARD_LIMIT = 100;

    private final SmartData smartData;

    StoredEventRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Some of them. */
    record EventList(
            @About("May be fewer than asked for, or none, though more follow.")
            List<KnownEvent> events,

            @About("Cursor of the next page; null after the last. Of arrivals there always is one.") @Nullable
            String next,

            @About("Whether there is more to look at already.")
            boolean more) {

        /** An event as it is kept. */
        record KnownEvent(
                String id,
                String source,
                String name,
                Instant occurredAt,
                @Nullable BigDecimal value,

                @About("Null also without VIEW_SUBJECTS.") @Nullable
                String subject,

                @Nullable String entity,

                @About("Null also without VIEW_SUBJECTS.") @Nullable
                String session,

                @Nullable String schemaVersion,
                Map<String, Object> properties,
                Instant receivedAt,
                UUID receiptId) {
            static KnownEvent of(StoredEvent stored) {
                Event event = stored.event();
                return new KnownEvent(
                        event.id().text(),
                        event.source(),
                        event.name(),
                        event.occurredAt(),
                        event.value(),
                        event.subject(),
                        event.entity(),
                        event.session(),
                        event.schemaVersion(),
                        Json.object(event.properties().json()),
                        stored.receivedAt(),
                        stored.receiptId());
            }
        }

        static EventList of(EventsPage page) {
            return new EventList(page.events().stream().map(KnownEvent::of).toList(), page.next(), page.more());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                reading("/events", "listEvents", "Stored events by UTC day, source and id.")
                        .offers("Events.page")
                        .with(SOURCE, NAME, SUBJECT, ENTITY, FROM, TO, SINCE, LIMIT, CURSOR)
                        .answers(EventList.class, this::page),
                reading(
                                "/events/arrivals",
                                "followEvents",
                                "Stored events in the order they arrived, each once for who goes on from cursor to cursor.")
                        .offers("Events.arrivals", "Events.now")
                        .with(SOURCE, NAME, SUBJECT, ENTITY, FROM, TO, SINCE, FROM_NOW, LIMIT, CURSOR)
                        .answers(EventList.class, this::arrivals),
                reading("/kpis/{kpi}/events", "listEventsBehind", "The events that were counted in a point of a KPI.")
                        .offers("Events.behind")
                        .with(KpiRoutes.KPI)
                        .requires(BUCKET)
                        .with(GRAIN, SOURCE, DIMENSION, VALUE, LIMIT, CURSOR)
                        .errors(ErrorCode.UNKNOWN_KPI, ErrorCode.UNKNOWN_DIMENSION, ErrorCode.GRAIN_TOO_FINE)
                        .answers(EventList.class, this::behind));
    }

    private static Route.Builder reading(String path, String id, String summary) {
        return Route.get(path, id, summary)
                .needs(Permission.VIEW_SENSITIVE)
                .showsMoreWith(Permission.VIEW_SUBJECTS)
                .errors(ErrorCode.UNKNOWN_ORG);
    }

    private Events events(Call call) {
        return smartData.events(call.scope());
    }

    private EventList page(Call call) {
        return EventList.of(events(call).page(query(call)));
    }

    private static EventQuery query(Call call) {
        return new EventQuery(
                filter(call), call.get(LIMIT, STANDARD_LIMIT), call.get(CURSOR).orElse(null));
    }

    private static StoredEventFilter filter(Call call) {
        StoredEventFilter any = StoredEventFilter.any();
        return new StoredEventFilter(
                call.get(SOURCE).orElse(null),
                call.get(NAME).orElse(null),
                call.get(SUBJECT).orElse(null),
                call.get(ENTITY).orElse(null),
                call.get(FROM, any.from()),
                call.get(TO, any.to()),
                call.get(SINCE).orElse(null));
    }

    private EventList arrivals(Call call) {
        if (call.get(FROM_NOW, false) && call.get(CURSOR).isEmpty()) {
            return new EventList(List.of(), events(call).now(filter(call)), false);
        }
        return EventList.of(events(call).arrivals(query(call)));
    }

    private EventList behind(Call call) {
        if (call.get(DIMENSION).isPresent() != call.get(VALUE).isPresent()) {
            throw new SmartDataException("invalid_request", "Name a dimension and its value, or neither.");
        }
        BucketPoint point = new BucketPoint(
                call.required(KpiRoutes.KPI),
                call.get(GRAIN).orElse(null),
                call.required(BUCKET),
                call.get(SOURCE).orElse(null),
                call.get(DIMENSION).orElse(null),
                call.get(VALUE).orElse(null));
        return EventList.of(events(call)
                .behind(point, call.get(LIMIT, STANDARD_LIMIT), call.get(CURSOR).orElse(null)));
    }
}

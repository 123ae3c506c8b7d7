package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.EventId;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventPosition;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.OrgId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Pages along the primary key of the event table. A page looks at a bounded run of keys; what of a filter is not in the key
 * is asked of the rows of that run only.
 */
final class EventPages {
    private static final String KEY = "day, source_id, event_id";
    private static final long MICROS_A_DAY = Duration.ofDays(1).toNanos() / 1_000;

    private final Dialect dialect;

    EventPages(Dialect dialect) {
        this.dialect = dialect;
    }

    EventPage read(Handle handle, OrgId org, EventPageQuery query) {
        Map<Integer, String> sources = Sources.names(handle, dialect, org);
        Run run = new Run(org, query, sources);
        if (run.empty) {
            return new EventPage(List.of(), null);
        }
        List<StoredEvent> events = run.events(handle);
        if (events.size() == query.limit()) {
            return new EventPage(
                    events, EventPosition.of(events.get(events.size() - 1).event()));
        }
        return new EventPage(events, run.end(handle).orElse(null));
    }

    /** The keys that one page looks at, in order. */
    private final class Run {
        private final EventPageQuery query;
        private final Map<Integer, String> sources;
        private final List<String> ofKey = new ArrayList<>();
        private final Map<String, Object> keyValues = new HashMap<>();
        private final List<String> ofRow = new ArrayList<>();
        private final Map<String, Object> rowValues = new HashMap<>();
        private boolean empty;

        Run(OrgId org, EventPageQuery query, Map<Integer, String> sources) {
            this.query = query;
            this.sources = sources;
            StoredEventFilter filter = query.filter();
            keyValues.put("org", org.value());
            days(filter);
            if (query.after() != null) {
                behind(query.after());
            }
            if (filter.source() != null) {
                key("source_id = :source", "source", number(filter.source()));
            }
            row("name = :name", "name", filter.name());
            row("subject = :subject", "subject", filter.subject());
            if (filter.entity() != null) {
                String below = filter.entity() + "/";
                row("(entity = :entity OR substr(entity, 1, :belowLength) = :below)", "entity", filter.entity());
                rowValues.put("below", below);
                rowValues.put("belowLength", below.codePointCount(0, below.length()));
            }
            row("received_at >= :since", "since", micros(filter.receivedSince()));
        }

        /** Whole days need no look at the rows. */
        private void days(StoredEventFilter filter) {
            long from = Columns.micros(filter.from());
            long to = Columns.micros(filter.to());
            key("day >= :fromDay", "fromDay", Math.floorDiv(from, MICROS_A_DAY));
            key("day < :endDay", "endDay", -Math.floorDiv(-to, MICROS_A_DAY));
            row("occurred_at >= :from", "from", from % MICROS_A_DAY == 0 ? null : from);
            row("occurred_at < :to", "to", to % MICROS_A_DAY == 0 ? null : to);
        }

        /** The day once more, since a partition is left out by nothing else. */
        private void behind(EventPosition after) {
            key("day >= :afterDay", "afterDay", after.day().toEpochDay());
            key(
                    "(day, source_id, event_id) > (:afterDay, :afterSource, :afterId)",
                    "afterId",
                    after.id().key());
            keyValues.put("afterSource", number(after.source()));
        }

        /** No event has a source that has no number. */
        private int number(String name) {
            for (Map.Entry<Integer, String> source : sources.entrySet()) {
                if (source.getValue().equals(name)) {
                    return source.getKey();
                }
            }
            empty = true;
            return 0;
        }

        private static @Nullable Long micros(@Nullable Instant time) {
            return time == null ? null : Columns.micros(time);
        }

        private void key(String condition, String name, Object value) {
            ofKey.add(" AND " + condition);
            keyValues.put(name, value);
        }

        private void row(String condition, String name, @Nullable Object value) {
            if (value != null) {
                ofRow.add(condition);
                rowValues.put(name, value);
            }
        }

        private String keys(String columns) {
            return """
                    SELECT %s FROM #event
                    WHERE org_no = (SELECT org_no FROM #org WHERE org_id = :org)%s
                    ORDER BY day, source_id, event_id LIMIT :looked
                    """.formatted(columns, String.join("", ofKey));
        }

        List<StoredEvent> events(Handle handle) {
            String where = ofRow.isEmpty() ? "" : "WHERE " + String.join(" AND ", ofRow);
            String sql = "SELECT %s FROM (%s) looked_at %s ORDER BY %s LIMIT :limit"
                    .formatted(
                            JdbcEventStore.STORED_COLUMNS, keys(JdbcEventStore.STORED_COLUMNS + ", day"), where, KEY);
            return bind(handle.createQuery(dialect.tables(sql)))
                    .bindMap(rowValues)
                    .bind("limit", query.limit())
                    .map((row, context) -> JdbcEventStore.stored(row, sources))
                    .list();
        }

        /** The last key looked at, if there are more. */
        Optional<EventPosition> end(Handle handle) {
            if (ofRow.isEmpty()) {
                return Optional.empty();
            }
            String sql =
                    "SELECT %s, COUNT(*) OVER () FROM (%s) looked_at ORDER BY day DESC, source_id DESC, event_id DESC LIMIT 1"
                            .formatted(KEY, keys(KEY));
            return bind(handle.createQuery(dialect.tables(sql)))
                    .map((row, context) -> row.getInt(4) < query.looked()
                            ? null
                            : new EventPosition(
                                    LocalDate.ofEpochDay(row.getLong(1)),
                                    requireNonNull(sources.get(row.getInt(2))),
                                    EventId.ofKey(row.getBytes(3), null)))
                    .findOne();
        }

        /** Without conditions on rows, a page wants every event it looks at. */
        private Query bind(Query statement) {
            return statement.bindMap(keyValues).bind("looked", ofRow.isEmpty() ? query.limit() : query.looked());
        }
    }
}

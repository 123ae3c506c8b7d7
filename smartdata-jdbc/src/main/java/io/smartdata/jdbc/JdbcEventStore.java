package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.Properties;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellRange;
import io.smartdata.storage.AppendWork;
import io.smartdata.storage.ArrivalPage;
import io.smartdata.storage.ArrivalPosition;
import io.smartdata.storage.ArrivalQuery;
import io.smartdata.storage.CorrectionWork;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.OrgScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Events and receipts in tables. */
final class JdbcEventStore implements EventStore {
    private static final String EVENT_COLUMNS =
            "event_id, event_id_text, source_id, name, occurred_at, value, subject, entity, session, schema_version, properties";

    /** What {@link #stored} reads, by position. */
    static final String STORED_COLUMNS = EVENT_COLUMNS + ", received_at, receipt_id";

    private final Database database;
    private final Dialect dialect;
    private final String scan;
    private final String scanSource;
    private final String events;
    private final String eventsOfSource;
    private final String receipt;
    private final EventPages pages;
    private final Arrivals arrivals;

    JdbcEventStore(Database database) {
        this.database = database;
        this.dialect = database.dialect();
        String scanned = """
                SELECT %s FROM #event
                WHERE org_no = (SELECT org_no FROM #org WHERE org_id = :org) AND day >= :fromDay AND day <= :toDay
                    AND occurred_at >= :from AND occurred_at < :to
                    %s
                ORDER BY day, source_id, event_id
                """;
        String ofSource = "AND source_id = (SELECT source_id FROM #source WHERE org_id = :org AND name = :source)";
        this.scan = dialect.tables(scanned.formatted(STORED_COLUMNS, ""));
        this.scanSource = dialect.tables(scanned.formatted(STORED_COLUMNS, ofSource));
        this.events = dialect.tables(scanned.formatted(EVENT_COLUMNS, ""));
        this.eventsOfSource = dialect.tables(scanned.formatted(EVENT_COLUMNS, ofSource));
        this.receipt = dialect.tables("SELECT * FROM #receipt WHERE org_id = :org AND id = :id");
        this.pages = new EventPages(dialect);
        this.arrivals = new Arrivals(database);
    }

    @Override
    public <R> R append(OrgScope scope, AppendWork<R> work) {
        return database.write(Actor.of(scope), handle -> run(handle, scope, work, false));
    }

    @Override
    public <R> R append(OrgScope scope, HostTransaction host, AppendWork<R> work) {
        if (!(host instanceof JdbcStorage.JoinedConnection joined)) {
            throw new IllegalArgumentException("The host transaction was not made by JdbcStorage.joining(connection)");
        }
        return database.joined(Actor.of(scope), joined.connection(), handle -> run(handle, scope, work, true));
    }

    @Override
    public <R> R correct(OrgScope scope, CorrectionWork<R> work) {
        return database.writeSnapshot(Actor.of(scope), handle -> {
            JdbcCorrection correction = JdbcCorrection.begin(handle, scope, dialect, this);
            R result = work.run(correction);
            correction.finish();
            return result;
        });
    }

    private <R> R run(Handle handle, OrgScope scope, AppendWork<R> work, boolean provisional) {
        JdbcAppend append = JdbcAppend.begin(handle, dialect, scope, provisional);
        R result = work.run(append);
        append.finish();
        return result;
    }

    @Override
    public void scan(OrgScope scope, EventRange range, Consumer<StoredEvent> sink) {
        database.read(Actor.of(scope), handle -> {
            dialect.holdEvents(handle);
            scan(handle, scope, range, sink);
            return true;
        });
    }

    private void scan(Handle handle, OrgScope scope, EventRange range, Consumer<StoredEvent> sink) {
        scan(handle, scope, range, range.source() == null ? scan : scanSource, JdbcEventStore::stored, sink);
    }

    /** As {@link #scan}, without what only the store knows. */
    void events(Handle handle, OrgScope scope, EventRange range, Consumer<Event> sink) {
        scan(handle, scope, range, range.source() == null ? events : eventsOfSource, JdbcEventStore::event, sink);
    }

    @FunctionalInterface
    private interface EventMapper<T> {
        T map(ResultSet row, Map<Integer, String> sources) throws SQLException;
    }

    private <T> void scan(
            Handle handle, OrgScope scope, EventRange range, String sql, EventMapper<T> mapper, Consumer<T> sink) {
        Map<Integer, String> sources = Sources.names(handle, dialect, scope.org());
        try (Query query = handle.createQuery(sql)) {
            query.setFetchSize(dialect.fetchSize())
                    .bind("org", scope.org().value())
                    .bind("fromDay", day(range.from()))
                    .bind("toDay", day(range.to()))
                    .bind("from", Columns.micros(range.from()))
                    .bind("to", Columns.micros(range.to()));
            if (range.source() != null) {
                query.bind("source", range.source());
            }
            query.map((row, context) -> mapper.map(row, sources)).forEach(sink);
        }
    }

    @Override
    public EventPage page(OrgScope scope, EventPageQuery query) {
        return database.read(Actor.of(scope), handle -> {
            dialect.holdEvents(handle);
            return page(handle, scope, query);
        });
    }

    EventPage page(Handle handle, OrgScope scope, EventPageQuery query) {
        return pages.read(handle, scope.org(), query);
    }

    @Override
    public ArrivalPage arrivals(OrgScope scope, ArrivalQuery query) {
        return arrivals.read(scope, query);
    }

    @Override
    public ArrivalPosition lastArrival(OrgScope scope) {
        return arrivals.last(scope);
    }

    /** Local days of every zone between the first and the last UTC day; empty without events. */
    Optional<CellRange> span(Handle handle, OrgScope scope) {
        return handle.createQuery(dialect.tables("""
                        SELECT (SELECT MIN(day) FROM #event e WHERE e.org_no = o.org_no),
                            (SELECT MAX(day) FROM #event e WHERE e.org_no = o.org_no)
                        FROM #org o WHERE org_id = :org
                        """))
                .bind("org", scope.org().value())
                .map((row, context) -> row.getString(1) == null
                        ? null
                        : CellRange.days(
                                LocalDate.ofEpochDay(row.getLong(1)).minusDays(1),
                                LocalDate.ofEpochDay(row.getLong(2)).plusDays(2)))
                .findOne();
    }

    static int day(Instant instant) {
        return (int) instant.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }

    static StoredEvent stored(ResultSet row, Map<Integer, String> sources) throws SQLException {
        return new StoredEvent(event(row, sources), Columns.instant(row.getLong(12)), Columns.uuid(row.getBytes(13)));
    }

    /** By position: looking a name up costs a tenth of a scan. */
    private static Event event(ResultSet row, Map<Integer, String> sources) throws SQLException {
        return new Event(
                EventId.ofKey(row.getBytes(1), row.getString(2)),
                requireNonNull(sources.get(row.getInt(3))),
                row.getString(4),
                Columns.instant(row.getLong(5)),
                Columns.decimal(row.getString(6)),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                Properties.ofCanonicalJson(row.getString(11)));
    }

    @Override
    public Optional<StoredReceipt> receipt(OrgScope scope, UUID id) {
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(receipt)
                        .bind("org", scope.org().value())
                        .bind("id", Columns.bytes(id))
                        .map((row, context) -> receipt(row))
                        .findOne());
    }

    static StoredReceipt receipt(ResultSet row) throws SQLException {
        return new StoredReceipt(
                Columns.uuid(row.getBytes("id")),
                row.getString("source"),
                row.getLong("received"),
                row.getLong("accepted"),
                row.getLong("duplicates"),
                row.getLong("conflicts"),
                row.getLong("rejected"),
                row.getInt("complete") == 1,
                row.getString("json"));
    }

    /** The org is not there: nobody created it. */
    static SmartDataException unknownOrg() {
        return new SmartDataException(
                "unknown_org", "This org has no data here. Nothing was stored. Create it first, or check its name.");
    }
}

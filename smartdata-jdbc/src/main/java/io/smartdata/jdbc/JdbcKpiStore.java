package io.smartdata.jdbc;

import io.smartdata.audit.AuditEntry;
import io.smartdata.event.Event;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.Backlog;
import io.smartdata.storage.Compaction;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiRebuild;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.StateMerge;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.SystemScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Cells and deltas in tables. */
final class JdbcKpiStore implements KpiStore {
    /** Jumps from org to org along the index: the database knows no faster way to say which values a column has. */
    private static final String UNCOMPACTED = """
            WITH RECURSIVE found (org_id) AS (
                SELECT MIN(org_id) FROM #kpi_delta WHERE org_id > :after
                UNION ALL
                SELECT (SELECT MIN(d.org_id) FROM #kpi_delta d WHERE d.org_id > found.org_id) FROM found
                WHERE found.org_id IS NOT NULL)
            SELECT org_id FROM found WHERE org_id IS NOT NULL LIMIT :limit
            """;

    /** Families of cells and of deltas, found the same way. */
    private static final String FAMILIES = """
            WITH RECURSIVE in_cells (family) AS (
                SELECT MIN(c.family) FROM #kpi_cell c WHERE c.org_id = :org AND c.generation = :generation
                UNION ALL
                SELECT (SELECT MIN(c.family) FROM #kpi_cell c
                    WHERE c.org_id = :org AND c.generation = :generation AND c.family > f.family)
                FROM in_cells f WHERE f.family IS NOT NULL),
            in_deltas (family) AS (
                SELECT MIN(d.family) FROM #kpi_delta d WHERE d.org_id = :org AND d.generation = :generation
                UNION ALL
                SELECT (SELECT MIN(d.family) FROM #kpi_delta d
                    WHERE d.org_id = :org AND d.generation = :generation AND d.family > f.family)
                FROM in_deltas f WHERE f.family IS NOT NULL)
            """;

    private static final String STATES = """
            SELECT family, bucket, source, dimension, state FROM #kpi_cell WHERE %1$s
            UNION ALL
            SELECT family, bucket, source, dimension, state FROM #kpi_delta WHERE %1$s
            ORDER BY 1, 2, 3, 4
            """;

    /** Family by family, since the index has the bucket after the family. */
    private static final String STATES_OF_ALL = FAMILIES + """
            SELECT s.family, s.bucket, s.source, s.dimension, s.state FROM in_cells f CROSS JOIN #kpi_cell s
            WHERE s.family = f.family AND %1$s
            UNION ALL
            SELECT s.family, s.bucket, s.source, s.dimension, s.state FROM in_deltas f CROSS JOIN #kpi_delta s
            WHERE s.family = f.family AND %1$s
            ORDER BY 1, 2, 3, 4
            """;

    private static final String ACTIVITY = """
            SELECT bucket, source FROM #kpi_cell WHERE %1$s
            UNION
            SELECT bucket, source FROM #kpi_delta WHERE %1$s
            """;

    private static final String ACTIVITY_OF_ALL = FAMILIES + """
            SELECT s.bucket, s.source FROM in_cells f CROSS JOIN #kpi_cell s WHERE s.family = f.family AND %1$s
            UNION
            SELECT s.bucket, s.source FROM in_deltas f CROSS JOIN #kpi_delta s WHERE s.family = f.family AND %1$s
            """;

    /** First and last bucket. */
    private static final String BUCKETS = """
            SELECT MIN(first_bucket), MAX(last_bucket) FROM (
                SELECT (SELECT MIN(c.bucket) FROM #kpi_cell c
                        WHERE c.org_id = :org AND c.generation = :generation AND c.family = f.family) AS first_bucket,
                    (SELECT MAX(c.bucket) FROM #kpi_cell c
                        WHERE c.org_id = :org AND c.generation = :generation AND c.family = f.family) AS last_bucket
                FROM in_cells f
                UNION ALL
                SELECT (SELECT MIN(d.bucket) FROM #kpi_delta d
                        WHERE d.org_id = :org AND d.generation = :generation AND d.family = f.family),
                    (SELECT MAX(d.bucket) FROM #kpi_delta d
                        WHERE d.org_id = :org AND d.generation = :generation AND d.family = f.family)
                FROM in_deltas f) buckets
            """;

    /**
     * Reads the whole queue: a million rows take PostgreSQL a tenth of a second, while an index by age costs every ingest a
     * seventh of what its deltas cost and compaction twice its deletes.
     */
    private static final String BACKLOG = """
            SELECT COUNT(*), MIN(added_at) FROM (SELECT MIN(added_at) AS added_at FROM #kpi_delta %s GROUP BY delta_id) batch
            """;

    private final Database database;
    private final Dialect dialect;
    private final JdbcEventStore events;
    private final KpiCompaction compaction;
    private final String uncompacted;

    JdbcKpiStore(Database database, JdbcEventStore events) {
        this.database = database;
        this.dialect = database.dialect();
        this.events = events;
        this.compaction = new KpiCompaction(dialect);
        this.uncompacted = dialect.tables(UNCOMPACTED);
    }

    @Override
    public <R> R snapshot(OrgScope scope, Function<KpiSnapshot, R> work) {
        return database.read(Actor.of(scope), handle -> {
            dialect.holdEvents(handle);
            long freshAsOf = begun(handle, dialect);
            return work.apply(new Snapshot(handle, scope, settings(handle, scope), freshAsOf, dialect, events));
        });
    }

    @Override
    public <R> R rebuild(OrgScope scope, Function<KpiRebuild, R> work) {
        return database.writeSnapshot(Actor.of(scope), handle -> {
            dialect.holdEvents(handle);
            long freshAsOf = begun(handle, dialect);
            takeGuard(handle, dialect, scope.org());
            return work.apply(new Rebuild(handle, scope, settings(handle, scope), freshAsOf, dialect, events));
        });
    }

    /** Comes first in a transaction: whatever is committed later may be missing from its snapshot. */
    static long begun(Handle handle, Dialect dialect) {
        return handle.createQuery("SELECT " + dialect.begun()).mapTo(Long.class).one();
    }

    /** Excludes compaction, rebuild and activation of the same org in any process until the commit. */
    static void takeGuard(Handle handle, Dialect dialect, OrgId org) {
        handle.createUpdate(dialect.tables("UPDATE #guard SET turn = turn + 1 WHERE org_id = :org"))
                .bind("org", org.value())
                .execute();
    }

    private OrgSettings settings(Handle handle, OrgScope scope) {
        return JdbcOrgStore.find(handle, dialect, scope.org(), "").orElseThrow(JdbcEventStore::unknownOrg);
    }

    @Override
    public Compaction compact(OrgScope scope, int rows, long bytes, StateMerge merge) {
        return database.writeSnapshot(
                Actor.repeating(scope),
                handle -> JdbcOrgStore.find(handle, dialect, scope.org(), "")
                        .map(org -> compaction.run(handle, org, rows, bytes, merge))
                        .orElse(new Compaction(0, Compaction.End.NOTHING_LEFT)));
    }

    @Override
    public List<OrgId> uncompacted(SystemScope system, @Nullable OrgId after, int limit) {
        return database.read(
                Actor.of(system),
                handle -> handle.createQuery(uncompacted)
                        .bind("after", after == null ? "" : after.value())
                        .bind("limit", limit)
                        .map((row, context) -> OrgId.of(row.getString(1)))
                        .list());
    }

    @Override
    public Backlog backlog(OrgScope scope) {
        return database.read(
                Actor.of(scope),
                handle -> backlog(
                        handle,
                        BACKLOG.formatted("WHERE org_id = :org"),
                        query -> query.bind("org", scope.org().value())));
    }

    @Override
    public Backlog backlog(SystemScope system) {
        return database.read(Actor.of(system), handle -> backlog(handle, BACKLOG.formatted(""), query -> query));
    }

    /** The clock is read after the queue, so no delta is younger than the answer. */
    private Backlog backlog(Handle handle, String sql, UnaryOperator<Query> binding) {
        Oldest oldest = binding.apply(handle.createQuery(dialect.tables(sql)))
                .map((row, context) -> new Oldest(row.getLong(1), row.getLong(2)))
                .one();
        Instant asOf = Columns.instant(
                handle.createQuery("SELECT " + dialect.now()).mapTo(Long.class).one());
        return oldest.batches() == 0
                ? Backlog.none(asOf)
                : new Backlog(oldest.batches(), Columns.instant(oldest.addedAt()), asOf);
    }

    private record Oldest(long batches, long addedAt) {}

    static void putCells(Handle handle, Dialect dialect, OrgId org, long generation, List<KpiDelta> cells) {
        if (cells.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                        INSERT INTO #kpi_cell (org_id, generation, family, bucket, source, dimension, state)
                        VALUES (:org, :generation, :family, :bucket, :source, :dimension, :state)
                        ON CONFLICT (org_id, generation, family, bucket, source, dimension) DO UPDATE SET state = excluded.state
                        """));
        cells.forEach(cell -> bind(batch, org, generation, cell.key())
                .bind("state", cell.state())
                .add());
        batch.execute();
    }

    static <S extends SqlStatement<S>> S bind(S statement, OrgId org, long generation, CellKey key) {
        return statement
                .bind("org", org.value())
                .bind("generation", generation)
                .bind("family", key.family())
                .bind("bucket", key.bucket())
                .bind("source", key.source())
                .bind("dimension", key.dimension());
    }

    /** The key in the first four columns. */
    static CellKey key(ResultSet row) throws SQLException {
        return new CellKey(row.getString(1), row.getString(2), row.getString(3), row.getString(4));
    }

    /** Reads on one connection in one transaction. */
    static class Snapshot implements KpiSnapshot {
        final Handle handle;
        final OrgScope scope;
        final OrgSettings org;
        final Dialect dialect;
        private final JdbcEventStore events;
        private final long freshAsOf;

        Snapshot(
                Handle handle,
                OrgScope scope,
                OrgSettings org,
                long freshAsOf,
                Dialect dialect,
                JdbcEventStore events) {
            this.handle = handle;
            this.scope = scope;
            this.org = org;
            this.dialect = dialect;
            this.events = events;
            this.freshAsOf = freshAsOf;
        }

        @Override
        public OrgSettings org() {
            return org;
        }

        @Override
        public Instant dataFreshAsOf() {
            return Columns.instant(freshAsOf);
        }

        @Override
        public List<StoredDefinition> definitions() {
            return JdbcOrgStore.definitions(handle, dialect, scope.org(), org.generation());
        }

        @Override
        public void states(CellRange range, Consumer<KpiDelta> sink) {
            String sql = range.family() == null ? STATES_OF_ALL : STATES;
            try (Query query = handle.createQuery(dialect.tables(sql.formatted(where(range))))) {
                bindRange(query.setFetchSize(dialect.fetchSize()), range)
                        .map((row, context) -> new KpiDelta(key(row), row.getBytes(5)))
                        .forEach(sink);
            }
        }

        @Override
        public void activity(CellRange range, BiConsumer<String, String> sink) {
            String sql = range.family() == null ? ACTIVITY_OF_ALL : ACTIVITY;
            try (Query query = handle.createQuery(dialect.tables(sql.formatted(where(range))))) {
                bindRange(query.setFetchSize(dialect.fetchSize()), range)
                        .map((row, context) -> new Activity(row.getString(1), row.getString(2)))
                        .forEach(active -> sink.accept(active.bucket(), active.source()));
            }
        }

        private record Activity(String bucket, String source) {}

        @Override
        public Set<String> families() {
            return ofGeneration(FAMILIES + """
                    SELECT family FROM in_cells WHERE family IS NOT NULL
                    UNION
                    SELECT family FROM in_deltas WHERE family IS NOT NULL
                    """).mapTo(String.class).set();
        }

        @Override
        public CellRange span() {
            Optional<CellRange> states = ofGeneration(FAMILIES + BUCKETS)
                    .map((row, context) -> row.getString(1) == null
                            ? null
                            : CellRange.days(
                                    dayOf(row.getString(1)),
                                    dayOf(row.getString(2)).plusDays(1)))
                    .findOne();
            Optional<CellRange> raw = events.span(handle, scope);
            return Stream.concat(states.stream(), raw.stream())
                    .reduce((a, b) -> CellRange.days(
                            a.from().isBefore(b.from()) ? a.from() : b.from(),
                            a.to().isAfter(b.to()) ? a.to() : b.to()))
                    .orElse(CellRange.days(CellRange.FIRST_DAY, CellRange.FIRST_DAY));
        }

        private static LocalDate dayOf(String bucket) {
            return LocalDate.parse(bucket.substring(0, "yyyy-MM-dd".length()));
        }

        private Query ofGeneration(String sql) {
            return handle.createQuery(dialect.tables(sql))
                    .bind("org", scope.org().value())
                    .bind("generation", org.generation());
        }

        static String where(CellRange range) {
            return "org_id = :org AND generation = :generation AND bucket >= :from AND bucket < :to"
                    + (range.family() == null ? "" : " AND family = :family")
                    + (range.source() == null ? "" : " AND source = :source");
        }

        <S extends SqlStatement<S>> S bindRange(S statement, CellRange range) {
            statement
                    .bind("org", scope.org().value())
                    .bind("generation", org.generation())
                    .bind("from", range.fromBucket())
                    .bind("to", range.toBucket());
            if (range.family() != null) {
                statement.bind("family", range.family());
            }
            if (range.source() != null) {
                statement.bind("source", range.source());
            }
            return statement;
        }

        @Override
        public void events(EventRange range, Consumer<Event> sink) {
            events.events(handle, scope, range, sink);
        }

        @Override
        public EventPage page(EventPageQuery query) {
            return events.page(handle, scope, query);
        }
    }

    /** A snapshot that may replace cells. */
    static final class Rebuild extends Snapshot implements KpiRebuild {
        Rebuild(
                Handle handle,
                OrgScope scope,
                OrgSettings org,
                long freshAsOf,
                Dialect dialect,
                JdbcEventStore events) {
            super(handle, scope, org, freshAsOf, dialect, events);
        }

        @Override
        public void replace(CellRange range, List<KpiDelta> cells) {
            for (String table : List.of("#kpi_delta", "#kpi_cell")) {
                bindRange(handle.createUpdate(dialect.tables("DELETE FROM " + table + " WHERE " + where(range))), range)
                        .execute();
            }
            putCells(handle, dialect, scope.org(), org.generation(), cells);
        }

        @Override
        public void audit(AuditEntry entry) {
            JdbcAuditStore.insert(handle, dialect, scope.org(), scope.caller(), entry);
        }
    }
}

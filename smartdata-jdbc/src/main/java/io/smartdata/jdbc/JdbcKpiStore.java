package io.smartdata.jdbc;

import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiRebuild;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.StateMerge;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/** Cells and deltas in tables. */
final class JdbcKpiStore implements KpiStore {
    private static final String KEY = "family, bucket, source, dimension";
    private static final String OF_KEY = """
            org_id = :org AND generation = :generation AND family = :family AND bucket = :bucket AND source = :source
                AND dimension = :dimension
            """;

    private final Database database;
    private final Dialect dialect;
    private final JdbcEventStore events;

    JdbcKpiStore(Database database, JdbcEventStore events) {
        this.database = database;
        this.dialect = database.dialect();
        this.events = events;
    }

    @Override
    public <R> R snapshot(OrgScope scope, Function<KpiSnapshot, R> work) {
        return database.read(handle -> {
            long freshAsOf = begun(handle, dialect);
            return work.apply(new Snapshot(handle, scope, settings(handle, scope), freshAsOf, dialect, events));
        });
    }

    @Override
    public <R> R rebuild(OrgScope scope, Function<KpiRebuild, R> work) {
        return database.writeSnapshot(handle -> {
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
    public int compact(OrgScope scope, int limit, StateMerge merge) {
        return database.writeSnapshot(handle -> {
            takeGuard(handle, dialect, scope.org());
            Optional<OrgSettings> org = JdbcOrgStore.find(handle, dialect, scope.org(), "");
            return org.isEmpty() ? 0 : compact(handle, org.get(), limit, merge);
        });
    }

    /** A delta row with what identifies it. */
    private record DeltaRow(KpiDelta delta, byte[] id) {}

    private int compact(Handle handle, OrgSettings org, int limit, StateMerge merge) {
        List<DeltaRow> taken = handle.createQuery(dialect.tables("SELECT " + KEY
                        + ", delta_id, state FROM #kpi_delta WHERE org_id = :org AND generation = :generation ORDER BY "
                        + KEY
                        + " LIMIT :limit"))
                .bind("org", org.org().value())
                .bind("generation", org.generation())
                .bind("limit", limit)
                .map((row, context) -> new DeltaRow(delta(row), row.getBytes("delta_id")))
                .list();
        Map<CellKey, List<byte[]>> states = new TreeMap<>();
        taken.forEach(row -> states.computeIfAbsent(row.delta().key(), key -> new ArrayList<>())
                .add(row.delta().state()));
        if (taken.isEmpty()) {
            return 0;
        }
        List<KpiDelta> cells = new ArrayList<>(states.size());
        try (Query cell = handle.createQuery(dialect.tables("SELECT state FROM #kpi_cell WHERE " + OF_KEY))) {
            states.forEach((key, added) -> {
                bind(cell, org.org(), org.generation(), key)
                        .map((row, context) -> row.getBytes(1))
                        .findOne()
                        .ifPresent(added::add);
                cells.add(new KpiDelta(key, merge.merge(key.family(), added)));
            });
        }
        putCells(handle, dialect, org.org(), org.generation(), cells);
        delete(handle, org, taken);
        return taken.size();
    }

    private void delete(Handle handle, OrgSettings org, List<DeltaRow> rows) {
        PreparedBatch batch = handle.prepareBatch(
                dialect.tables("DELETE FROM #kpi_delta WHERE " + OF_KEY + " AND delta_id = :delta"));
        rows.forEach(row -> bind(batch, org.org(), org.generation(), row.delta().key())
                .bind("delta", row.id())
                .add());
        batch.execute();
    }

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

    private static KpiDelta delta(ResultSet row) throws SQLException {
        CellKey key = new CellKey(
                row.getString("family"), row.getString("bucket"), row.getString("source"), row.getString("dimension"));
        return new KpiDelta(key, row.getBytes("state"));
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
            String where = where(range);
            String sql = dialect.tables("""
                    SELECT family, bucket, source, dimension, state FROM #kpi_cell WHERE %1$s
                    UNION ALL
                    SELECT family, bucket, source, dimension, state FROM #kpi_delta WHERE %1$s
                    ORDER BY 1, 2, 3, 4
                    """.formatted(where));
            try (Query query = handle.createQuery(sql)) {
                bindRange(query.setFetchSize(dialect.fetchSize()), range)
                        .map((row, context) -> delta(row))
                        .forEach(sink);
            }
        }

        @Override
        public Set<String> families() {
            String sql = """
                    SELECT DISTINCT family FROM #kpi_cell WHERE org_id = :org AND generation = :generation
                    UNION
                    SELECT DISTINCT family FROM #kpi_delta WHERE org_id = :org AND generation = :generation
                    """;
            return handle.createQuery(dialect.tables(sql))
                    .bind("org", scope.org().value())
                    .bind("generation", org.generation())
                    .mapTo(String.class)
                    .set();
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
        public void events(EventRange range, Consumer<StoredEvent> sink) {
            events.scan(handle, scope, range, sink);
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
    }
}

package io.smartdata.jdbc;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.audit.AuditEntry;
import io.smartdata.forecast.Reliability;
import io.smartdata.storage.AnomalyQuery;
import io.smartdata.storage.DerivedAnswer;
import io.smartdata.storage.FoundAnomalies;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.StoredModel;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Anomalies and forecasts in tables. */
final class JdbcResultStore implements ResultStore {
    private static final String OF_SERIES =
            "org_id = :org AND kpi = :kpi AND source = :source AND dimension = :dimension";
    private static final String SERIES = "(kpi, source, dimension)";

    private final Database database;
    private final Dialect dialect;

    JdbcResultStore(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    @Override
    public void replaceAnomalies(OrgScope scope, LocalDate from, LocalDate to, List<FoundAnomalies> found) {
        if (found.isEmpty()) {
            return;
        }
        database.write(Actor.of(scope), handle -> {
            PreparedBatch delete = handle.prepareBatch(dialect.tables(
                    "DELETE FROM #anomaly WHERE " + OF_SERIES + " AND bucket >= :from AND bucket < :to"));
            found.forEach(it -> bind(delete, scope, it.series())
                    .bind("from", from.toString())
                    .bind("to", to.toString())
                    .add());
            delete.execute();
            insert(
                    handle,
                    scope,
                    found.stream().flatMap(it -> it.anomalies().stream()).toList());
            remember(handle, scope, found);
            derived(handle, scope, found);
            return true;
        });
    }

    private void remember(Handle handle, OrgScope scope, List<FoundAnomalies> found) {
        PreparedBatch put = handle.prepareBatch(dialect.tables("""
                        INSERT INTO #detector_memory (org_id, kpi, source, dimension, basis, day, state)
                        VALUES (:org, :kpi, :source, :dimension, :basis, :day, :state)
                        ON CONFLICT (org_id, kpi, source, dimension)
                            DO UPDATE SET basis = excluded.basis, day = excluded.day, state = excluded.state
                        """));
        for (FoundAnomalies it : found) {
            FoundAnomalies.Memory memory = it.memory();
            if (memory != null) {
                bind(put, scope, it.series())
                        .bind("basis", memory.basis())
                        .bind("day", memory.day().toString())
                        .bind("state", memory.state())
                        .add();
            }
        }
        if (put.size() > 0) {
            put.execute();
        }
    }

    /** Series by series: that is how the index is asked, and a list of keys would need another statement for each length. */
    @Override
    public Map<SeriesKey, FoundAnomalies.Memory> memories(OrgScope scope, Collection<SeriesKey> series) {
        String sql = dialect.tables("SELECT basis, day, state FROM #detector_memory WHERE " + OF_SERIES);
        return database.read(Actor.of(scope), handle -> {
            Map<SeriesKey, FoundAnomalies.Memory> memories = new HashMap<>();
            for (SeriesKey one : series) {
                bind(handle.createQuery(sql), scope, one)
                        .map((row, context) -> new FoundAnomalies.Memory(
                                row.getString("basis"), LocalDate.parse(row.getString("day")), row.getBytes("state")))
                        .findOne()
                        .ifPresent(memory -> memories.put(one, memory));
            }
            return memories;
        });
    }

    /** In the transaction that replaces the answer, so that the two always belong together. */
    private void derived(Handle handle, OrgScope scope, List<FoundAnomalies> found) {
        PreparedBatch put = handle.prepareBatch(dialect.tables("""
                        INSERT INTO #derivation (org_id, answer, kpi, source, dimension, data_fresh_as_of)
                        VALUES (:org, :answer, :kpi, :source, :dimension, :freshAsOf)
                        ON CONFLICT (org_id, answer, kpi, source, dimension)
                            DO UPDATE SET data_fresh_as_of = excluded.data_fresh_as_of
                        """));
        found.forEach(it -> bind(put, scope, it.series())
                .bind("answer", DerivedAnswer.ANOMALIES.name())
                .bind("freshAsOf", Columns.micros(it.dataFreshAsOf()))
                .add());
        put.execute();
    }

    @Override
    public void mark(OrgScope scope, List<AlertMark> marks, AuditEntry entry) {
        database.write(Actor.of(scope), handle -> {
            JdbcOrgStore.requireKnown(handle, dialect, scope.org(), dialect.forShare());
            PreparedBatch put = handle.prepareBatch(dialect.tables("""
                            INSERT INTO #alert_mark (org_id, kind, kpi, from_day, to_day, note)
                            VALUES (:org, :kind, :kpi, :from, :to, :note)
                            ON CONFLICT (org_id, kind, kpi, from_day)
                                DO UPDATE SET to_day = excluded.to_day, note = excluded.note
                            """));
            marks.forEach(mark -> put.bind("org", scope.org().value())
                    .bind("kind", mark.kind().name())
                    .bind("kpi", mark.kpi())
                    .bind("from", mark.from().toString())
                    .bind("to", mark.to().toString())
                    .bind("note", mark.note())
                    .add());
            put.execute();
            JdbcAuditStore.insert(handle, dialect, scope.org(), scope.caller(), entry);
            return true;
        });
    }

    @Override
    public boolean unmark(OrgScope scope, AlertMark.Kind kind, String kpi, LocalDate from, AuditEntry entry) {
        return database.write(Actor.of(scope), handle -> {
            int taken = handle.createUpdate(dialect.tables("""
                                    DELETE FROM #alert_mark
                                    WHERE org_id = :org AND kind = :kind AND kpi = :kpi AND from_day = :from
                                    """))
                    .bind("org", scope.org().value())
                    .bind("kind", kind.name())
                    .bind("kpi", kpi)
                    .bind("from", from.toString())
                    .execute();
            if (taken > 0) {
                JdbcAuditStore.insert(handle, dialect, scope.org(), scope.caller(), entry);
            }
            return taken > 0;
        });
    }

    @Override
    public List<AlertMark> marks(OrgScope scope) {
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(dialect.tables(
                                "SELECT * FROM #alert_mark WHERE org_id = :org ORDER BY from_day, kind, kpi"))
                        .bind("org", scope.org().value())
                        .map((row, context) -> new AlertMark(
                                AlertMark.Kind.valueOf(row.getString("kind")),
                                row.getString("kpi"),
                                LocalDate.parse(row.getString("from_day")),
                                LocalDate.parse(row.getString("to_day")),
                                row.getString("note")))
                        .list());
    }

    @Override
    public Map<DerivedAnswer, Instant> derivedAsOf(OrgScope scope) {
        return derivedAsOf(
                Actor.of(scope),
                "WHERE org_id = :org",
                query -> query.bind("org", scope.org().value()));
    }

    @Override
    public Map<DerivedAnswer, Instant> derivedAsOf(SystemScope system) {
        return derivedAsOf(Actor.of(system), "", query -> query);
    }

    private Map<DerivedAnswer, Instant> derivedAsOf(Actor actor, String where, UnaryOperator<Query> binding) {
        String sql = "SELECT answer, MIN(data_fresh_as_of) FROM #derivation " + where + " GROUP BY answer";
        return database.read(actor, handle -> {
            Map<DerivedAnswer, Instant> oldest = new EnumMap<>(DerivedAnswer.class);
            binding.apply(handle.createQuery(dialect.tables(sql)))
                    .map((row, context) ->
                            Map.entry(DerivedAnswer.valueOf(row.getString(1)), Columns.instant(row.getLong(2))))
                    .forEach(entry -> oldest.put(entry.getKey(), entry.getValue()));
            return oldest;
        });
    }

    private void insert(Handle handle, OrgScope scope, List<StoredAnomaly> anomalies) {
        if (anomalies.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                        INSERT INTO #anomaly (org_id, kpi, source, dimension, bucket, value, expected, lower_bound, upper_bound,
                            score, severity, shape, reason, detector, incident, data_fresh_as_of)
                        VALUES (:org, :kpi, :source, :dimension, :bucket, :value, :expected, :lower, :upper,
                            :score, :severity, :shape, :reason, :detector, :incident, :freshAsOf)
                        """));
        anomalies.forEach(anomaly -> bind(batch, scope, anomaly.series())
                .bind("bucket", anomaly.bucket())
                .bind("value", anomaly.value())
                .bind("expected", anomaly.expected())
                .bind("lower", anomaly.lower())
                .bind("upper", anomaly.upper())
                .bind("score", anomaly.score())
                .bind("severity", anomaly.severity())
                .bind("shape", anomaly.shape())
                .bind("reason", anomaly.reason())
                .bind("detector", anomaly.detector())
                .bind("incident", anomaly.incident())
                .bind("freshAsOf", Columns.micros(anomaly.dataFreshAsOf()))
                .add());
        batch.execute();
    }

    @Override
    public List<StoredAnomaly> anomalies(OrgScope scope, Optional<String> kpi, LocalDate from, LocalDate to) {
        String sql = "SELECT * FROM #anomaly WHERE org_id = :org AND bucket >= :from AND bucket < :to"
                + (kpi.isPresent() ? " AND kpi = :kpi" : "") + " ORDER BY kpi, source, dimension, bucket";
        return database.read(Actor.of(scope), handle -> {
            Query query = handle.createQuery(dialect.tables(sql))
                    .bind("org", scope.org().value())
                    .bind("from", from.toString())
                    .bind("to", to.toString());
            kpi.ifPresent(name -> query.bind("kpi", name));
            return query.map((row, context) -> anomaly(row)).list();
        });
    }

    @Override
    public List<StoredAnomaly> anomalies(OrgScope scope, AnomalyQuery query) {
        AnomalyQuery.Place after = query.after();
        String sql = "SELECT * FROM #anomaly WHERE org_id = :org AND bucket >= :from AND bucket < :to"
                + (query.kpi() == null ? "" : " AND kpi = :only")
                + (after == null ? "" : " AND (kpi, source, dimension, bucket) > (:kpi, :source, :dimension, :bucket)")
                + " ORDER BY kpi, source, dimension, bucket LIMIT :limit";
        return database.read(Actor.of(scope), handle -> {
            Query page = handle.createQuery(dialect.tables(sql))
                    .bind("org", scope.org().value())
                    .bind("from", query.from().toString())
                    .bind("to", query.to().toString())
                    .bind("limit", query.limit());
            if (query.kpi() != null) {
                page.bind("only", query.kpi());
            }
            if (after != null) {
                bind(page, scope, after.series()).bind("bucket", after.bucket());
            }
            return page.map((row, context) -> anomaly(row)).list();
        });
    }

    private static StoredAnomaly anomaly(ResultSet row) throws SQLException {
        return new StoredAnomaly(
                series(row),
                row.getString("bucket"),
                row.getDouble("value"),
                row.getDouble("expected"),
                row.getDouble("lower_bound"),
                row.getDouble("upper_bound"),
                row.getDouble("score"),
                row.getString("severity"),
                row.getString("shape"),
                row.getString("reason"),
                row.getString("detector"),
                row.getString("incident"),
                Columns.instant(row.getLong("data_fresh_as_of")));
    }

    @Override
    public void replaceForecast(OrgScope scope, StoredForecast forecast, StoredModel model, Reliability reliability) {
        if (!forecast.series().equals(model.series()) || !forecast.learntAt().equals(model.learntAt())) {
            throw new IllegalArgumentException("The forecast is of another model than " + model.series());
        }
        database.write(Actor.of(scope), handle -> {
            new ForecastTables(handle, dialect, scope.org()).replace(forecast, model, reliability);
            return true;
        });
    }

    @Override
    public int updateForecasts(OrgScope scope, List<StoredForecast> forecasts) {
        return database.write(
                Actor.of(scope), handle -> new ForecastTables(handle, dialect, scope.org()).update(forecasts));
    }

    @Override
    public Set<SeriesKey> modelled(OrgScope scope, String basis, Instant since) {
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(dialect.tables("""
                                SELECT kpi, source, dimension FROM #forecast_model
                                WHERE org_id = :org AND basis = :basis AND learnt_at >= :since
                                """))
                        .bind("org", scope.org().value())
                        .bind("basis", basis)
                        .bind("since", Columns.micros(since))
                        .map((row, context) -> series(row))
                        .set());
    }

    @Override
    public List<StoredModel> models(OrgScope scope, Collection<SeriesKey> series) {
        return database.read(
                Actor.of(scope), handle -> new ForecastTables(handle, dialect, scope.org()).models(series));
    }

    @Override
    public Optional<Reliability> reliability(OrgScope scope, SeriesKey series) {
        return database.read(Actor.of(scope), handle -> {
            List<ForecastTables.ReliabilityRow> rows = bind(
                            handle.createQuery(
                                    dialect.tables("SELECT * FROM #reliability WHERE " + OF_SERIES + " ORDER BY fold")),
                            scope,
                            series)
                    .map((row, context) -> ForecastTables.ReliabilityRow.of(row))
                    .list();
            return rows.isEmpty() ? Optional.empty() : Optional.of(ForecastTables.reliability(rows));
        });
    }

    @Override
    public Optional<StoredForecast> forecast(OrgScope scope, SeriesKey series) {
        return forecasts(scope, OF_SERIES, statement -> bind(statement, scope, series)).stream()
                .findFirst();
    }

    @Override
    public List<StoredForecast> forecasts(OrgScope scope) {
        return forecasts(
                scope,
                "org_id = :org",
                statement -> statement.bind("org", scope.org().value()));
    }

    @Override
    public List<StoredForecast> forecasts(OrgScope scope, @Nullable SeriesKey after, int limit) {
        return database.read(Actor.of(scope), handle -> {
            String where = "org_id = :org" + (after == null ? "" : " AND " + SERIES + " > (:kpi, :source, :dimension)");
            List<SeriesKey> page = bindAfter(
                            handle.createQuery(dialect.tables("SELECT kpi, source, dimension FROM #forecast WHERE "
                                            + where + " ORDER BY kpi, source, dimension LIMIT :limit"))
                                    .bind("limit", limit),
                            scope,
                            after)
                    .map((row, context) -> series(row))
                    .list();
            if (page.isEmpty()) {
                return List.of();
            }
            SeriesKey last = page.get(page.size() - 1);
            return forecasts(
                    handle,
                    where + " AND " + SERIES + " <= (:lastKpi, :lastSource, :lastDimension)",
                    statement -> bindAfter(statement, scope, after)
                            .bind("lastKpi", last.kpi())
                            .bind("lastSource", last.source())
                            .bind("lastDimension", last.dimension()));
        });
    }

    private static Query bindAfter(Query query, OrgScope scope, @Nullable SeriesKey after) {
        return after == null ? query.bind("org", scope.org().value()) : bind(query, scope, after);
    }

    private List<StoredForecast> forecasts(OrgScope scope, String where, UnaryOperator<Query> binding) {
        return database.read(Actor.of(scope), handle -> forecasts(handle, where, binding));
    }

    /** Two statements, however many forecasts there are. */
    private List<StoredForecast> forecasts(Handle handle, String where, UnaryOperator<Query> binding) {
        Map<SeriesKey, List<StoredForecast.Point>> points = new HashMap<>();
        binding.apply(handle.createQuery(dialect.tables("SELECT * FROM #forecast_point WHERE " + where
                                + " ORDER BY kpi, source, dimension, step"))
                        .setFetchSize(dialect.fetchSize()))
                .map((row, context) -> Map.entry(series(row), point(row)))
                .forEach(entry -> points.computeIfAbsent(entry.getKey(), series -> new ArrayList<>())
                        .add(entry.getValue()));
        return binding.apply(handle.createQuery(
                        dialect.tables("SELECT * FROM #forecast WHERE " + where + " ORDER BY kpi, source, dimension")))
                .map((row, context) -> forecast(row, points.getOrDefault(series(row), List.of())))
                .list();
    }

    private static StoredForecast forecast(ResultSet row, List<StoredForecast.Point> points) throws SQLException {
        int score = row.getInt("reliability_score");
        Integer known = row.wasNull() ? null : score;
        return new StoredForecast(
                series(row),
                row.getString("model"),
                row.getString("fallback_reason"),
                known,
                row.getString("grade"),
                Columns.instant(row.getLong("learnt_at")),
                Columns.instant(row.getLong("data_fresh_as_of")),
                points);
    }

    private static StoredForecast.Point point(ResultSet row) throws SQLException {
        return new StoredForecast.Point(
                row.getString("bucket"),
                row.getDouble("mean"),
                row.getDouble("lower_80"),
                row.getDouble("upper_80"),
                row.getDouble("lower_95"),
                row.getDouble("upper_95"));
    }

    static SeriesKey series(ResultSet row) throws SQLException {
        return new SeriesKey(row.getString("kpi"), row.getString("source"), row.getString("dimension"));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, OrgScope scope, SeriesKey series) {
        return statement
                .bind("org", scope.org().value())
                .bind("kpi", series.kpi())
                .bind("source", series.source())
                .bind("dimension", series.dimension());
    }
}

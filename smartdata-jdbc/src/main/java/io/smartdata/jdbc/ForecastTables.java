package io.smartdata.jdbc;

import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.Reliability;
import io.smartdata.series.TimeSeries;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.StoredModel;
import io.smartdata.tenancy.OrgId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes forecasts, the models behind them and how good these have been. Thousands of series go through in one transaction,
 * so statements are prepared once and bound by position.
 */
final class ForecastTables {
    private static final String OF_SERIES = " WHERE org_id = ? AND kpi = ? AND source = ? AND dimension = ?";
    private static final int KEY = 4;

    private static final String PUT_FORECAST = """
            INSERT INTO #forecast (org_id, kpi, source, dimension, model, fallback_reason, reliability_score, grade,
                data_fresh_as_of, learnt_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, kpi, source, dimension) DO UPDATE SET model = excluded.model,
                fallback_reason = excluded.fallback_reason, reliability_score = excluded.reliability_score,
                grade = excluded.grade, data_fresh_as_of = excluded.data_fresh_as_of, learnt_at = excluded.learnt_at
            """;

    /** The moment of learning decides whether the forecast is still that of the model in force. */
    private static final String UPDATE_FORECAST = """
            UPDATE #forecast SET model = ?, fallback_reason = ?, reliability_score = ?, grade = ?, data_fresh_as_of = ?
            """ + OF_SERIES + " AND learnt_at = ?";

    private static final String INSERT_MODEL = """
            INSERT INTO #forecast_model (org_id, kpi, source, dimension, spec, basis, document, reliability_score, learnt_at,
                history_start, history_step, history_unit, history_zone, history)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String INSERT_RELIABILITY = """
            INSERT INTO #reliability (org_id, kpi, source, dimension, fold, model, horizon, score, trained_until,
                training_size, points, mae, rmse, bias, smape, wape, mape, mase, coverage)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String PUT_DERIVATION = """
            INSERT INTO #derivation (org_id, answer, kpi, source, dimension, data_fresh_as_of)
            VALUES (?, 'FORECASTS', ?, ?, ?, ?)
            ON CONFLICT (org_id, answer, kpi, source, dimension)
                DO UPDATE SET data_fresh_as_of = excluded.data_fresh_as_of
            """;

    static final String INSERT_POINT = """
            INSERT INTO #forecast_point (org_id, kpi, source, dimension, step, bucket, mean, lower_80, upper_80, lower_95,
                upper_95)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final Handle handle;
    private final Dialect dialect;
    private final OrgId org;

    /** For the transaction of {@code handle}. */
    ForecastTables(Handle handle, Dialect dialect, OrgId org) {
        this.handle = handle;
        this.dialect = dialect;
        this.org = org;
    }

    /** The forecast's row comes first: whoever else learns from the series or updates it waits there. */
    void replace(StoredForecast forecast, StoredModel model, Reliability reliability) throws SQLException {
        each(PUT_FORECAST, List.of(forecast), (statement, it) -> {
            int next = describe(it, statement, key(statement, 1, it.series()));
            statement.setLong(next, Columns.micros(it.learntAt()));
        });
        for (String table : List.of("#forecast_model", "#reliability")) {
            each("DELETE FROM " + table + OF_SERIES, List.of(model.series()), (statement, it) -> key(statement, 1, it));
        }
        each(INSERT_MODEL, List.of(model), ForecastTables.this::model);
        insert(model.series(), reliability);
        replacePoints(List.of(forecast));
    }

    /** @return how many have a model that is still in force */
    int update(List<StoredForecast> forecasts) throws SQLException {
        int[] changed = each(UPDATE_FORECAST, forecasts, (statement, it) -> {
            int next = key(statement, describe(it, statement, 1), it.series());
            statement.setLong(next, Columns.micros(it.learntAt()));
        });
        List<StoredForecast> current = new ArrayList<>();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] == 1) {
                current.add(forecasts.get(i));
            }
        }
        replacePoints(current);
        return current.size();
    }

    private static int describe(StoredForecast forecast, PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, forecast.model());
        statement.setString(first + 1, forecast.fallbackReason());
        statement.setObject(first + 2, forecast.reliabilityScore(), Types.INTEGER);
        statement.setString(first + 3, forecast.grade());
        statement.setLong(first + 4, Columns.micros(forecast.dataFreshAsOf()));
        return first + 5;
    }

    private void replacePoints(List<StoredForecast> forecasts) throws SQLException {
        each("DELETE FROM #forecast_point" + OF_SERIES, forecasts, (statement, it) -> key(statement, 1, it.series()));
        dialect.insertForecastPoints(handle, org, forecasts);
        each(PUT_DERIVATION, forecasts, (statement, it) -> {
            statement.setString(1, org.value());
            series(statement, 2, it.series());
            statement.setLong(5, Columns.micros(it.dataFreshAsOf()));
        });
    }

    /** One row after the other, where the database has no quicker way. */
    static void insertPoints(Handle handle, Dialect dialect, OrgId org, List<StoredForecast> forecasts)
            throws SQLException {
        try (PreparedStatement insert = handle.getConnection().prepareStatement(dialect.tables(INSERT_POINT))) {
            insert.setString(1, org.value());
            for (StoredForecast forecast : forecasts) {
                series(insert, 2, forecast.series());
                int step = 0;
                for (StoredForecast.Point point : forecast.points()) {
                    insert.setInt(5, ++step);
                    insert.setString(6, point.bucket());
                    insert.setDouble(7, point.mean());
                    insert.setDouble(8, point.lower80());
                    insert.setDouble(9, point.upper80());
                    insert.setDouble(10, point.lower95());
                    insert.setDouble(11, point.upper95());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private void model(PreparedStatement statement, StoredModel model) throws SQLException {
        int next = key(statement, 1, model.series());
        TimeSeries history = model.history();
        statement.setString(next, model.spec());
        statement.setString(next + 1, model.basis());
        statement.setString(next + 2, model.document());
        statement.setObject(next + 3, model.reliabilityScore(), Types.INTEGER);
        statement.setLong(next + 4, Columns.micros(model.learntAt()));
        statement.setString(next + 5, history.start().toString());
        statement.setLong(next + 6, history.step());
        statement.setString(next + 7, history.unit().name());
        statement.setString(next + 8, history.zone().getId());
        statement.setBytes(next + 9, bytes(history.values()));
    }

    private static byte[] bytes(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    /** Key by key: that is how the index is asked, and a list of keys would need another statement for each length. */
    List<StoredModel> models(Collection<SeriesKey> wanted) throws SQLException {
        List<StoredModel> found = new ArrayList<>(wanted.size());
        String sql = dialect.tables("SELECT * FROM #forecast_model" + OF_SERIES);
        try (PreparedStatement query = handle.getConnection().prepareStatement(sql)) {
            for (SeriesKey series : wanted) {
                key(query, 1, series);
                try (ResultSet row = query.executeQuery()) {
                    if (row.next()) {
                        found.add(model(row));
                    }
                }
            }
        }
        return found;
    }

    private static StoredModel model(ResultSet row) throws SQLException {
        int score = row.getInt("reliability_score");
        Integer known = row.wasNull() ? null : score;
        return new StoredModel(
                JdbcResultStore.series(row),
                row.getString("spec"),
                row.getString("basis"),
                row.getString("document"),
                known,
                Columns.instant(row.getLong("learnt_at")),
                TimeSeries.of(
                        LocalDateTime.parse(row.getString("history_start")),
                        row.getLong("history_step"),
                        ChronoUnit.valueOf(row.getString("history_unit")),
                        ZoneId.of(row.getString("history_zone")),
                        values(row.getBytes("history"))));
    }

    private static double[] values(byte[] bytes) {
        double[] values = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
        return values;
    }

    /** Fold 0 is the total, which is there even if nothing could be judged. */
    private void insert(SeriesKey series, Reliability reliability) throws SQLException {
        try (PreparedStatement insert = handle.getConnection().prepareStatement(dialect.tables(INSERT_RELIABILITY))) {
            total(insert, key(insert, 1, series), reliability);
            insert.addBatch();
            int number = 0;
            for (Reliability.Fold fold : reliability.folds()) {
                int next = key(insert, 1, series);
                insert.setInt(next, ++number);
                insert.setString(next + 1, fold.modelId());
                insert.setInt(next + 2, reliability.horizon());
                insert.setNull(next + 3, Types.INTEGER);
                insert.setString(next + 4, fold.trainedUntil().toString());
                insert.setInt(next + 5, fold.trainingSize());
                errors(insert, next + 6, fold.errors());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void total(PreparedStatement insert, int next, Reliability reliability) throws SQLException {
        insert.setInt(next, 0);
        insert.setString(next + 1, reliability.spec());
        insert.setInt(next + 2, reliability.horizon());
        insert.setObject(next + 3, reliability.score(), Types.INTEGER);
        insert.setNull(next + 4, Types.VARCHAR);
        insert.setNull(next + 5, Types.INTEGER);
        errors(insert, next + 6, reliability.total());
    }

    private static void errors(PreparedStatement insert, int next, @Nullable ForecastErrors errors)
            throws SQLException {
        insert.setInt(next, errors == null ? 0 : errors.points());
        decimal(insert, next + 1, errors == null ? null : (Double) errors.mae());
        decimal(insert, next + 2, errors == null ? null : (Double) errors.rmse());
        decimal(insert, next + 3, errors == null ? null : (Double) errors.bias());
        decimal(insert, next + 4, errors == null ? null : (Double) errors.smape());
        decimal(insert, next + 5, errors == null ? null : errors.wape());
        decimal(insert, next + 6, errors == null ? null : errors.mape());
        decimal(insert, next + 7, errors == null ? null : errors.mase());
        decimal(insert, next + 8, errors == null ? null : errors.coverage());
    }

    private static void decimal(PreparedStatement statement, int index, @Nullable Double value) throws SQLException {
        statement.setObject(index, value, Types.DOUBLE);
    }

    /** @param rows fold 0 first */
    static Reliability reliability(List<ReliabilityRow> rows) {
        ReliabilityRow total = rows.get(0);
        List<Reliability.Fold> folds = rows.stream()
                .skip(1)
                .map(row -> new Reliability.Fold(
                        row.model(), LocalDateTime.parse(row.trainedUntil()), row.trainingSize(), known(row.errors())))
                .toList();
        return new Reliability(total.model(), total.horizon(), folds, total.errors(), total.score());
    }

    private static ForecastErrors known(@Nullable ForecastErrors errors) {
        if (errors == null) {
            throw new IllegalStateException("A fold of a stored reliability has no errors");
        }
        return errors;
    }

    /** One row of the table. */
    record ReliabilityRow(
            String model,
            int horizon,
            @Nullable Integer score,
            String trainedUntil,
            int trainingSize,
            @Nullable ForecastErrors errors) {
        static ReliabilityRow of(ResultSet row) throws SQLException {
            int score = row.getInt("score");
            Integer known = row.wasNull() ? null : score;
            return new ReliabilityRow(
                    row.getString("model"),
                    row.getInt("horizon"),
                    known,
                    String.valueOf(row.getString("trained_until")),
                    row.getInt("training_size"),
                    row.getInt("points") == 0 ? null : errors(row));
        }

        private static ForecastErrors errors(ResultSet row) throws SQLException {
            return new ForecastErrors(
                    row.getInt("points"),
                    row.getDouble("mae"),
                    row.getDouble("rmse"),
                    row.getDouble("bias"),
                    row.getDouble("smape"),
                    decimal(row, "wape"),
                    decimal(row, "mape"),
                    decimal(row, "mase"),
                    decimal(row, "coverage"));
        }

        private static @Nullable Double decimal(ResultSet row, String column) throws SQLException {
            double value = row.getDouble(column);
            return row.wasNull() ? null : (Double) value;
        }
    }

    /** Binds one row. */
    @FunctionalInterface
    private interface Binding<T> {
        void bind(PreparedStatement statement, T row) throws SQLException;
    }

    /** @return how many rows each of them changed */
    private <T> int[] each(String sql, List<T> rows, Binding<T> binding) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        Connection connection = handle.getConnection();
        try (PreparedStatement statement = connection.prepareStatement(dialect.tables(sql))) {
            for (T row : rows) {
                binding.bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }

    private int key(PreparedStatement statement, int first, SeriesKey series) throws SQLException {
        statement.setString(first, org.value());
        series(statement, first + 1, series);
        return first + KEY;
    }

    private static void series(PreparedStatement statement, int first, SeriesKey series) throws SQLException {
        statement.setString(first, series.kpi());
        statement.setString(first + 1, series.source());
        statement.setString(first + 2, series.dimension());
    }
}

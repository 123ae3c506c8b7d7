package io.smartdata.jdbc;

import io.smartdata.jdbc.JdbcStorage.Requirement;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.Upkeep;
import io.smartdata.tenancy.OrgId;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 13 and later, tables in the schema {@code smartdata}. */
final class PostgresDialect implements Dialect {
    /**
     * A row on its way to the default partition whose month got a partition of its own meanwhile: no table has another check.
     */
    private static final String MONTH_WAS_MADE = "23514";

    private static final Set<String> RETRY = Set.of("40001", "40P01", MONTH_WAS_MADE);
    private static final Set<String> UNAVAILABLE = Set.of("25P03", "57P01", "57P02", "57P03", "55P03", "58030");
    private static final String DELTAS =
            "smartdata.kpi_delta (org_id, generation, family, bucket, source, dimension, delta_id, state, added_at)";
    private static final int DELTA_COLUMNS = 9;
    /** Fewer go as quickly in one batch of statements, which takes a round trip less. */
    private static final int COPY_DELTAS_FROM = 20;

    private static final String POINTS =
            "smartdata.forecast_point (org_id, kpi, source, dimension, step, bucket, mean, lower_80, upper_80, lower_95,"
                    + " upper_95)";
    private static final int POINT_COLUMNS = 11;
    private static final int COPY_FORECASTS_FROM = 10;

    private static final String ROW_SECURITY =
            "SELECT c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE n.nspname = 'smartdata' AND c.relname = 'org'";

    private final PostgresEvents events;

    private final TableNames tables = new TableNames("smartdata.");

    /** The tables show a transaction the rows of its org only, and take no COPY. */
    private final boolean rowSecurity;

    PostgresDialect() {
        this(false);
    }

    private PostgresDialect(boolean rowSecurity) {
        this.rowSecurity = rowSecurity;
        this.events = new PostgresEvents(!rowSecurity);
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String tables(String sql) {
        return tables.in(sql);
    }

    @Override
    public String now() {
        return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
    }

    /** Set by BEGIN, which comes before the snapshot. */
    @Override
    public String begun() {
        return "CAST(EXTRACT(EPOCH FROM transaction_timestamp()) * 1000000 AS BIGINT)";
    }

    @Override
    public String forShare() {
        return " FOR SHARE";
    }

    @Override
    public String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    public String forUpdateSkipLocked() {
        return " FOR UPDATE SKIP LOCKED";
    }

    @Override
    public void beginWrite(Connection connection) throws SQLException {
        begin(connection, "READ COMMITTED READ WRITE");
    }

    @Override
    public void beginSnapshotWrite(Connection connection) throws SQLException {
        begin(connection, "REPEATABLE READ READ WRITE");
    }

    @Override
    public void beginRead(Connection connection) throws SQLException {
        begin(connection, "REPEATABLE READ READ ONLY");
    }

    /** A distributed transaction is begun behind the driver's back; what the server said last tells. */
    @Override
    public boolean inTransaction(Connection connection) throws SQLException {
        return Dialect.super.inTransaction(connection) || PostgresCopy.inTransaction(connection);
    }

    /** One round trip with the driver's BEGIN; nothing of it outlives the transaction. */
    private static void begin(Connection connection, String mode) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL " + mode);
        }
    }

    @Override
    public Dialect onTables(Handle handle) {
        boolean secured =
                handle.createQuery(ROW_SECURITY).mapTo(Boolean.class).findOne().orElse(false);
        return secured ? new PostgresDialect(true) : this;
    }

    /**
     * Both settings each time, so that nothing is left over from a role or a session; they end with the transaction. In SQL of
     * its own, since a query would take the snapshot; the id of an org has no quotes.
     */
    @Override
    public void actFor(Handle handle, Actor actor) throws SQLException {
        if (rowSecurity) {
            try (Statement statement = handle.getConnection().createStatement()) {
                statement.execute("SET LOCAL smartdata.org = '%s'; SET LOCAL smartdata.system = '%s'"
                        .formatted(actor.org() == null ? "" : actor.org(), actor.system() ? "on" : ""));
            }
        }
    }

    /** Takes no snapshot yet, and the months below the table along. */
    @Override
    public void holdEvents(Handle handle) {
        handle.execute("LOCK TABLE smartdata.event IN ACCESS SHARE MODE");
    }

    @Override
    public void boundWaiting(Handle handle) {
        handle.execute("SET LOCAL lock_timeout = '5s'");
    }

    @Override
    public void endIfFrozen(Handle handle) {
        handle.execute("SET LOCAL idle_in_transaction_session_timeout = '2s'");
    }

    @Override
    public boolean server() {
        return true;
    }

    @Override
    public List<Finding> examine(Handle handle, Requirement requirement) {
        return new PostgresCheckup(handle).of(requirement);
    }

    @Override
    public List<Finding> examineServer(Handle handle) {
        return new PostgresCheckup(handle).server();
    }

    @Override
    public List<Finding> examineTables(Handle handle) {
        return new PostgresCheckup(handle).tables();
    }

    @Override
    public Upkeep upkeep(Database database) {
        return new Partitions(database).run();
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public void release(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
    }

    @Override
    public boolean commitUnknown(SQLException e) {
        return classify(e) == ErrorKind.UNAVAILABLE;
    }

    @Override
    public boolean singleWriter() {
        return false;
    }

    @Override
    public int fetchSize() {
        return 2000;
    }

    @Override
    public @Nullable Object decimal(@Nullable BigDecimal value) {
        return value;
    }

    @Override
    public EventTable events() {
        return events;
    }

    @Override
    public void insertDeltas(Handle handle, DeltaRows rows) throws SQLException {
        if (rows.deltas().size() >= COPY_DELTAS_FROM && events.copies(handle.getConnection())) {
            copyDeltas(handle.getConnection(), rows);
        } else {
            Dialect.super.insertDeltas(handle, rows);
        }
    }

    private void copyDeltas(Connection connection, DeltaRows rows) throws SQLException {
        try (PostgresCopy copy = PostgresCopy.into(connection, DELTAS)) {
            for (KpiDelta delta : rows.deltas()) {
                CellKey key = delta.key();
                copy.row(DELTA_COLUMNS);
                copy.text(rows.org().value());
                copy.number(rows.generation());
                copy.text(key.family());
                copy.text(key.bucket());
                copy.text(key.source());
                copy.text(key.dimension());
                copy.bytes(rows.id().getMostSignificantBits(), rows.id().getLeastSignificantBits());
                copy.bytes(delta.state());
                copy.number(rows.addedAt());
            }
            copy.end();
        } catch (SQLException e) {
            throw events.refusedCopy(e) ? new SQLException("Runs again without copying", "40001", e) : e;
        }
    }

    @Override
    public void insertForecastPoints(Handle handle, OrgId org, List<StoredForecast> forecasts) throws SQLException {
        if (forecasts.size() >= COPY_FORECASTS_FROM && events.copies(handle.getConnection())) {
            copyPoints(handle.getConnection(), org, forecasts);
        } else {
            Dialect.super.insertForecastPoints(handle, org, forecasts);
        }
    }

    private void copyPoints(Connection connection, OrgId org, List<StoredForecast> forecasts) throws SQLException {
        try (PostgresCopy copy = PostgresCopy.into(connection, POINTS)) {
            for (StoredForecast forecast : forecasts) {
                int step = 0;
                for (StoredForecast.Point point : forecast.points()) {
                    copy.row(POINT_COLUMNS);
                    copy.text(org.value());
                    copy.text(forecast.series().kpi());
                    copy.text(forecast.series().source());
                    copy.text(forecast.series().dimension());
                    copy.number(++step);
                    copy.text(point.bucket());
                    copy.number(point.mean());
                    copy.number(point.lower80());
                    copy.number(point.upper80());
                    copy.number(point.lower95());
                    copy.number(point.upper95());
                }
            }
            copy.end();
        } catch (SQLException e) {
            throw events.refusedCopy(e) ? new SQLException("Runs again without copying", "40001", e) : e;
        }
    }

    @Override
    public ErrorKind classify(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return ErrorKind.UNAVAILABLE;
        }
        String state = e.getSQLState();
        if (state == null) {
            return ErrorKind.FAILURE;
        }
        if (RETRY.contains(state)) {
            return ErrorKind.RETRY;
        }
        boolean unavailable = state.startsWith("08") || state.startsWith("53") || UNAVAILABLE.contains(state);
        return unavailable ? ErrorKind.UNAVAILABLE : ErrorKind.FAILURE;
    }
}

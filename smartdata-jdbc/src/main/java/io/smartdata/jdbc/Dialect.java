package io.smartdata.jdbc;

import io.smartdata.jdbc.JdbcStorage.Requirement;
import io.smartdata.storage.StoredForecast;
import io.smartdata.storage.Upkeep;
import io.smartdata.tenancy.OrgId;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What databases do differently. */
interface Dialect {
    /** {@code postgresql} or {@code sqlite}; also the folder of the migrations. */
    String name();

    /** The statement with every {@code #table} given its schema or prefix. */
    String tables(String sql);

    /** The database's clock in microseconds since the epoch, as an expression. */
    String now();

    /**
     * A moment by the database's clock at or before the transaction's snapshot, as an expression; read before any table.
     */
    String begun();

    /** Appended to a query whose rows must not change before the commit. */
    String forShare();

    /** Appended to a query whose rows nobody else may share. */
    String forUpdate();

    /** As {@link #forUpdate()}, leaving out rows that another transaction holds. */
    String forUpdateSkipLocked();

    /** Once, before the tables are made: settings that the database itself keeps. */
    default void prepare(Connection connection) throws SQLException {
        // most need none
    }

    /** True if a host has begun a transaction on its connection. */
    default boolean inTransaction(Connection connection) throws SQLException {
        return !connection.getAutoCommit();
    }

    /** Starts a transaction that sees every commit before each statement. */
    void beginWrite(Connection connection) throws SQLException;

    /** Starts a transaction that sees one snapshot and may write. */
    void beginSnapshotWrite(Connection connection) throws SQLException;

    /** Starts a transaction that sees one snapshot. */
    void beginRead(Connection connection) throws SQLException;

    /** The dialect for the tables as they are. */
    default Dialect onTables(Handle handle) {
        return this;
    }

    /** Comes first in the work of a transaction and takes no snapshot: says for whom it runs. */
    default void actFor(Handle handle, Actor actor) throws SQLException {
        // only matters where the database itself keeps orgs apart
    }

    /** In a transaction that may meet the lock of a client that froze: it gives up after a while, to be run again later. */
    default void boundWaiting(Handle handle) {
        // only matters where clients lock rows
    }

    /** In a transaction that locks what another client may need to go on: if this client freezes, the transaction is ended. */
    default void endIfFrozen(Handle handle) {
        // only matters where clients lock rows
    }

    /**
     * Comes first in a transaction that reads events, before its snapshot: upkeep moves no event until the transaction ends.
     */
    void holdEvents(Handle handle);

    /** A server with roles, reached over a network. */
    boolean server();

    /**
     * Whether a requirement is met.
     *
     * @return what is so, all well or not; not empty
     */
    List<Finding> examine(Handle handle, Requirement requirement);

    /** What there is to say about the server or file, with tables or without. */
    List<Finding> examineServer(Handle handle);

    /** What there is to say about the tables besides. */
    List<Finding> examineTables(Handle handle);

    /** Puts tables in shape, off the path of ingest. */
    Upkeep upkeep(Database database);

    void commit(Connection connection) throws SQLException;

    void rollback(Connection connection) throws SQLException;

    /** After the end of the transaction: leaves the connection in autocommit. */
    void release(Connection connection) throws SQLException;

    /** True if a commit that failed with {@code e} may have happened all the same. */
    boolean commitUnknown(SQLException e);

    /** Only one transaction of this process writes at a time. */
    boolean singleWriter();

    /** Rows a streaming query fetches at once; 0 if the driver streams by itself. */
    int fetchSize();

    /** A decimal as the driver takes it. */
    @Nullable
    Object decimal(@Nullable BigDecimal value);

    /** Where events go. */
    EventTable events();

    /** Adds rows that nothing is in the way of. */
    default void insertDeltas(Handle handle, DeltaRows rows) throws SQLException {
        PreparedBatch batch = handle.prepareBatch(tables("""
                INSERT INTO #kpi_delta (org_id, generation, family, bucket, source, dimension, delta_id, state, added_at)
                VALUES (:org, :generation, :family, :bucket, :source, :dimension, :delta, :state, :addedAt)
                """));
        byte[] id = Columns.bytes(rows.id());
        rows.deltas()
                .forEach(delta -> JdbcKpiStore.bind(batch, rows.org(), rows.generation(), delta.key())
                        .bind("delta", id)
                        .bind("state", delta.state())
                        .bind("addedAt", rows.addedAt())
                        .add());
        batch.execute();
    }

    /** Adds the points of forecasts that have none. */
    default void insertForecastPoints(Handle handle, OrgId org, List<StoredForecast> forecasts) throws SQLException {
        ForecastTables.insertPoints(handle, this, org, forecasts);
    }

    /** Tells an error that will pass from one that will not. */
    ErrorKind classify(SQLException e);

    /** What an error of the database means for the caller. */
    enum ErrorKind {
        /** Another transaction was in the way: run this one again. */
        RETRY,
        /** The database cannot be reached or refuses for now. */
        UNAVAILABLE,
        /** A fault of the statement or the data. */
        FAILURE
    }
}

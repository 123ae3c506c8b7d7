package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.smartdata.SmartDataException;
import io.smartdata.storage.AuditStore;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.Upkeep;
import io.smartdata.tenancy.SystemScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in one PostgreSQL or SQLite database.
 *
 * @since 0.1.0
 */
public final class JdbcStorage implements Storage {
    private final DataSource dataSource;
    private final @Nullable HikariDataSource ownPool;
    private final SchemaMode schemaMode;
    private volatile @Nullable Stores stores;

    /** What {@link #open(Consumer)} does about the tables. */
    public enum SchemaMode {
        /** Creates or upgrades them. */
        MIGRATE,
        /** Only checks them: for hosts whose role may not change tables. */
        VALIDATE
    }

    /** Made when the storage is opened, for only then the database is asked what it is. */
    private record Stores(
            JdbcEventStore events,
            JdbcKpiStore kpis,
            JdbcDeadLetterStore deadLetters,
            JdbcResultStore results,
            JdbcOrgStore orgs,
            JdbcAuditStore audit,
            JdbcJobStore jobs,
            Database database) {
        static Stores of(Database database) {
            JdbcEventStore events = new JdbcEventStore(database);
            return new Stores(
                    events,
                    new JdbcKpiStore(database, events),
                    new JdbcDeadLetterStore(database),
                    new JdbcResultStore(database),
                    new JdbcOrgStore(database, events),
                    new JdbcAuditStore(database),
                    new JdbcJobStore(database),
                    database);
        }
    }

    private JdbcStorage(DataSource dataSource, @Nullable HikariDataSource ownPool, SchemaMode schemaMode) {
        this.dataSource = dataSource;
        this.ownPool = ownPool;
        this.schemaMode = schemaMode;
    }

    /** In the host's database, through its pool; the host closes it. */
    public static JdbcStorage of(DataSource dataSource) {
        return new JdbcStorage(requireNonNull(dataSource, "dataSource"), null, SchemaMode.MIGRATE);
    }

    /** As {@link #open(String, String, String)} without user and password. */
    public static JdbcStorage open(String jdbcUrl) {
        return open(jdbcUrl, null, null);
    }

    /**
     * In the database of a URL, through a pool of its own.
     *
     * @param jdbcUrl {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://HOST/DATABASE}
     * @throws SmartDataException {@code invalid_jdbc_url}, or {@code driver_missing} if the database's driver is not on the
     *     class path
     */
    public static JdbcStorage open(String jdbcUrl, @Nullable String user, @Nullable String password) {
        DatabaseKind kind = DatabaseKind.ofUrl(jdbcUrl);
        kind.requireDriver();
        kind.requireValid(jdbcUrl);
        HikariConfig config = new HikariConfig();
        config.setPoolName("smartdata");
        config.setJdbcUrl(jdbcUrl);
        config.setUsername(user);
        config.setPassword(password);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        kind.configure(config, jdbcUrl);
        HikariDataSource pool = new HikariDataSource(config);
        return new JdbcStorage(pool, pool, SchemaMode.MIGRATE);
    }

    /**
     * The host's open transaction, for {@code SmartData.within}. Autocommit is off; on SQLite the transaction began with
     * {@code BEGIN IMMEDIATE}.
     *
     * @param connection stays open and uncommitted
     */
    public static HostTransaction joining(Connection connection) {
        return new JoinedConnection(requireNonNull(connection, "connection"));
    }

    /** The same storage with another rule for its tables. */
    public JdbcStorage withSchema(SchemaMode mode) {
        return new JdbcStorage(dataSource, ownPool, mode);
    }

    record JoinedConnection(Connection connection) implements HostTransaction {}

    @Override
    public void open(Consumer<SystemScope> system) {
        Database database = new Database(dataSource, detect().dialect());
        Migrations migrations = new Migrations(database);
        switch (schemaMode) {
            case MIGRATE -> {
                database.prepare();
                migrations.migrate();
            }
            case VALIDATE -> migrations.validate();
        }
        stores = Stores.of(database);
        system.accept(SystemScope.mint());
    }

    private DatabaseKind detect() {
        try (Connection connection = dataSource.getConnection()) {
            return DatabaseKind.ofProduct(connection.getMetaData().getDatabaseProductName());
        } catch (SQLException e) {
            if (isNotADatabase(e)) {
                throw new SmartDataException(
                        "invalid_jdbc_url",
                        "The file that the URL names is not a SQLite database. Name another one.",
                        e);
            }
            throw new StoreUnavailableException(
                    "The database cannot be reached. Nothing was read or stored. Check its address and that it runs.",
                    Duration.ofSeconds(5),
                    e);
        }
    }

    /** SQLite opens any file and finds out what it is when it reads it; a pool wraps what it says. */
    private static boolean isNotADatabase(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("SQLITE_NOTADB")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public EventStore events() {
        return opened().events();
    }

    @Override
    public KpiStore kpis() {
        return opened().kpis();
    }

    @Override
    public DeadLetterStore deadLetters() {
        return opened().deadLetters();
    }

    @Override
    public ResultStore results() {
        return opened().results();
    }

    @Override
    public OrgStore orgs() {
        return opened().orgs();
    }

    @Override
    public JobStore jobs() {
        return opened().jobs();
    }

    @Override
    public AuditStore audit() {
        return opened().audit();
    }

    /** On PostgreSQL makes the months of the event table that are missing, as {@code docs/storage.md} says. */
    @Override
    public Upkeep upkeep(SystemScope system) {
        requireNonNull(system, "system");
        Database database = opened().database();
        return database.dialect().upkeep(database);
    }

    private Stores opened() {
        Stores made = stores;
        if (made == null) {
            throw new IllegalStateException("open(...) comes before anything else");
        }
        return made;
    }

    @Override
    public void close() {
        if (ownPool != null) {
            ownPool.close();
        }
    }
}

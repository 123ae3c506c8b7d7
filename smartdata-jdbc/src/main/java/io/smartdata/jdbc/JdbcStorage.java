package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariDataSource;
import io.smartdata.SmartDataException;
import io.smartdata.storage.AuditStore;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.ExportStore;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
    private final Terms terms;
    private volatile @Nullable Stores stores;

    /** What {@link #open(Consumer)} does about the tables. */
    public enum SchemaMode {
        /** Creates or upgrades them. */
        MIGRATE,
        /** Only checks them: for hosts whose role may not change tables. */
        VALIDATE,
        /** Neither: for hosts that have migrated and checked before they start, and want no statement more than needed. */
        NONE
    }

    /** What {@link #open(Consumer)} refuses to do without. */
    public enum Requirement {
        /**
         * PostgreSQL: the role of the connection owns nothing, is no superuser, cannot pass by row-level security, and has the
         * rights it needs and no others; else {@code role_too_powerful} or {@code rights_missing}.
         */
        RESTRICTED_ROLE,
        /**
         * PostgreSQL: every table with an org is under row-level security, for its owner too; else {@code row_security_off},
         * {@code row_security_incomplete}, {@code row_security_widened} or {@code view_without_row_security}. Comes with {@link
         * #RESTRICTED_ROLE}, without which it would keep nobody out.
         */
        ROW_SECURITY,
        /** The connection to a server is encrypted; else {@code connection_not_encrypted}. */
        TLS
    }

    /**
     * How to open.
     *
     * @param migrations makes and changes tables; null if the storage's own DataSource does
     */
    private record Terms(SchemaMode schema, @Nullable DataSource migrations, Set<Requirement> required) {
        static final Terms DEFAULTS = new Terms(SchemaMode.MIGRATE, null, Set.of());
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
            JdbcExportStore exports,
            Database owner) {
        static Stores of(Database database, Database owner) {
            JdbcEventStore events = new JdbcEventStore(database);
            return new Stores(
                    events,
                    new JdbcKpiStore(database, events),
                    new JdbcDeadLetterStore(database),
                    new JdbcResultStore(database),
                    new JdbcOrgStore(database, events),
                    new JdbcAuditStore(database),
                    new JdbcJobStore(database),
                    new JdbcExportStore(database),
                    owner);
        }
    }

    private JdbcStorage(DataSource dataSource, @Nullable HikariDataSource ownPool, Terms terms) {
        this.dataSource = dataSource;
        this.ownPool = ownPool;
        this.terms = terms;
    }

    /** In the host's database, through its pool; the host closes it. */
    public static JdbcStorage of(DataSource dataSource) {
        return new JdbcStorage(requireNonNull(dataSource, "dataSource"), null, Terms.DEFAULTS);
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
        HikariDataSource pool = new HikariDataSource(); // connects when it is first asked to
        pool.setPoolName("smartdata");
        pool.setJdbcUrl(jdbcUrl);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        kind.configure(pool, jdbcUrl);
        return new JdbcStorage(pool, pool, Terms.DEFAULTS);
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
        return with(new Terms(requireNonNull(mode, "mode"), terms.migrations(), terms.required()));
    }

    /**
     * The same storage, whose tables and partitions are made over connections of another role, so that its own needs no right
     * to change tables.
     *
     * @param owner of the same database, connecting as the role that owns the tables; the host closes it
     */
    public JdbcStorage withMigrations(DataSource owner) {
        return with(new Terms(terms.schema(), requireNonNull(owner, "owner"), terms.required()));
    }

    /** The same storage, which refuses to open where one of these is not so. */
    public JdbcStorage requiring(Requirement first, Requirement... more) {
        return requiring(EnumSet.of(first, more));
    }

    /** The same storage, which refuses to open where one of these is not so. */
    public JdbcStorage requiring(Set<Requirement> more) {
        Set<Requirement> required = EnumSet.noneOf(Requirement.class);
        required.addAll(more);
        required.addAll(terms.required());
        if (required.contains(Requirement.ROW_SECURITY)) {
            required.add(Requirement.RESTRICTED_ROLE);
        }
        return with(new Terms(terms.schema(), terms.migrations(), required));
    }

    private JdbcStorage with(Terms newTerms) {
        return new JdbcStorage(dataSource, ownPool, newTerms);
    }

    record JoinedConnection(Connection connection) implements HostTransaction {}

    @Override
    public void open(Consumer<SystemScope> system) {
        if (terms.schema() == SchemaMode.VALIDATE) {
            requireThere();
        }
        Database database = new Database(dataSource, detect(dataSource).dialect());
        Database owner = terms.migrations() == null ? database : new Database(terms.migrations(), database.dialect());
        makeOrCheckTables(database, owner);
        Doctor doctor = new Doctor(database, terms.required());
        doctor.warnOfServer();
        doctor.insist();
        stores = Stores.of(database.onTables(), owner);
        system.accept(SystemScope.mint());
    }

    /** What another role has made may be in another database, or this one may lack the rights: so it is checked too. */
    private void makeOrCheckTables(Database database, Database owner) {
        if (terms.schema() == SchemaMode.MIGRATE) {
            owner.prepare();
            new Migrations(owner).migrate();
        }
        if (terms.schema() == SchemaMode.VALIDATE || (terms.schema() == SchemaMode.MIGRATE && owner != database)) {
            new Migrations(database).validate();
        }
    }

    /**
     * What is to be said about the database, all well or not; changes nothing, and may come before {@link #open(Consumer)}.
     *
     * @throws StoreUnavailableException if the database cannot be reached
     */
    public List<Finding> examine() {
        requireThere();
        return new Doctor(new Database(dataSource, detect(dataSource).dialect()).onTables(), terms.required())
                .examine();
    }

    private void requireThere() {
        if (ownPool != null) {
            DatabaseKind.ofUrl(ownPool.getJdbcUrl()).requireThere(ownPool.getJdbcUrl());
        }
    }

    static DatabaseKind detect(DataSource dataSource) {
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
    public ExportStore exports() {
        return opened().exports();
    }

    @Override
    public AuditStore audit() {
        return opened().audit();
    }

    /** On PostgreSQL makes the months of the event table that are missing, as {@code docs/storage.md} says. */
    @Override
    public Upkeep upkeep(SystemScope system) {
        requireNonNull(system, "system");
        Database owner = opened().owner();
        return owner.dialect().upkeep(owner);
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

package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.storage.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Creates and upgrades the tables: plain SQL per database, versioned, checksummed, safe when several processes start at
 * once.
 *
 * @since 0.1.0
 */
public final class Migrations {
    /** Every script that was ever released, in order. */
    private static final List<String> SCRIPTS = List.of("V1__tables.sql");

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final Pattern STATEMENT_END = Pattern.compile(";\\s*\\n");

    private final Database database;
    private final Dialect dialect;

    Migrations(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    /** A released step. */
    private record Step(int version, String script, String sql, String checksum) {}

    /**
     * The SQL of all steps, for an administrator to read or run.
     *
     * @param jdbcUrl tells the database; it is not connected to
     * @throws SmartDataException {@code invalid_jdbc_url}
     */
    public static String sql(String jdbcUrl) {
        Dialect dialect = DatabaseKind.ofUrl(jdbcUrl).dialect();
        StringBuilder sql = new StringBuilder();
        prepare(dialect).forEach(statement -> sql.append(statement).append(";\n\n"));
        for (Step step : steps(dialect)) {
            sql.append(step.sql())
                    .append(
                            "\nINSERT INTO %s (version, script, checksum, installed_at) VALUES (%d, '%s', '%s', %s);\n\n"
                                    .formatted(
                                            dialect.tables("#schema_history"),
                                            step.version(),
                                            step.script(),
                                            step.checksum(),
                                            dialect.now()));
        }
        return sql.toString();
    }

    /** Applies what is missing, each step in its own transaction. */
    void migrate() {
        if (upToDate()) {
            return;
        }
        prepareHistory();
        for (Step step : steps(dialect)) {
            database.write(Actor.OWNER, handle -> {
                lock(handle);
                Map<Integer, String> applied = applied(handle);
                check(applied);
                if (!applied.containsKey(step.version())) {
                    apply(handle, step);
                }
                return step;
            });
        }
    }

    /** So that the next start needs no right to change tables and waits for nobody. */
    private boolean upToDate() {
        return database.read(Actor.OWNER, handle -> {
            if (!historyExists(handle)) {
                return false;
            }
            Map<Integer, String> applied = applied(handle);
            check(applied);
            return applied.size() == SCRIPTS.size();
        });
    }

    private boolean historyExists(Handle handle) throws SQLException {
        String[] name = dialect.tables("#schema_history").split("\\.");
        String schema = name.length == 2 ? name[0] : null;
        try (ResultSet tables =
                handle.getConnection().getMetaData().getTables(null, schema, name[name.length - 1], null)) {
            return tables.next();
        }
    }

    /**
     * Only checks.
     *
     * @return the version of the tables
     */
    int validate() {
        Map<Integer, String> applied;
        try {
            applied = database.read(Actor.OWNER, this::applied);
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (SmartDataException e) {
            throw mayNotRead(e) ? rightsMissing(e) : mismatch("The tables of smartdata are not there.", e);
        }
        check(applied);
        for (Step step : steps(dialect)) {
            if (!applied.containsKey(step.version())) {
                throw mismatch("Step %d (%s) was not applied yet.".formatted(step.version(), step.script()), null);
            }
        }
        return applied.size();
    }

    private static boolean mayNotRead(SmartDataException e) {
        SQLException cause = Transaction.sqlException(e);
        return cause != null && INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState());
    }

    private static SmartDataException rightsMissing(SmartDataException cause) {
        return new SmartDataException(
                "rights_missing",
                "This role may not read the tables of smartdata. Nothing was changed. Run the SQL of smartdata migrate"
                        + " --print-roles as a superuser.",
                cause);
    }

    /** Two processes that start at once may both try to create the history; the loser finds it made. */
    private void prepareHistory() {
        for (int attempt = 1; ; attempt++) {
            try {
                database.write(Actor.OWNER, handle -> {
                    prepare(dialect).forEach(handle::execute);
                    return true;
                });
                return;
            } catch (StoreUnavailableException e) {
                throw e;
            } catch (SmartDataException e) {
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private static List<String> prepare(Dialect dialect) {
        List<String> statements = new ArrayList<>();
        if (dialect instanceof PostgresDialect) {
            // IF NOT EXISTS would ask for the right to create schemas even where there is nothing to create
            statements.add(
                    "DO $$ BEGIN IF to_regnamespace('smartdata') IS NULL THEN CREATE SCHEMA smartdata; END IF; END $$");
        }
        statements.add(dialect.tables("""
                        CREATE TABLE IF NOT EXISTS #schema_history (
                            version       INTEGER NOT NULL PRIMARY KEY,
                            script        TEXT NOT NULL,
                            checksum      TEXT NOT NULL,
                            installed_at  BIGINT NOT NULL
                        )"""));
        return statements;
    }

    private void lock(Handle handle) {
        if (dialect instanceof PostgresDialect) {
            handle.execute("SET LOCAL lock_timeout = '60s'");
            handle.execute("LOCK TABLE smartdata.schema_history IN ACCESS EXCLUSIVE MODE");
        }
    }

    private Map<Integer, String> applied(Handle handle) {
        Map<Integer, String> applied = new TreeMap<>();
        handle.createQuery(dialect.tables("SELECT version, checksum FROM #schema_history ORDER BY version"))
                .map((row, context) -> Map.entry(row.getInt(1), row.getString(2)))
                .forEach(entry -> applied.put(entry.getKey(), entry.getValue()));
        return applied;
    }

    private void check(Map<Integer, String> applied) {
        List<Step> steps = steps(dialect);
        applied.forEach((version, checksum) -> {
            if (version > steps.size()) {
                throw mismatch(
                        "The tables are at version %d, this smartdata knows %d. Use the newer smartdata."
                                .formatted(version, steps.size()),
                        null);
            }
            if (!steps.get(version - 1).checksum().equals(checksum)) {
                throw mismatch(
                        "Step %d was applied with other content than this smartdata has.".formatted(version), null);
            }
        });
    }

    private void apply(Handle handle, Step step) {
        for (String statement : STATEMENT_END.split(step.sql())) {
            if (!statement.isBlank()) {
                handle.execute(statement);
            }
        }
        handle.createUpdate(dialect.tables(
                        "INSERT INTO #schema_history (version, script, checksum, installed_at) VALUES (:version, :script, :checksum, "
                                + dialect.now() + ")"))
                .bind("version", step.version())
                .bind("script", step.script())
                .bind("checksum", step.checksum())
                .execute();
    }

    private static SmartDataException mismatch(String what, @Nullable Throwable cause) {
        return new SmartDataException(
                "schema_mismatch",
                what
                        + " Nothing was changed. Run smartdata migrate with a role that may change tables, or apply the SQL of"
                        + " smartdata migrate --print-sql.",
                cause);
    }

    private static List<Step> steps(Dialect dialect) {
        List<Step> steps = new ArrayList<>();
        for (String script : SCRIPTS) {
            String sql = read("migration/" + dialect.name() + "/" + script);
            steps.add(new Step(steps.size() + 1, script, sql, checksum(sql)));
        }
        return steps;
    }

    /** Line ends do not matter: a checkout on Windows has others. */
    static String read(String resource) {
        try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String checksum(String sql) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}

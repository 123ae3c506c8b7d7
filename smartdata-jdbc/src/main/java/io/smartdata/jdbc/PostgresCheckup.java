package io.smartdata.jdbc;

import io.smartdata.jdbc.JdbcStorage.Requirement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** What the catalogues of PostgreSQL say about role, row-level security, connection, durability and partitions. */
final class PostgresCheckup {
    private static final int OLDEST_VERSION = 130_000;
    /** Half of the transactions after which the server stops to protect its data. */
    private static final long MAX_TRANSACTION_AGE = 1_000_000_000;
    /** From here on, moving a month out of the default partition keeps ingest waiting for seconds. */
    private static final long LARGE_DEFAULT_PARTITION = 1L << 30;

    private static final int NEXT_MONTHS = 2;

    private static final String PRINT_ROLES =
            "Run the SQL of smartdata migrate --print-roles as a superuser, and connect as the app role.";
    private static final String PRINT_ROW_SECURITY =
            "Run the SQL of smartdata migrate --print-roles --row-security as a superuser, then restart.";

    /** What a role of the application should not be able to do; a superuser can do all of it. */
    private static final String POWERS = """
            WITH tables AS (
                SELECT oid, relname, relowner, relispartition FROM pg_class
                WHERE relnamespace = 'smartdata'::regnamespace AND relkind IN ('r', 'p'))
            SELECT power FROM (VALUES
                (1, 'is a superuser or may become one',
                    EXISTS (SELECT FROM pg_roles WHERE rolsuper AND pg_has_role(oid, 'MEMBER'))),
                (2, 'passes by row-level security (BYPASSRLS) or may become a role that does',
                    EXISTS (SELECT FROM pg_roles WHERE rolbypassrls AND pg_has_role(oid, 'MEMBER'))),
                (3, 'owns tables of smartdata or may become their owner',
                    EXISTS (SELECT FROM tables WHERE pg_has_role(relowner, 'MEMBER'))),
                (4, 'may create objects in the schema smartdata', has_schema_privilege('smartdata', 'CREATE')),
                (5, 'has TRUNCATE, TRIGGER or REFERENCES on tables of smartdata',
                    EXISTS (SELECT FROM tables WHERE has_table_privilege(oid, 'TRUNCATE, TRIGGER, REFERENCES'))),
                (6, 'reaches partitions of smartdata.event directly',
                    EXISTS (SELECT FROM tables
                        WHERE relispartition AND has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE'))),
                (7, 'may change the audit',
                    EXISTS (SELECT FROM tables WHERE relname = 'audit' AND has_table_privilege(oid, 'UPDATE, DELETE'))))
                AS powers (place, power, held)
            WHERE held ORDER BY place
            """;

    private static final String MISSING_RIGHTS = """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'smartdata'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                AND NOT (has_table_privilege(oid, 'SELECT')
                    AND (relname = 'schema_history' OR has_table_privilege(oid, 'INSERT'))
                    AND (relname IN ('schema_history', 'audit')
                        OR has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')))
            ORDER BY relname
            """;

    private static final String ORG_TABLES = """
            FROM pg_class c
            WHERE c.relnamespace = 'smartdata'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname IN ('org_id', 'org_no') AND NOT a.attisdropped)
            """;
    private static final String UNSECURED_TABLES = "SELECT c.relname " + ORG_TABLES + """
                AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                    AND EXISTS (SELECT FROM pg_policy p
                        WHERE p.polrelid = c.oid AND p.polname = 'own_org'
                            AND pg_get_expr(p.polqual, p.polrelid) LIKE '%current_setting(''smartdata.org''%'))
            ORDER BY c.relname
            """;
    private static final String SECURED_TABLES = "SELECT count(*) " + ORG_TABLES + " AND c.relrowsecurity";
    private static final String WIDENED_TABLES = "SELECT c.relname " + ORG_TABLES + """
                AND EXISTS (SELECT FROM pg_policy p
                    WHERE p.polrelid = c.oid AND p.polpermissive AND p.polname NOT IN ('own_org', 'all_orgs', 'all_orgs_add'))
            ORDER BY c.relname
            """;
    /** A view reads with the rights of its owner unless it says otherwise (PostgreSQL 15). */
    private static final String VIEWS = """
            SELECT DISTINCT v.oid::regclass::text
            FROM pg_depend d
            JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
            JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
            JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
            WHERE t.relnamespace = 'smartdata'::regnamespace AND t.relkind IN ('r', 'p')
                AND NOT coalesce(v.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']
            ORDER BY 1
            """;

    private static final String MONTHS = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'smartdata.event'::regclass
            """;

    private final Handle handle;

    PostgresCheckup(Handle handle) {
        this.handle = handle;
    }

    List<Finding> of(Requirement requirement) {
        return switch (requirement) {
            case RESTRICTED_ROLE -> role();
            case ROW_SECURITY -> rowSecurity();
            case TLS -> List.of(tls());
        };
    }

    private List<Finding> role() {
        String role = text("SELECT current_user");
        List<String> powers = texts(POWERS);
        List<String> missing = texts(MISSING_RIGHTS);
        if (!missing.isEmpty()) {
            return List.of(Finding.error(
                    "rights_missing",
                    "The role %s may not read and write all of the tables: %s. What needs them fails."
                            .formatted(role, String.join(", ", missing)),
                    PRINT_ROLES));
        }
        if (powers.isEmpty()) {
            return List.of(Finding.ok(
                    "role", "The role %s owns nothing and has no more rights than it needs.".formatted(role)));
        }
        boolean superuser = powers.get(0).startsWith("is a superuser");
        return List.of(Finding.warning(
                "role_too_powerful",
                "The role %s %s. A fault in the application or a stolen password can do more to the data than it needs to."
                        .formatted(role, superuser ? powers.get(0) : String.join("; ", powers)),
                PRINT_ROLES));
    }

    private List<Finding> rowSecurity() {
        if (number(SECURED_TABLES) == 0) {
            return List.of(Finding.warning(
                    "row_security_off",
                    "The tables are not under row-level security. Orgs are kept apart by smartdata's own statements alone.",
                    PRINT_ROW_SECURITY));
        }
        List<Finding> findings = new ArrayList<>();
        List<String> unsecured = texts(UNSECURED_TABLES);
        if (!unsecured.isEmpty()) {
            findings.add(Finding.error(
                    "row_security_incomplete",
                    "Some tables are not, or not for their owner, under row-level security: %s. There it does not keep orgs apart."
                            .formatted(String.join(", ", unsecured)),
                    PRINT_ROW_SECURITY));
        }
        List<String> widened = texts(WIDENED_TABLES);
        if (!widened.isEmpty()) {
            findings.add(Finding.error(
                    "row_security_widened",
                    "Policies that smartdata does not know let more rows through: %s."
                            .formatted(String.join(", ", widened)),
                    "Drop them, or make them RESTRICTIVE."));
        }
        List<String> views = texts(VIEWS);
        if (!views.isEmpty()) {
            findings.add(Finding.warning(
                    "view_without_row_security",
                    "Views show the rows of all orgs that their owners may see: %s."
                            .formatted(String.join(", ", views)),
                    "ALTER VIEW ... SET (security_invoker = true) from PostgreSQL 15 on; drop them on earlier ones."));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(
                        "row_security", "Every table with an org is under row-level security, for its owner too."))
                : findings;
    }

    private Finding tls() {
        return handle.createQuery("SELECT ssl, coalesce(version, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                .map((row, context) -> row.getBoolean(1)
                        ? Finding.ok("tls", "The connection is encrypted (%s).".formatted(row.getString(2)))
                        : Finding.warning(
                                "connection_not_encrypted",
                                "The connection to the server is not encrypted. Who listens on the way reads events and passwords.",
                                "Add sslmode=verify-full to the JDBC URL, and have ssl = on at the server."))
                .one();
    }

    /** Settings under which a commit that was acknowledged may be lost. */
    private Finding durability() {
        List<String> off = texts(
                "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name");
        return off.isEmpty()
                ? Finding.ok("durability", "A commit is on the server's disk when it is acknowledged.")
                : Finding.warning(
                        "not_durable",
                        "The server runs with %s off. Events that were acknowledged may be lost, or the database damaged, when it crashes."
                                .formatted(String.join(" and ", off)),
                        "Switch it on for this role or server: ALTER SYSTEM SET ... = on, then SELECT pg_reload_conf().");
    }

    /** What nobody requires, but an operator should know. */
    List<Finding> server() {
        List<Finding> findings = new ArrayList<>();
        findings.add(version());
        findings.add(durability());
        findings.add(vacuum());
        return findings;
    }

    private Finding version() {
        String version = text("SHOW server_version");
        return number("SELECT current_setting('server_version_num')::bigint") >= OLDEST_VERSION
                ? Finding.ok("server_version", "PostgreSQL " + version + ".")
                : Finding.error(
                        "server_too_old",
                        "PostgreSQL %s is older than 13. Statements fail that need a later one.".formatted(version),
                        "Upgrade the server.");
    }

    List<Finding> tables() {
        return List.of(partitions());
    }

    private Finding partitions() {
        Set<String> made = Set.copyOf(texts(MONTHS));
        YearMonth now =
                YearMonth.from(Columns.instant(number("SELECT CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT)"))
                        .atOffset(ZoneOffset.UTC));
        List<String> missing = IntStream.rangeClosed(0, NEXT_MONTHS)
                .mapToObj(now::plusMonths)
                .map(Partitions::table)
                .filter(month -> !made.contains(month))
                .toList();
        long bytes = number("SELECT pg_total_relation_size('smartdata.event_default'::regclass)");
        String what =
                "The default partition of events has %,d MiB; months without a partition of their own from now to %s: %s."
                        .formatted(
                                bytes >> 20,
                                now.plusMonths(NEXT_MONTHS),
                                missing.isEmpty() ? "none" : String.join(", ", missing));
        return missing.isEmpty() || bytes < LARGE_DEFAULT_PARTITION
                ? Finding.ok("partitions", what)
                : Finding.warning(
                        "partitions_missing",
                        what + " The longer it waits, the longer ingest waits while a month is moved.",
                        "Run smartdata maintain daily with the role that migrates; see docs/storage.md.");
    }

    private Finding vacuum() {
        long age = number("SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()");
        boolean off = text("SHOW autovacuum").equals("off");
        return !off && age < MAX_TRANSACTION_AGE
                ? Finding.ok(
                        "vacuum", "Autovacuum is on; the oldest transaction is %,d transactions old.".formatted(age))
                : Finding.warning(
                        "vacuum_behind",
                        "Autovacuum is %s and the oldest transaction is %,d transactions old. Tables grow, and the server stops at 2 100 million."
                                .formatted(off ? "off" : "on", age),
                        "Switch autovacuum on, end transactions that are open for days, run VACUUM (FREEZE).");
    }

    private List<String> texts(String sql) {
        return handle.createQuery(sql).mapTo(String.class).list();
    }

    private String text(String sql) {
        return handle.createQuery(sql).mapTo(String.class).one();
    }

    private long number(String sql) {
        return handle.createQuery(sql).mapTo(Long.class).one();
    }
}

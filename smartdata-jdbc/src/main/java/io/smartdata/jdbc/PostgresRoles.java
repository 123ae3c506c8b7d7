package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The roles that share the tables on PostgreSQL, and the SQL that makes them; {@code docs/postgresql-roles.md} has the whole
 * story.
 *
 * @param migrate owns the schema and its tables: upgrades them and makes partitions
 * @param app owns nothing: reads and writes rows
 * @param read reads rows
 * @since 0.1.0
 */
public record PostgresRoles(String migrate, String app, String read) {
    /** What needs no quotes in SQL, so that the scripts are the same with every name. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private static final PostgresRoles DEFAULTS =
            new PostgresRoles("smartdata_migrate", "smartdata_app", "smartdata_read");
    private static final Pattern DEFAULT_NAME =
            Pattern.compile("\\b(%s|%s|%s)\\b".formatted(DEFAULTS.migrate, DEFAULTS.app, DEFAULTS.read));

    /**
     * @throws IllegalArgumentException if a name has anything but lower-case letters, digits and underscores, is longer than
     *     63, or is given twice
     */
    public PostgresRoles {
        requireName(migrate);
        requireName(app);
        requireName(read);
        if (migrate.equals(app) || app.equals(read) || read.equals(migrate)) {
            throw new IllegalArgumentException("Three roles need three names");
        }
    }

    private static void requireName(String role) {
        if (!NAME.matcher(requireNonNull(role, "role")).matches()) {
            throw new IllegalArgumentException(
                    "A role is named by 1 to 63 lower-case letters, digits and underscores, was " + role);
        }
    }

    /** {@code smartdata_migrate}, {@code smartdata_app} and {@code smartdata_read}. */
    public static PostgresRoles defaults() {
        return DEFAULTS;
    }

    /** Makes the roles and gives them their rights on tables that are there; may run any number of times. */
    public String sql() {
        return named("roles.sql");
    }

    /** Puts the tables under row-level security; runs after {@link #sql()}, any number of times. */
    public String rowSecuritySql() {
        return named("row-security.sql");
    }

    private String named(String script) {
        Map<String, String> names = Map.of(DEFAULTS.migrate, migrate, DEFAULTS.app, app, DEFAULTS.read, read);
        return DEFAULT_NAME
                .matcher(Migrations.read("postgresql/" + script))
                .replaceAll(found -> requireNonNull(names.get(found.group())));
    }
}

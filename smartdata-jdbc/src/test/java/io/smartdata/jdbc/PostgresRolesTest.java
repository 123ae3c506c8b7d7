package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.smartdata.SmartDataException;
import io.smartdata.jdbc.JdbcStorage.Requirement;
import io.smartdata.tenancy.SystemScope;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Roles as a database administrator makes them, and the storage that refuses to open with others. */
@Timeout(60)
class PostgresRolesTest {
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Roles belong to the server, so each test has its own. */
    private final PostgresRoles roles = roles(NEXT.incrementAndGet());

    private final String superuser = Databases.newPostgresUrl();
    private final String app = Databases.as(roles.app(), superuser);

    private static PostgresRoles roles(int number) {
        return new PostgresRoles("owner_" + number, "shop_" + number, "report_" + number);
    }

    private void secure() {
        open(JdbcStorage.open(superuser));
        Databases.run(superuser, roles.sql());
        Databases.run(superuser, roles.rowSecuritySql());
    }

    private static void open(JdbcStorage storage) {
        try (storage) {
            storage.open(system -> assertThat(storage.orgs().all(system)).isEmpty());
        }
    }

    private static void assertRefused(JdbcStorage storage, String code) {
        assertThatThrownBy(() -> open(storage))
                .isInstanceOfSatisfying(
                        SmartDataException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    @Test
    void theAppRoleOpensWhatTheScriptsSecured() {
        secure();
        assertThatCode(() -> open(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY)))
                .doesNotThrowAnyException();
    }

    @Test
    void theScriptsMayRunAnyNumberOfTimes() {
        secure();
        secure();
        assertThatCode(() -> open(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY)))
                .doesNotThrowAnyException();
    }

    @Test
    void theScriptSaysThatThereAreNoTablesYet() {
        assertThatThrownBy(() -> Databases.run(superuser, roles.sql()))
                .rootCause()
                .hasMessageContaining("smartdata migrate");
    }

    /** What an administrator does in a hurry, and what it is called. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER ROLE %app% SUPERUSER | role_too_powerful",
                "ALTER ROLE %app% BYPASSRLS | role_too_powerful",
                "GRANT %owner% TO %app% | role_too_powerful",
                "ALTER TABLE smartdata.receipt OWNER TO %app% | role_too_powerful",
                "GRANT TRUNCATE ON smartdata.event TO %app% | role_too_powerful",
                "GRANT CREATE ON SCHEMA smartdata TO %app% | role_too_powerful",
                "GRANT SELECT ON smartdata.event_default TO %app% | role_too_powerful",
                "GRANT DELETE ON smartdata.audit TO PUBLIC | role_too_powerful",
                "REVOKE UPDATE ON smartdata.kpi_cell FROM %app% | rights_missing",
                "CREATE TABLE smartdata.later (org_id TEXT) | rights_missing",
                "ALTER TABLE smartdata.receipt DISABLE ROW LEVEL SECURITY | row_security_incomplete",
                "ALTER TABLE smartdata.event NO FORCE ROW LEVEL SECURITY | row_security_incomplete",
                "DROP POLICY own_org ON smartdata.event | row_security_incomplete",
                "ALTER POLICY own_org ON smartdata.event USING (true) | row_security_incomplete",
                "CREATE POLICY handy ON smartdata.event USING (true) | row_security_widened",
                "CREATE VIEW every_event AS SELECT * FROM smartdata.event | view_without_row_security"
            })
    void aBeltThatWasOpenedIsRefusedByName(String change, String code) {
        secure();
        Databases.run(superuser, change.replace("%app%", roles.app()).replace("%owner%", roles.migrate()));
        assertRefused(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY), code);
        assertThat(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY).examine())
                .filteredOn(finding -> finding.code().equals(code))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR))
                .satisfies(finding -> assertThat(finding.remedy()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESTRICTED_ROLE", "ROW_SECURITY"})
    void ownerAndSuperuserAreRefused(Requirement requirement) {
        secure();
        assertRefused(JdbcStorage.open(superuser).requiring(requirement), "role_too_powerful");
        assertRefused(
                JdbcStorage.open(Databases.as(roles.migrate(), superuser)).requiring(requirement), "role_too_powerful");
    }

    @Test
    void aTableThatTheScriptHasNotSeenIsNamed() {
        secure();
        Databases.run(
                superuser,
                "CREATE TABLE smartdata.later (org_id TEXT); GRANT SELECT, INSERT, UPDATE, DELETE ON smartdata.later TO "
                        + roles.app());
        assertRefused(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY), "row_security_incomplete");
        Databases.run(superuser, roles.sql() + roles.rowSecuritySql());
        open(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY));
    }

    @Test
    void tablesWithoutRowSecurityAreRefusedOnlyWhereItIsRequired() {
        open(JdbcStorage.open(superuser));
        Databases.run(superuser, roles.sql());
        open(JdbcStorage.open(app).requiring(Requirement.RESTRICTED_ROLE));
        assertRefused(JdbcStorage.open(app).requiring(Requirement.ROW_SECURITY), "row_security_off");
    }

    @Test
    void aConnectionInTheClearIsRefusedWhereTlsIsRequired() {
        assertRefused(JdbcStorage.open(superuser).requiring(Requirement.TLS), "connection_not_encrypted");
    }

    @Test
    void rolesAreRefusedWhereTheDatabaseHasNone() {
        assertRefused(Databases.newSqlite().requiring(Requirement.ROW_SECURITY), "roles_unsupported");
        open(Databases.newSqlite().requiring(Requirement.TLS));
    }

    @Test
    void aRoleWithoutAnyRightsIsToldWhichScriptGivesThem() {
        open(JdbcStorage.open(superuser));
        Databases.run(superuser, "CREATE ROLE %s LOGIN".formatted(roles.app()));
        assertRefused(JdbcStorage.open(app).withSchema(JdbcStorage.SchemaMode.VALIDATE), "rights_missing");
    }

    /** The schema is there and nothing else: the owner needs no right to create schemas. */
    @Test
    void theOwnerMakesTheTablesForAnAppThatMayNot() {
        Databases.run(
                superuser,
                "CREATE ROLE %1$s LOGIN; CREATE ROLE %2$s LOGIN; CREATE SCHEMA smartdata AUTHORIZATION %1$s"
                        .formatted(roles.migrate(), roles.app()));
        try (HikariDataSource owner = owner()) {
            assertRefused(JdbcStorage.open(app).withMigrations(owner), "rights_missing");
            Databases.run(superuser, roles.sql());
            Databases.run(superuser, roles.rowSecuritySql());
            open(JdbcStorage.open(app).withMigrations(owner).requiring(Requirement.ROW_SECURITY));
        }
    }

    @Test
    void upkeepIsDoneByTheOwnerAndLeftOutByTheApp() {
        secure();
        SystemScope[] system = new SystemScope[1];
        try (HikariDataSource owner = owner();
                JdbcStorage alone = JdbcStorage.open(app);
                JdbcStorage split = JdbcStorage.open(app).withMigrations(owner)) {
            alone.open(scope -> system[0] = scope);
            assertThat(alone.upkeep(system[0]).complete()).isFalse();
            assertThat(alone.upkeep(system[0]).message())
                    .contains("does not own")
                    .contains("maintain");
            split.open(scope -> system[0] = scope);
            assertThat(split.upkeep(system[0]).partitions()).hasSize(3);
        }
    }

    private HikariDataSource owner() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Databases.as(roles.migrate(), superuser));
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    @Test
    void theReadRoleReadsAllButTheHashKeysAndWritesNothing() {
        secure();
        String reader = Databases.as(roles.read(), superuser);
        Databases.run(
                reader, "SET smartdata.org = 'acme'; SELECT * FROM smartdata.event; SELECT zone FROM smartdata.org");
        for (String refused : List.of(
                "SELECT hash_key FROM smartdata.org",
                "DELETE FROM smartdata.event",
                "INSERT INTO smartdata.guard (org_id, turn) VALUES ('acme', 0)",
                "SELECT * FROM smartdata.event_default")) {
            assertThatThrownBy(() -> Databases.run(reader, refused))
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "shop-app", "a;b", "\"x\"", "1st"})
    void aRoleNameThatWouldNeedQuotesIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PostgresRoles("owner", name, "report"));
    }

    @Test
    void namesMayBeSwapped() {
        String sql = new PostgresRoles("smartdata_app", "smartdata_migrate", "x").sql();
        assertThat(sql)
                .contains("ALTER SCHEMA smartdata OWNER TO smartdata_app;")
                .contains("GRANT USAGE ON SCHEMA smartdata TO smartdata_migrate, x;");
    }
}

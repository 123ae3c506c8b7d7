package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MigrationsTest {
    /** A database with its history table. */
    record Target(String url, String history) {
        void run(String sql) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        void start(JdbcStorage.SchemaMode mode) {
            try (JdbcStorage storage = JdbcStorage.open(url).withSchema(mode)) {
                storage.open(system -> assertThat(storage.orgs().all(system)).isEmpty());
            }
        }
    }

    static Stream<Target> targets() {
        return Stream.of(
                new Target(Databases.newSqliteUrl(), "sd_schema_history"),
                new Target(Databases.newPostgresUrl(), "smartdata.schema_history"));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aSecondStartChangesNothing(Target target) {
        target.start(JdbcStorage.SchemaMode.MIGRATE);
        target.start(JdbcStorage.SchemaMode.MIGRATE);
        target.start(JdbcStorage.SchemaMode.VALIDATE);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void fourProcessesMayStartAtOnce(Target target) throws Exception {
        ExecutorService processes = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> starts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                starts.add(() -> {
                    target.start(JdbcStorage.SchemaMode.MIGRATE);
                    return true;
                });
            }
            for (Future<Boolean> start : processes.invokeAll(starts)) {
                assertThat(start.get()).isTrue();
            }
        } finally {
            processes.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void missingTablesAreAMismatchWhenTheyMayNotBeMade(Target target) {
        assertMismatch(() -> target.start(JdbcStorage.SchemaMode.VALIDATE));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aStepWithOtherContentIsAMismatch(Target target) throws SQLException {
        target.start(JdbcStorage.SchemaMode.MIGRATE);
        target.run("UPDATE %s SET checksum = 'other'".formatted(target.history()));
        for (JdbcStorage.SchemaMode mode : List.of(JdbcStorage.SchemaMode.MIGRATE, JdbcStorage.SchemaMode.VALIDATE)) {
            assertMismatch(() -> target.start(mode));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void tablesOfANewerVersionAreAMismatch(Target target) throws SQLException {
        target.start(JdbcStorage.SchemaMode.MIGRATE);
        target.run("INSERT INTO %s (version, script, checksum, installed_at) VALUES (99, 'V99__later.sql', 'x', 0)"
                .formatted(target.history()));
        for (JdbcStorage.SchemaMode mode : List.of(JdbcStorage.SchemaMode.MIGRATE, JdbcStorage.SchemaMode.VALIDATE)) {
            assertMismatch(() -> target.start(mode));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theSqlForAdministratorsMakesTheSameTables(Target target) throws SQLException {
        for (String statement : Migrations.sql(target.url()).split(";\\s*\\n")) {
            if (!statement.isBlank()) {
                target.run(statement);
            }
        }
        target.start(JdbcStorage.SchemaMode.VALIDATE);
    }

    @Test
    void aRoleThatMayNotChangeTablesStartsOnTablesThatAreUpToDate() throws SQLException {
        Target target = new Target(Databases.newPostgresUrl(), "smartdata.schema_history");
        target.start(JdbcStorage.SchemaMode.MIGRATE);
        String role = "app_" + target.url().replaceAll(".*/(\\w+).*", "$1");
        target.run("CREATE ROLE %s LOGIN".formatted(role));
        target.run("GRANT USAGE ON SCHEMA smartdata TO " + role);
        target.run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA smartdata TO " + role);
        Target asRole = new Target(target.url().replace("user=postgres", "user=" + role), target.history());
        assertThat(asRole.url()).contains(role);
        assertThatCode(() -> asRole.start(JdbcStorage.SchemaMode.MIGRATE)).doesNotThrowAnyException();
    }

    private static void assertMismatch(Runnable start) {
        assertThatThrownBy(start::run)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("schema_mismatch"));
    }
}

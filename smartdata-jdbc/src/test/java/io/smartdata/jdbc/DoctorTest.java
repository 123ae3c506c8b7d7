package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class DoctorTest {
    /** A database with the prefix of its tables. */
    record Target(String url, String prefix) {
        void run(String sql) {
            Databases.run(url, sql.replace("#", prefix));
        }

        List<Finding> examine() {
            try (JdbcStorage storage = JdbcStorage.open(url)) {
                return storage.examine();
            }
        }

        Finding finding(String code) {
            List<Finding> findings = examine();
            return findings.stream()
                    .filter(finding -> finding.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(code + " is not among " + findings));
        }
    }

    static Stream<Target> targets() {
        return Stream.of(
                new Target(Databases.newSqliteUrl(), "sd_"), new Target(Databases.newPostgresUrl(), "smartdata."));
    }

    private static void migrate(Target target) {
        try (JdbcStorage storage = JdbcStorage.open(target.url())) {
            storage.open(system -> {});
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aNewDatabaseHasNothingThatIsAnError(Target target) {
        migrate(target);
        assertThat(target.examine())
                .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR)
                .extracting(Finding::code)
                .contains("schema", "clock", "compaction", "dead_letters", "calls", "jobs");
    }

    @Test
    void aNewSqliteFileIsInPerfectOrder() {
        Target target = targets().findFirst().orElseThrow();
        migrate(target);
        assertThat(target.examine())
                .allMatch(finding -> finding.severity() == Finding.Severity.OK
                        && finding.remedy().isEmpty());
    }

    @Test
    void aDatabaseWithoutTablesIsAFindingAndStaysWithout() {
        Target target = new Target(Databases.newPostgresUrl(), "smartdata.");
        for (int look = 1; look <= 2; look++) {
            assertThat(target.finding("schema_mismatch").severity()).isEqualTo(Finding.Severity.ERROR);
        }
    }

    @Test
    void lookingAtAFileThatIsNotThereMakesNone(@TempDir Path folder) {
        Path file = folder.resolve("nothing.db");
        try (JdbcStorage storage = JdbcStorage.open("jdbc:sqlite:" + file)) {
            assertThatThrownBy(storage::examine)
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("schema_mismatch"));
            assertThatThrownBy(() ->
                            storage.withSchema(JdbcStorage.SchemaMode.VALIDATE).open(system -> {}))
                    .isInstanceOf(SmartDataException.class);
        }
        assertThat(Files.exists(file)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatWaitsForSomebodyIsCountedOverAllOrgs(Target target) {
        migrate(target);
        for (String org : List.of("acme", "globex")) {
            target.run("""
                    INSERT INTO #dead_letter (org_id, id, receipt_id, source, row_number, code, message, format,
                        context, payload, received_at, status, attempts)
                    VALUES ('%s', '1', '1', 'shop', 1, 'invalid_name', '', 'csv', '', '', 0, 'OPEN', 0)
                    """.formatted(org));
            target.run("""
                    INSERT INTO #receipt (org_id, id, source, received, accepted, duplicates, conflicts, rejected, complete,
                        json, received_at)
                    VALUES ('%s', '1', 'shop', 9, 4, 0, 0, 0, 0, '{}', 0)
                    """.formatted(org));
        }
        assertThat(target.finding("dead_letters_open").what()).startsWith("2 dead letters");
        assertThat(target.finding("calls_unfinished").what()).startsWith("2 calls");
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aQueueThatNobodyWorksOffIsNamed(Target target) {
        migrate(target);
        target.run("""
                INSERT INTO #kpi_delta (org_id, generation, family, bucket, source, dimension, delta_id, state, added_at)
                VALUES ('acme', 1, 'f', '2026-03-01', 'shop', '', '1', '1', 0)
                """);
        assertThat(target.finding("compaction_behind").severity()).isEqualTo(Finding.Severity.WARNING);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aJobThatItsNodeLeftIsNamedUntilSomebodyHoldsItAgain(Target target) {
        migrate(target);
        target.run("""
                INSERT INTO #job_run (job, slot, owner, fence, attempt, status, started_at, processed)
                VALUES ('compact', 0, 'node-1', 1, 1, 'RUNNING', 0, 0)
                """);
        target.run("INSERT INTO #lease (job, owner, fence, ends_at) VALUES ('compact', 'node-1', 1, 1)");
        assertThat(target.finding("jobs_left").what()).contains("compact");
        target.run("UPDATE #lease SET ends_at = 4000000000000000");
        assertThat(target.finding("jobs").severity()).isEqualTo(Finding.Severity.OK);
        target.run("UPDATE #job_run SET status = 'FAILED'");
        assertThat(target.finding("jobs_failed").what()).contains("compact");
        target.run("""
                INSERT INTO #job_run (job, slot, owner, fence, attempt, status, started_at, processed)
                VALUES ('compact', 1, 'node-1', 1, 1, 'DONE', 0, 0)
                """);
        assertThat(target.finding("jobs").severity()).isEqualTo(Finding.Severity.OK);
    }

    @Test
    void aServerThatDoesNotSyncIsNamed() {
        Target target = new Target(Databases.newPostgresUrl(), "smartdata.");
        migrate(target);
        target.run("ALTER ROLE ALL SET synchronous_commit = off");
        try {
            assertThat(target.finding("not_durable").what()).contains("synchronous_commit");
        } finally {
            target.run("ALTER ROLE ALL RESET synchronous_commit");
        }
    }

    @Test
    void aFileThatIsNotInWalIsNamed() {
        Target target = new Target(Databases.newSqliteUrl(), "sd_");
        migrate(target);
        String url = target.url() + "?journal_mode=DELETE";
        Databases.run(url, "PRAGMA journal_mode = DELETE");
        org.sqlite.SQLiteDataSource plain = new org.sqlite.SQLiteDataSource();
        plain.setUrl(target.url());
        assertThat(JdbcStorage.of(plain).examine()).extracting(Finding::code).contains("sqlite_not_wal");
    }
}

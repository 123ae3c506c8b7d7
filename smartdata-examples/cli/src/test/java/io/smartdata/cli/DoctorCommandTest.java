package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of whoever runs the database. */
class DoctorCommandTest {
    @TempDir
    private Path folder;

    private String db() {
        return "jdbc:sqlite:" + folder.resolve("test.db");
    }

    @Test
    void aDatabaseInOrderIsFound() {
        Cli.run("migrate", "--db", db());
        Cli looked = Cli.run("doctor", "--db", db());
        assertThat(looked.exitCode()).isZero();
        assertThat(looked.out()).contains("[schema]").contains("[dead_letters]").doesNotContain("ERROR");
    }

    @Test
    void findingsAreJsonToo() {
        Cli.run("migrate", "--db", db());
        Cli looked = Cli.run("doctor", "--json", "--db", db());
        assertThat(looked.exitCode()).isZero();
        assertThat(looked.json().path("errors").asInt(-1)).isZero();
        assertThat(looked.json().path("findings"))
                .isNotEmpty()
                .allSatisfy(
                        finding -> assertThat(finding.path("severity").asText()).isEqualTo("OK"));
    }

    @Test
    void whatIsRequiredAndNotSoIsAnError() {
        Cli.run("migrate", "--db", db());
        Cli looked = Cli.run("doctor", "--require", "row_security", "--db", db());
        assertThat(looked.exitCode()).isEqualTo(1);
        assertThat(looked.out())
                .contains("ERROR")
                .contains("[roles_unsupported]")
                .contains("-> ");
    }

    @Test
    void aPathWithoutAFileIsNamedAndStaysWithout() {
        for (String[] command :
                new String[][] {{"doctor", "--db", db()}, {"migrate", "--validate-only", "--db", db()}}) {
            Cli looked = Cli.run(command);
            assertThat(looked.exitCode()).isEqualTo(2);
            assertThat(looked.err()).contains("schema_mismatch").contains("does not exist");
        }
        assertThat(Files.exists(folder.resolve("test.db"))).isFalse();
    }

    @Test
    void theRolesArePrintedUnderTheirNames() {
        Cli printed = Cli.run("migrate", "--print-roles", "--app-role", "shop");
        assertThat(printed.exitCode()).isZero();
        assertThat(printed.out())
                .contains("GRANT USAGE ON SCHEMA smartdata TO shop, smartdata_read;")
                .doesNotContain("smartdata_app")
                .doesNotContain("POLICY");
        assertThat(Cli.run("migrate", "--print-roles", "--row-security").out()).contains("FORCE ROW LEVEL SECURITY");
    }

    @Test
    void wrongUsageIsNamed() {
        assertThat(Cli.run("migrate", "--row-security", "--db", db()).exitCode())
                .isEqualTo(2);
        assertThat(Cli.run("migrate", "--print-roles", "--app-role", "a;b").exitCode())
                .isEqualTo(2);
        assertThat(Files.exists(folder.resolve("test.db"))).isFalse();
    }
}

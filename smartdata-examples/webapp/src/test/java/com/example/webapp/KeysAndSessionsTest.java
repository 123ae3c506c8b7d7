package com.example.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.webapp.RunningApp.Tokens;
import com.example.webapp.login.SigningKeys;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the folder, and what survives a restart. */
class KeysAndSessionsTest {
    private final MutableClock clock = new MutableClock();

    @TempDir
    private Path folder;

    @Test
    void theFirstStartMakesAFolderAndKeysForTheOwnerOnly() throws Exception {
        try (RunningApp app = RunningApp.start(folder)) {
            assertThat(app.port()).isPositive();
            assertThat(permissions("data")).isEqualTo("rwx------");
            assertThat(permissions("data/signing-keys.json")).isEqualTo("rw-------");
        }
    }

    private String permissions(String path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
    }

    @Test
    void keysThatOthersCanReadStopTheStart() throws Exception {
        RunningApp.start(folder).close();
        Path keys = folder.resolve("data/signing-keys.json");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> RunningApp.start(folder))
                .rootCause()
                .hasMessageContaining("Others than the owner may read or change")
                .hasMessageContaining("chmod 600");
    }

    @Test
    void keysThatAreBrokenStopTheStartAndStayAsTheyAre() throws Exception {
        RunningApp.start(folder).close();
        Path keys = folder.resolve("data/signing-keys.json");
        Files.writeString(keys, "{\"keys\":");
        assertThatThrownBy(() -> RunningApp.start(folder))
                .hasStackTraceContaining("holds no keys")
                .hasStackTraceContaining("Restore it, or remove it");
        assertThat(keys).hasContent("{\"keys\":");
    }

    @Test
    void aRestartKeepsTokensAndSessions() throws Exception {
        Tokens tokens;
        try (RunningApp app = RunningApp.start(folder)) {
            tokens = app.login("viewer@acme");
        }
        try (RunningApp app = RunningApp.start(folder)) {
            assertThat(app.api(tokens, "/kpis").status()).isNotEqualTo(401);
            assertThat(app.refresh(tokens.refresh()).status()).isEqualTo(200);
        }
    }

    @Test
    void afterARotationTokensOfTheOldKeyLastUntilTheyEnd() throws Exception {
        try (RunningApp app = RunningApp.start(clock, folder)) {
            Tokens old = app.login("viewer@acme");
            String kid = app.context().getBean(SigningKeys.class).rotate();
            Tokens fresh = app.login("viewer@acme");
            assertThat(SignedJWT.parse(fresh.access()).getHeader().getKeyID()).isEqualTo(kid);
            assertThat(SignedJWT.parse(old.access()).getHeader().getKeyID()).isNotEqualTo(kid);
            assertThat(app.api(old, "/kpis").status()).isNotEqualTo(401);
            assertThat(permissions("data/signing-keys.json")).isEqualTo("rw-------");

            clock.advance(Duration.ofMinutes(11));
            app.context().getBean(SigningKeys.class).rotate();
            assertThat(Files.readString(folder.resolve("data/signing-keys.json")))
                    .as("the first key is gone, not only its tokens")
                    .doesNotContain(SignedJWT.parse(old.access()).getHeader().getKeyID())
                    .contains(kid);
            assertThat(app.api(old, "/kpis").status()).isEqualTo(401);
            assertThat(app.refresh(old.refresh()).status()).as("sessions go on").isEqualTo(200);
        }
    }

    @Test
    void aRunningServerTakesTheKeyThatTheCommandMade() throws Exception {
        try (RunningApp app = RunningApp.start(folder)) {
            Tokens old = app.login("viewer@acme");
            assertThat(command("rotate-keys")).contains("New tokens are signed with key");
            Tokens fresh = app.login("viewer@acme");
            assertThat(SignedJWT.parse(fresh.access()).getHeader().getKeyID())
                    .isNotEqualTo(SignedJWT.parse(old.access()).getHeader().getKeyID());
            assertThat(app.api(old, "/kpis").status()).isNotEqualTo(401);
            assertThat(app.api(fresh, "/kpis").status()).isNotEqualTo(401);
        }
    }

    @Test
    void theCommandsActOnTheDatabaseOfTheRunningServer() throws Exception {
        try (RunningApp app = RunningApp.start(folder)) {
            String password = command("add-user", "eve@acme", "acme", "org-viewer")
                    .strip()
                    .split("\\s+")[1];
            assertThat(app.tryLogin("eve@acme", password).status()).isEqualTo(200);
            String next = command("reset-password", "eve@acme").strip().split("\\s+")[1];
            assertThat(app.tryLogin("eve@acme", password).status()).isEqualTo(401);
            Tokens tokens = Tokens.of(app.tryLogin("eve@acme", next));
            assertThat(command("load-demo")).contains("731 new", "10320 new");
            assertThat(app.api(tokens, "/kpis/rentals/series?from=2012-12-31&to=2013-01-01")
                            .body())
                    .contains("2729");
            command("deactivate", "eve@acme");
            assertThat(app.refresh(tokens.refresh()).status()).isEqualTo(401);
            assertThat(app.tryLogin("eve@acme", next).status()).isEqualTo(401);
        }
    }

    @Test
    void aCommandThatIsNoneChangesNothing() {
        String[] options = {"--webapp.folder=" + folder.resolve("data"), "--webapp.demo.accounts=false"};
        assertThat(Commands.run(List.of("rotate"), options)).isEqualTo(2);
        assertThat(Commands.run(List.of("add-user", "eve", "acme", "root"), options))
                .isEqualTo(1);
        assertThat(Commands.run(List.of("deactivate", "nobody"), options)).isEqualTo(1);
        assertThat(Commands.help()).contains("rotate-keys", "load-demo");
    }

    private String command(String... words) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            String[] arguments = {
                "--webapp.folder=" + folder.resolve("data"), "--webapp.demo.password=" + RunningApp.PASSWORD
            };
            assertThat(Commands.run(List.of(words), arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutAPasswordEachDemoAccountGetsItsOwnPrintedOnce() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(first, true, StandardCharsets.UTF_8));
            RunningApp.start(folder, "webapp.demo.password=").close();
            System.setOut(new PrintStream(second, true, StandardCharsets.UTF_8));
            RunningApp.start(folder, "webapp.demo.password=").close();
        } finally {
            System.setOut(before);
        }
        List<String> lines = first.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.matches("  \\S+@\\S+ +\\S{20}"))
                .toList();
        assertThat(lines).hasSize(11);
        assertThat(lines.stream().map(line -> line.strip().split(" +")[1])).doesNotHaveDuplicates();
        assertThat(second.toString(StandardCharsets.UTF_8)).doesNotContain("Demo accounts");
        String[] viewer = lines.stream()
                .filter(line -> line.contains("viewer@globex"))
                .findFirst()
                .orElseThrow()
                .strip()
                .split(" +");
        try (RunningApp app = RunningApp.start(folder)) {
            assertThat(app.tryLogin(viewer[0], viewer[1]).status()).isEqualTo(200);
        }
    }

    @Test
    void demoAccountsAreNotMadeIfNobodyWantsThem() throws Exception {
        try (RunningApp app = RunningApp.start(folder, "webapp.demo.accounts=false")) {
            assertThat(app.tryLogin("viewer@acme", RunningApp.PASSWORD).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void signUpMakesAnAccountAndTellsNobodyWhichNamesAreTaken() throws Exception {
        try (RunningApp app = RunningApp.start(folder, "webapp.login.sign-up.enabled=true")) {
            RunningApp.Answer made = app.post("/sign-up", "{\"name\":\"eve\",\"password\":\"a long password\"}");
            RunningApp.Answer taken =
                    app.post("/sign-up", "{\"name\":\"owner@acme\",\"password\":\"a long password\"}");
            assertThat(made.status()).isEqualTo(202);
            assertThat(taken.status()).isEqualTo(202);
            assertThat(taken.body()).isEqualTo(made.body());
            assertThat(app.tryLogin("owner@acme", "a long password").status()).isEqualTo(401);
            Tokens eve = Tokens.of(app.tryLogin("eve", "a long password"));
            assertThat(app.api(eve, "/kpis").status())
                    .as("a member may nothing yet")
                    .isEqualTo(403);
            for (String bad : List.of(
                    "{\"name\":\"eve2\",\"password\":\"short\"}",
                    "{\"name\":\"eve 2\",\"password\":\"a long password\"}",
                    "{\"name\":\"\\u0435ve\",\"password\":\"a long password\"}",
                    "{\"name\":\"eve2\"}")) {
                assertThat(app.post("/sign-up", bad).code()).isEqualTo("invalid_request");
            }
        }
    }
}

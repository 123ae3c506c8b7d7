package io.smartdata.spring.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartdata.core.SmartData;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.spring.RunningHost;
import io.smartdata.storage.JobRun;
import io.smartdata.tenancy.AccessPolicy;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

/** A node that is stopped in the middle of a piece ends it and leaves the rest to another one, at once. */
class GracefulStopTest {
    private static final int SIGTERM = 143;

    @TempDir
    private Path folder;

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("jobs.db");
    }

    /** In the background, or on Spring's scheduler. */
    private String[] arguments(boolean background) {
        return new String[] {
            "--spring.datasource.url=" + url(),
            "--spring.main.web-application-type=none",
            "--spring.main.keep-alive=true",
            "--spring.autoconfigure.exclude=" + RunningHost.excluded(),
            "--smartdata.jobs.enabled=" + background,
            "--test.folder=" + folder
        };
    }

    @ParameterizedTest(name = "in the background: {0}")
    @ValueSource(booleans = {true, false})
    void aProcessThatIsToldToEndFinishesItsPiece(boolean background) throws Exception {
        anOrg();
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                SlowHost.class.getName()));
        command.addAll(List.of(arguments(background)));
        File log = folder.resolve("log.txt").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            assumeTrue(process.supportsNormalTermination(), "Processes can only be killed here");
            SlowHost.awaitWord(folder, "begun");
            process.destroy();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(SIGTERM);
        } finally {
            process.destroyForcibly();
        }
        assertThatTheRestIsLeftToAnotherNode();
    }

    @ParameterizedTest(name = "in the background: {0}")
    @ValueSource(booleans = {true, false})
    void aContextThatIsClosedFinishesItsPiece(boolean background) throws Exception {
        anOrg();
        Class<?>[] sources =
                background ? new Class<?>[] {SlowHost.class} : new Class<?>[] {SlowHost.class, SpringScheduling.class};
        ConfigurableApplicationContext context = SpringApplication.run(sources, arguments(background));
        SlowHost.awaitWord(folder, "begun");
        context.close();
        assertThatTheRestIsLeftToAnotherNode();
    }

    private void anOrg() {
        try (SmartData smartData = node()) {
            JobHost.store(smartData, JobHost.acme(smartData), "the org exists from now on");
        }
    }

    private SmartData node() {
        AtomicReference<SmartData> itself = new AtomicReference<>();
        SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open(url()))
                .accessPolicy(AccessPolicy.singleOperator())
                .withoutLibraryJobs()
                .job(SlowHost.job(itself::get, folder))
                .build();
        itself.set(smartData);
        return smartData;
    }

    private void assertThatTheRestIsLeftToAnotherNode() {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl(url());
        JdbcTemplate jdbc = new JdbcTemplate(database);
        assertThat(jdbc.queryForList("SELECT job FROM sd_lease WHERE ends_at > 0"))
                .as("leases that a node holds")
                .isEmpty();
        assertThat(stored(jdbc)).containsExactly("first");
        try (SmartData another = node()) {
            assertThat(another.jobs().runDue()).extracting(JobRun::status).containsExactly(JobRun.Status.DONE);
        }
        assertThat(stored(jdbc)).containsExactly("first", "second");
    }

    private static List<String> stored(JdbcTemplate jdbc) {
        return jdbc.queryForList(
                "SELECT name FROM sd_event WHERE name IN ('first', 'second') ORDER BY name", String.class);
    }
}

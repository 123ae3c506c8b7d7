package io.smartdata.spring.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.spring.Postgres;
import io.smartdata.spring.Repository;
import io.smartdata.spring.RunningHost;
import io.smartdata.storage.JobRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** Two nodes on one database, without a thread of ours: whatever calls them, a slot takes effect once. */
class HostSchedulersTest {
    private static final int SLOTS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    @Import({JobHost.class, SpringScheduling.class})
    static class OnSpring {}

    @Configuration(proxyBeanMethods = false)
    @Import({JobHost.class, QuartzScheduling.class})
    static class OnQuartz {}

    @Configuration(proxyBeanMethods = false)
    @Import({JobHost.class, DbScheduling.class})
    static class OnDbScheduler {}

    @ParameterizedTest
    @ValueSource(classes = {OnSpring.class, OnQuartz.class, OnDbScheduler.class})
    void everySlotTakesEffectOnceAndNoLeaseIsLeft(Class<?> node) throws Exception {
        String url = Postgres.newDatabase();
        JdbcTemplate database = database(url);
        database.execute(DB_SCHEDULER_TABLE);
        try (RunningHost one = start(node, url)) {
            SmartData smartData = one.context().getBean(SmartData.class);
            JobHost.store(smartData, JobHost.acme(smartData), "the org exists from now on");
            try (RunningHost two = start(node, url)) {
                assertThat(two.context().isRunning()).isTrue();
                awaitSlots(smartData);
            }
        }
        assertThat(count(database, "smartdata.event WHERE name = 'tick'"))
                .as("events that slots have stored")
                .isEqualTo(count(database, "smartdata.job_run WHERE job = 'tick' AND processed = 1"))
                .isGreaterThanOrEqualTo(SLOTS);
        assertThat(count(database, "smartdata.job_run WHERE job = 'tick' AND status = 'FAILED'"))
                .isZero();
        assertThat(count(database, "smartdata.lease WHERE ends_at > 0")).isZero();
    }

    @Test
    void theRecipesAreTheClassesThatRunHere() throws Exception {
        Path classes = Repository.file("smartdata-spring-boot-starter/src/test/java/io/smartdata/spring/jobs");
        Matcher recipes = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(Repository.file("docs/recipes/schedulers.md")));
        for (String recipe : List.of("SpringScheduling", "QuartzScheduling", "DbScheduling")) {
            assertThat(recipes.find()).as(recipe).isTrue();
            assertThat(Files.readString(classes.resolve(recipe + ".java"))).endsWith(recipes.group(1) + "\n");
        }
        assertThat(recipes.find()).as("a recipe that is not tried").isFalse();
    }

    private RunningHost start(Class<?> node, String url) {
        return RunningHost.withoutSecurity(
                folder, node, "spring.datasource.url=" + url, "smartdata.jobs.enabled=false");
    }

    private static JdbcTemplate database(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return new JdbcTemplate(dataSource);
    }

    private static void awaitSlots(SmartData smartData) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (done(smartData).size() < SLOTS) {
            assertThat(System.nanoTime()).as("slots done: %s", done(smartData)).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static List<JobRun> done(SmartData smartData) {
        return smartData.jobs().history(JobHost.JOB, 100).stream()
                .filter(run -> run.status() == JobRun.Status.DONE && run.processed() == 1)
                .toList();
    }

    private static long count(JdbcTemplate database, String rows) {
        Long count = database.queryForObject("SELECT COUNT(*) FROM " + rows, Long.class);
        return count == null ? 0 : count;
    }

    /** As db-scheduler's documentation has it for PostgreSQL. */
    private static final String DB_SCHEDULER_TABLE = """
            CREATE TABLE scheduled_tasks (
                task_name            TEXT NOT NULL,
                task_instance        TEXT NOT NULL,
                task_data            BYTEA,
                execution_time       TIMESTAMP WITH TIME ZONE NOT NULL,
                picked               BOOLEAN NOT NULL,
                picked_by            TEXT,
                last_success         TIMESTAMP WITH TIME ZONE,
                last_failure         TIMESTAMP WITH TIME ZONE,
                consecutive_failures INT,
                last_heartbeat       TIMESTAMP WITH TIME ZONE,
                version              BIGINT NOT NULL,
                priority             SMALLINT,
                PRIMARY KEY (task_name, task_instance)
            )
            """;
}

package io.smartdata.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.core.SmartData;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobPiece;
import io.smartdata.event.Event;
import io.smartdata.spring.RunningHost;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.sqlite.SQLiteDataSource;

/** What a probe reads while things get worse and better again; its minutes pass when the test says so. */
class HealthHysteresisTest {
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.EPOCH);
    private static final AtomicBoolean STORE_AWAY = new AtomicBoolean();
    private static final AtomicBoolean JOB_BROKEN = new AtomicBoolean();

    @TempDir
    private Path folder;

    private RunningHost host;
    private SmartData smartData;
    private JdbcTemplate database;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        AccessPolicy policy() {
            return AccessPolicy.singleOperator();
        }

        @Bean
        Clock clock() {
            InstantSource source = NOW::get;
            return source.withZone(ZoneOffset.UTC);
        }

        @Bean
        DelegatingDataSource dataSource(@Value("${spring.datasource.url}") String url) {
            SQLiteDataSource file = new SQLiteDataSource();
            file.setUrl(url);
            return new DelegatingDataSource(file) {
                @Override
                public Connection getConnection() throws SQLException {
                    if (STORE_AWAY.get()) {
                        throw new SQLTransientConnectionException("No connection within 30 s");
                    }
                    return super.getConnection();
                }
            };
        }

        @Bean
        Job fragile() {
            return Job.named("fragile")
                    .every(Duration.ofHours(10))
                    .perOrg((context, org) -> List.of(JobPiece.repeatable(scope -> {
                                if (JOB_BROKEN.get()) {
                                    throw new IllegalStateException("broken on purpose");
                                }
                                return 1;
                            }))
                            .iterator());
        }
    }

    @BeforeEach
    void start() throws Exception {
        NOW.set(Instant.now());
        STORE_AWAY.set(false);
        JOB_BROKEN.set(false);
        host = RunningHost.withoutSecurity(
                folder, Host.class, "smartdata.jobs.enabled=false", "management.endpoint.health.show-details=always");
        smartData = host.context().getBean(SmartData.class);
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
        database = new JdbcTemplate(file);
        batches(1);
        age(0);
        assertHealth("UP", 200);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void batches(int count) {
        OrgScope acme = smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST);
        for (int i = 0; i < count; i++) {
            smartData
                    .ingest(acme)
                    .events(List.of(Event.named("login", Instant.parse("2026-03-01T12:00:00Z"))
                            .id("e" + i)
                            .build()));
        }
    }

    /** Makes every delta that waits so old, by the database's clock. */
    private void age(int seconds) {
        database.update("UPDATE sd_kpi_delta SET added_at = ?", (System.currentTimeMillis() - seconds * 1000L) * 1000);
    }

    private void leaveBatches(int count) {
        database.update(
                "DELETE FROM sd_kpi_delta WHERE delta_id NOT IN (SELECT DISTINCT delta_id FROM sd_kpi_delta LIMIT ?)",
                count);
        age(0);
    }

    /** The next look, a minute after the one before. */
    private JsonNode assertHealth(String status, int httpStatus) throws Exception {
        NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(1)));
        RunningHost.Answer answer = host.get("/actuator/health/smartData");
        assertThat(answer.json().path("status").asText()).as(answer.body()).isEqualTo(status);
        assertThat(answer.status()).isEqualTo(httpStatus);
        return answer.json().path("details");
    }

    @Test
    void aLagThatLastsDegradesUntilItIsClearlyShorter() throws Exception {
        age(200);
        assertHealth("UP", 200);
        assertHealth("UP", 200);
        assertThat(assertHealth("DEGRADED", 200).path("lag").asText()).isEqualTo("DEGRADED");
        age(70);
        assertHealth("DEGRADED", 200);
        age(0);
        assertThat(assertHealth("UP", 200).path("lag").asText()).isEqualTo("UP");
        age(70);
        assertHealth("UP", 200);
    }

    @Test
    void aLagWithABreakIsNoAlarm() throws Exception {
        for (int round = 0; round < 3; round++) {
            age(200);
            assertHealth("UP", 200);
            assertHealth("UP", 200);
            age(0);
            assertHealth("UP", 200);
        }
    }

    @Test
    void aBacklogOfFiveMinutesDegradesUntilItIsClearlySmaller() throws Exception {
        batches(110);
        age(0);
        for (int minute = 0; minute < 5; minute++) {
            assertHealth("UP", 200);
        }
        assertThat(assertHealth("DEGRADED", 200).path("backlog").asText()).isEqualTo("DEGRADED");
        leaveBatches(60);
        assertHealth("DEGRADED", 200);
        leaveBatches(39);
        assertHealth("UP", 200);
    }

    @Test
    void answersThatAreOverdueDegradeUntilTheyAreMadeAnew() throws Exception {
        smartData.jobs().run("anomalies");
        age(0);
        assertHealth("UP", 200);
        database.update(
                "UPDATE sd_derivation SET data_fresh_as_of = ?",
                Instant.now().minus(Duration.ofDays(3)).toEpochMilli() * 1000);
        assertThat(assertHealth("DEGRADED", 200).path("freshness").asText()).isEqualTo("DEGRADED");
        smartData.jobs().run("anomalies");
        assertHealth("UP", 200);
    }

    @Test
    void aFailedJobDegradesUntilItSucceeds() throws Exception {
        JOB_BROKEN.set(true);
        smartData.jobs().run("fragile");
        assertThat(assertHealth("DEGRADED", 200).path("jobs").asText()).startsWith("DEGRADED: ");
        assertHealth("DEGRADED", 200);
        JOB_BROKEN.set(false);
        smartData.jobs().run("fragile");
        assertHealth("UP", 200);
    }

    @Test
    void aStoreThatIsAwayIsDownAtOnceAndUpAtOnce() throws Exception {
        STORE_AWAY.set(true);
        assertThat(assertHealth("DOWN", 503).path("store").asText()).isEqualTo("DOWN: store_unavailable");
        STORE_AWAY.set(false);
        age(0);
        assertHealth("UP", 200);
    }

    @Test
    void aNodeThatIsDegradedStaysInTheLoadBalancer() throws Exception {
        JOB_BROKEN.set(true);
        smartData.jobs().run("fragile");
        assertHealth("DEGRADED", 200);
        RunningHost.Answer whole = host.get("/actuator/health");
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.json().path("status").asText()).isEqualTo("UP");
    }
}

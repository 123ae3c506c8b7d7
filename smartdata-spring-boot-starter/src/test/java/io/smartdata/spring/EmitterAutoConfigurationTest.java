package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.emit.Delivery;
import io.smartdata.core.emit.Emission;
import io.smartdata.core.emit.EmitterAuthorization;
import io.smartdata.core.emit.EmitterSettings;
import io.smartdata.core.emit.EventEmitter;
import io.smartdata.core.emit.EventTransport;
import io.smartdata.core.emit.FileSpool;
import io.smartdata.core.emit.UnsentEvent;
import io.smartdata.core.emit.UnsentEvents;
import io.smartdata.emit.EventSpool;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcEventSpool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class EmitterAutoConfigurationTest {
    private static final String URL = "smartdata.emitter.url=https://stats.example.com/smartdata";

    /** As an application that only emits has it. */
    private final ApplicationContextRunner emitting = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SmartDataEmitterAutoConfiguration.class));

    private final Collector server = new Collector();

    @TempDir
    private Path folder;

    /** Takes everything. */
    private static final class Collector implements EventTransport {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean refusing;

        @Override
        public Delivery send(List<byte[]> batch) {
            if (refusing) {
                return new Delivery.Refused("not_permitted", "");
            }
            batch.forEach(json -> events.add(new String(json, StandardCharsets.UTF_8)));
            return new Delivery.Answered(batch.size(), 0, List.of());
        }
    }

    private static Event event(String id) {
        return Event.named("tick", Instant.EPOCH).id(id).build();
    }

    private HikariDataSource database() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:sqlite:" + folder.resolve("shop.db") + "?transaction_mode=IMMEDIATE&busy_timeout=10000");
        return pool;
    }

    @Test
    void withoutAnAddressThereIsNoEmitter() {
        emitting.run(context -> assertThat(context).doesNotHaveBean(EventEmitter.class));
    }

    @Test
    void anAddressIsEnoughAndNeedsNoDatabase() {
        emitting.withPropertyValues(URL)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(EventEmitter.class)
                        .doesNotHaveBean(EventSpool.class)
                        .doesNotHaveBean(SmartData.class));
    }

    @Test
    void disabledMeansGone() {
        emitting.withPropertyValues(URL, "smartdata.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(EventEmitter.class));
    }

    @ParameterizedTest
    @CsvSource({
        "smartdata.emitter.url=http://stats.example.com, HTTPS",
        "smartdata.emitter.url=https://u:secret@stats.example.com, without user",
        "smartdata.emitter.url=, empty",
        "smartdata.emitter.batch-events=0, batchEvents",
        "smartdata.emitter.batch-bytes=3GB, overflow",
        "smartdata.emitter.first-backoff=2m, firstBackoff",
        "smartdata.emitter.spool=file, spool-folder",
        "smartdata.emitter.org=two words, smartdata.emitter"
    })
    void wrongSettingsFailTheStartAndAreNamed(String setting, String word) {
        emitting.withPropertyValues(URL, setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(word));
    }

    @Test
    void settingsReachTheEmitter() {
        emitting.withPropertyValues(
                        URL,
                        "smartdata.emitter.max-waiting=5",
                        "smartdata.emitter.max-event-bytes=1KB",
                        "smartdata.emitter.linger=3s")
                .run(context -> assertThat(context.getBean(EmitterSettings.class))
                        .returns(5, EmitterSettings::maxWaiting)
                        .returns(1_024, EmitterSettings::maxEventBytes)
                        .returns(Duration.ofSeconds(3), EmitterSettings::linger));
    }

    @Test
    void theTokenIsNotInAnyText() {
        emitting.withPropertyValues(URL, "smartdata.emitter.token=s3cret")
                .run(context -> assertThat(context.getBean(SmartDataEmitterProperties.class))
                        .returns("s3cret", SmartDataEmitterProperties::token)
                        .asString()
                        .doesNotContain("s3cret"));
    }

    @Test
    void everythingGivesWayToBeansOfTheHost() {
        UnsentEvents unsent = event -> {};
        EmitterSettings settings = EmitterSettings.defaults().withLinger(Duration.ofMillis(7));
        EventSpool spool = FileSpool.open(folder.resolve("own"), 1 << 20);
        emitting.withBean(EventTransport.class, () -> server)
                .withBean(UnsentEvents.class, () -> unsent)
                .withBean(EmitterSettings.class, () -> settings)
                .withBean(EventSpool.class, () -> spool)
                .withPropertyValues(URL, "smartdata.emitter.spool=file")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(EventEmitter.class).emitDurably(event("1")))
                            .isEqualTo(Emission.DURABLE);
                    assertThat(context.getBean(UnsentEvents.class)).isSameAs(unsent);
                });
        EventEmitter own = EventEmitter.to(server).build();
        emitting.withBean(EventEmitter.class, () -> own)
                .withPropertyValues(URL)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(EventTransport.class)
                        .getBean(EventEmitter.class)
                        .isSameAs(own));
    }

    @Test
    void anAuthorizationOfTheHostIsAskedBeforeTheServerIs() {
        List<Boolean> asked = Collections.synchronizedList(new ArrayList<>());
        emitting.withBean(EmitterAuthorization.class, () -> renewed -> {
                    asked.add(renewed);
                    throw new IOException("no token yet");
                })
                .withPropertyValues(URL)
                .run(context -> {
                    EventEmitter emitter = context.getBean(EventEmitter.class);
                    emitter.emit(event("1"));
                    emitter.flush(Duration.ofMillis(200));
                    assertThat(emitter.statistics().lastErrorCode()).isEqualTo("authorization_failed");
                    emitter.close(Duration.ZERO);
                });
        assertThat(asked).contains(false).doesNotContain(true);
    }

    @Test
    void aStopSendsWhatWaits() {
        emitting.withBean(EventTransport.class, () -> server)
                .withPropertyValues(URL, "smartdata.emitter.linger=1d")
                .run(context -> {
                    context.getBean(EventEmitter.class).emit(event("1"));
                    assertThat(server.events).isEmpty();
                });
        assertThat(server.events).hasSize(1);
    }

    @Test
    void itsMetersAreInTheRegistryOfTheHost() {
        emitting.withBean(EventTransport.class, () -> server)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues(URL)
                .run(context -> {
                    context.getBean(EventEmitter.class).emit(event("1"));
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("smartdata.emitter.events")
                                    .tag("outcome", "emitted")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void eventsInFilesAreSentByTheNextProcessAndRefusedOnesAreKept() {
        ApplicationContextRunner onFiles = emitting.withBean(EventTransport.class, () -> server)
                .withPropertyValues(
                        URL,
                        "smartdata.emitter.spool=file",
                        "smartdata.emitter.spool-folder=" + folder.resolve("spool"),
                        "smartdata.emitter.close-timeout=0s",
                        "smartdata.emitter.linger=1d");
        onFiles.run(context -> assertThat(context.getBean(EventEmitter.class).emitDurably(event("1")))
                .isEqualTo(Emission.DURABLE));
        onFiles.run(context -> {
            EventEmitter emitter = context.getBean(EventEmitter.class);
            assertThat(emitter.flush(Duration.ofSeconds(30))).isTrue();
            server.refusing = true;
            emitter.emit(event("2"));
            assertThat(emitter.flush(Duration.ofSeconds(30))).isTrue();
        });
        assertThat(server.events).hasSize(1);
        assertThat(folder.resolve("spool/unsent.ndjson"))
                .content()
                .startsWith("{\"code\":\"not_permitted\"")
                .contains("\"id\":\"2\"");
    }

    @Configuration(proxyBeanMethods = false)
    static class Transactions {
        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    @Test
    void anOutboxSendsWhatTheHostCommitsAndNothingElse() {
        emitting.withBean(DataSource.class, this::database)
                .withBean(EventTransport.class, () -> server)
                .withUserConfiguration(Transactions.class)
                .withPropertyValues(URL, "smartdata.emitter.spool=database")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    TransactionalEmitter emitter = context.getBean(TransactionalEmitter.class);
                    JdbcTemplate sql = new JdbcTemplate(context.getBean(DataSource.class));
                    sql.execute("CREATE TABLE orders (id INTEGER)");
                    TransactionTemplate transaction =
                            new TransactionTemplate(context.getBean(JdbcTransactionManager.class));
                    transaction.executeWithoutResult(status -> {
                        sql.update("INSERT INTO orders VALUES (1)");
                        emitter.emit(Event.named("order_placed", Instant.EPOCH).value(1));
                    });
                    assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                                sql.update("INSERT INTO orders VALUES (2)");
                                emitter.emit(Event.named("order_placed", Instant.EPOCH)
                                        .value(2));
                                throw new IllegalStateException("The card was refused");
                            }))
                            .hasMessage("The card was refused");
                    emitter.emit(Event.named("order_placed", Instant.EPOCH).value(3));
                    assertThat(context.getBean(EventEmitter.class).flush(Duration.ofSeconds(30)))
                            .isTrue();
                    assertThat(server.events)
                            .extracting(json -> json.replaceAll(".*\"value\":(\\d).*", "$1"))
                            .containsExactlyInAnyOrder("1", "3");
                });
    }

    @Test
    void aTransactionOfAnotherDatabaseIsNotJoinedInSilence() {
        emitting.withBean(DataSource.class, this::database)
                .withBean(EventTransport.class, () -> server)
                .withPropertyValues(URL, "smartdata.emitter.spool=database")
                .run(context -> {
                    TransactionalEmitter emitter = context.getBean(TransactionalEmitter.class);
                    try (HikariDataSource other = new HikariDataSource()) {
                        other.setJdbcUrl("jdbc:sqlite:" + folder.resolve("other.db"));
                        TransactionTemplate elsewhere = new TransactionTemplate(new JdbcTransactionManager(other));
                        assertThatThrownBy(() -> elsewhere.executeWithoutResult(status -> emitter.emit(event("1"))))
                                .isInstanceOfSatisfying(
                                        SmartDataException.class,
                                        e -> assertThat(e.code()).isEqualTo("transaction_elsewhere"));
                    }
                });
        assertThat(server.events).isEmpty();
    }

    @Test
    void theOutboxLiesInTheDatabaseOfThePipeline() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SmartDataAutoConfiguration.class, SmartDataEmitterAutoConfiguration.class))
                .withBean(DataSource.class, this::database)
                .withBean(EventTransport.class, () -> server)
                .withPropertyValues(URL, "smartdata.emitter.spool=database", "smartdata.jobs.enabled=false")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(HostDataSource.class);
                    assertThat(context.getBean(EventSpool.class)).isInstanceOf(JdbcEventSpool.class);
                    assertThat(context.getBean(EventEmitter.class).emitDurably(event("1")))
                            .isEqualTo(Emission.DURABLE);
                });
        assertThat(server.events).hasSize(1);
    }

    @Test
    void whatCannotBeSentBeforeTheStopIsGivenUpAloud() {
        List<UnsentEvent> unsent = Collections.synchronizedList(new ArrayList<>());
        emitting.withBean(EventTransport.class, () -> batch -> new Delivery.Deferred("store_unavailable", "", null))
                .withBean(UnsentEvents.class, () -> unsent::add)
                .withPropertyValues(URL, "smartdata.emitter.close-timeout=50ms")
                .run(context -> context.getBean(EventEmitter.class).emit(event("1")));
        assertThat(unsent).singleElement().returns(UnsentEvent.NOT_SENT, UnsentEvent::code);
    }
}

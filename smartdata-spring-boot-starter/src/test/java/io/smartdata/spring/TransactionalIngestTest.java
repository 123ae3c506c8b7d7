package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** A host's order and the event about it: both or neither. */
class TransactionalIngestTest {
    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Host {
        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        Shop shop(DataSource dataSource, TransactionalIngest ingest, SmartData smartData) {
            return new Shop(new JdbcTemplate(dataSource), ingest, smartData);
        }
    }

    static class Shop {
        private final JdbcTemplate jdbc;
        private final TransactionalIngest ingest;
        private final SmartData smartData;

        Shop(JdbcTemplate jdbc, TransactionalIngest ingest, SmartData smartData) {
            this.jdbc = jdbc;
            this.ingest = ingest;
            this.smartData = smartData;
        }

        @Transactional
        public IngestReceipt place(String id, boolean fails) {
            jdbc.update("INSERT INTO orders (id) VALUES (?)", id);
            IngestReceipt receipt = ingest.of(acme(smartData)).events(List.of(placed(id)));
            if (fails) {
                throw new IllegalStateException("The card was refused");
            }
            return receipt;
        }

        long orders() {
            Long count = jdbc.queryForObject("SELECT count(*) FROM orders", Long.class);
            return count == null ? 0 : count;
        }
    }

    private static OrgScope acme(SmartData smartData) {
        return smartData.access().scope(Caller.of("shop"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);
    }

    private static Event placed(String id) {
        return Event.named("order_placed", Instant.parse("2026-03-01T12:00:00Z"))
                .id(id)
                .value(5)
                .build();
    }

    private static IngestReceipt again(SmartData smartData, String id) {
        return smartData.ingest(acme(smartData)).events(List.of(placed(id)));
    }

    private void withShop(ContextConsumer<AssertableApplicationContext> facts) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SmartDataAutoConfiguration.class, SmartDataTransactionAutoConfiguration.class))
                .withUserConfiguration(Host.class)
                .withPropertyValues("smartdata.jobs.enabled=false")
                .withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withBean(DataSource.class, () -> pool("host.db"))
                .run(context -> {
                    new JdbcTemplate(context.getBean(DataSource.class)).execute("CREATE TABLE orders (id TEXT)");
                    again(context.getBean(SmartData.class), "the org exists from now on");
                    facts.accept(context);
                });
    }

    private HikariDataSource pool(String file) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url(file));
        return pool;
    }

    String url(String file) {
        return "jdbc:sqlite:" + folder.resolve(file) + "?transaction_mode=IMMEDIATE";
    }

    @Test
    void whatTheHostCommitsIsStored() {
        withShop(context -> {
            Shop shop = context.getBean(Shop.class);
            assertThat(shop.place("1", false).provisional()).isTrue();
            assertThat(shop.orders()).isEqualTo(1);
            assertThat(again(context.getBean(SmartData.class), "1").duplicates())
                    .isEqualTo(1);
        });
    }

    @Test
    void whatTheHostRollsBackNeverWas() {
        withShop(context -> {
            Shop shop = context.getBean(Shop.class);
            assertThatThrownBy(() -> shop.place("1", true)).isInstanceOf(IllegalStateException.class);
            assertThat(shop.orders()).isZero();
            assertThat(again(context.getBean(SmartData.class), "1").accepted()).isEqualTo(1);
        });
    }

    @Test
    void withoutATransactionItCommitsByItself() {
        withShop(context -> {
            SmartData smartData = context.getBean(SmartData.class);
            IngestReceipt receipt = context.getBean(TransactionalIngest.class)
                    .of(acme(smartData))
                    .events(List.of(placed("1")));
            assertThat(receipt.provisional()).isFalse();
            assertThat(receipt.accepted()).isEqualTo(1);
        });
    }

    @Test
    void aTransactionOfAnotherDatabaseIsNotJoinedInSilence() {
        withShop(context -> {
            SmartData smartData = context.getBean(SmartData.class);
            TransactionalIngest ingest = context.getBean(TransactionalIngest.class);
            try (HikariDataSource other = pool("other.db")) {
                PlatformTransactionManager elsewhere = new JdbcTransactionManager(other);
                assertThatThrownBy(() -> new TransactionTemplate(elsewhere)
                                .executeWithoutResult(status -> ingest.of(acme(smartData))))
                        .isInstanceOfSatisfying(
                                SmartDataException.class,
                                e -> assertThat(e.code()).isEqualTo("transaction_elsewhere"));
            }
        });
    }

    @Test
    void aConnectionThatATransactionOfAnotherDatabaseHoldsIsNotJoined() {
        withShop(context -> {
            SmartData smartData = context.getBean(SmartData.class);
            JdbcTemplate ours = new JdbcTemplate(context.getBean(DataSource.class));
            TransactionalIngest ingest = context.getBean(TransactionalIngest.class);
            try (HikariDataSource other = pool("other.db")) {
                PlatformTransactionManager elsewhere = new JdbcTransactionManager(other);
                assertThatThrownBy(() -> new TransactionTemplate(elsewhere).executeWithoutResult(status -> {
                            ours.queryForList("SELECT id FROM orders");
                            ingest.of(acme(smartData));
                        }))
                        .isInstanceOfSatisfying(
                                SmartDataException.class,
                                e -> assertThat(e.code()).isEqualTo("transaction_elsewhere"));
            }
        });
    }
}

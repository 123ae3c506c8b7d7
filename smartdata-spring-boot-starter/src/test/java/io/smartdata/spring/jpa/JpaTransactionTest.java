package io.smartdata.spring.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.spring.Postgres;
import io.smartdata.spring.RunningHost;
import io.smartdata.spring.TransactionalIngest;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** An entity that Hibernate saves and the event about it: both or neither. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JpaTransactionTest {
    private RunningHost host;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @AutoConfigurationPackage(basePackageClasses = Purchase.class)
    static class Host {
        @Bean
        AccessPolicy policy() {
            return AccessPolicy.singleOperator();
        }

        @Bean
        Shop shop(TransactionalIngest ingest, SmartData smartData) {
            return new Shop(ingest, smartData);
        }
    }

    static class Shop {
        private final TransactionalIngest ingest;
        private final SmartData smartData;

        @PersistenceContext
        private @Nullable EntityManager entities;

        Shop(TransactionalIngest ingest, SmartData smartData) {
            this.ingest = ingest;
            this.smartData = smartData;
        }

        @Transactional
        public IngestReceipt buy(String id, String event, boolean fails) {
            entities().persist(new Purchase(id));
            IngestReceipt receipt = ingest.of(acme(smartData)).events(List.of(bought(event)));
            if (fails) {
                throw new IllegalStateException("The card was refused");
            }
            return receipt;
        }

        @Transactional(readOnly = true)
        public boolean knows(String id) {
            return entities().find(Purchase.class, id) != null;
        }

        private EntityManager entities() {
            return Objects.requireNonNull(entities);
        }
    }

    private static OrgScope acme(SmartData smartData) {
        return smartData.access().scope(Caller.of("shop"), OrgId.of("acme"), Permission.INGEST);
    }

    private static Event bought(String id) {
        return Event.named("bought", Instant.parse("2026-03-01T12:00:00Z"))
                .id(id)
                .build();
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        host = RunningHost.withJpa(
                folder,
                Host.class,
                "spring.datasource.url=" + Postgres.newDatabase(),
                "spring.jpa.hibernate.ddl-auto=create",
                "spring.jpa.open-in-view=false");
        assertThat(again("the org exists from now on").accepted()).isEqualTo(1);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private Shop shop() {
        return host.context().getBean(Shop.class);
    }

    private IngestReceipt again(String id) {
        SmartData smartData = host.context().getBean(SmartData.class);
        return smartData.ingest(acme(smartData)).events(List.of(bought(id)));
    }

    @Test
    void theTransactionIsThatOfJpa() {
        assertThat(host.context()
                        .getBean(PlatformTransactionManager.class)
                        .getClass()
                        .getSimpleName())
                .isEqualTo("JpaTransactionManager");
    }

    @Test
    void entityAndEventAreCommittedTogether() {
        assertThat(shop().buy("1", "1", false).provisional()).isTrue();
        assertThat(shop().knows("1")).isTrue();
        assertThat(again("1").duplicates()).isEqualTo(1);
    }

    @Test
    void entityAndEventAreRolledBackTogether() {
        assertThatThrownBy(() -> shop().buy("2", "2", true)).isInstanceOf(IllegalStateException.class);
        assertThat(shop().knows("2")).isFalse();
        assertThat(again("2").accepted()).isEqualTo(1);
    }

    @Test
    void anEntityThatTheDatabaseRefusesAtTheCommitTakesTheEventWithIt() {
        shop().buy("3", "3", false);
        assertThatThrownBy(() -> shop().buy("3", "4", false)).isInstanceOf(RuntimeException.class);
        assertThat(again("4").accepted()).isEqualTo(1);
    }
}

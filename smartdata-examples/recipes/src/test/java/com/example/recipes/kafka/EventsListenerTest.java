package com.example.recipes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.recipes.RunningRecipe;
import io.smartdata.core.SmartData;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** The listener in Spring's container, on the consumer that Kafka's client brings for tests. */
class EventsListenerTest {
    private static final TopicPartition ACME = new TopicPartition("events.acme", 0);
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");
    private static final String ORDER = "{\"name\":\"order_placed\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":%s}";

    @TempDir
    private Path folder;

    /** The recipe, what it counts, a policy that is away at first, and no broker. */
    @Import(App.class)
    @TestConfiguration
    static class WithoutBroker {
        private final AtomicInteger refused = new AtomicInteger(2);

        @Bean
        AccessPolicy policy() {
            AccessPolicy roles = AccessPolicy.ofRoles((caller, org) ->
                    caller.equals(EventsListener.CALLER) && org.value().equals("acme")
                            ? Set.of(Role.ORG_ADMIN)
                            : Set.of());
            return (caller, org, permission) ->
                    refused.getAndDecrement() <= 0 && roles.permits(caller, org, permission);
        }

        @Bean
        KpiCatalog kpis() {
            return KpiCatalog.of(Kpi.sum("revenue").event("order_placed"));
        }

        @Bean
        MockConsumer<Object, Object> broker() {
            MockConsumer<Object, Object> broker = new MockConsumer<>("earliest");
            broker.updatePartitions(
                    ACME.topic(), List.of(new PartitionInfo(ACME.topic(), ACME.partition(), null, null, null)));
            broker.updateBeginningOffsets(Map.of(ACME, 0L));
            return broker;
        }

        @Bean
        ConsumerFactory<Object, Object> consumers(MockConsumer<Object, Object> broker) {
            return new DefaultKafkaConsumerFactory<>(Map.of("group.id", "smartdata", "enable.auto.commit", false)) {
                @Override
                protected Consumer<Object, Object> createKafkaConsumer(Map<String, Object> configuration) {
                    return broker;
                }
            };
        }
    }

    private static ConsumerRecord<byte[], byte[]> entry(long offset, String value) {
        return new ConsumerRecord<>(ACME.topic(), ACME.partition(), offset, new byte[0], value.getBytes(UTF_8));
    }

    @Test
    void aBatchThatFailsComesAgainAndIsCountedOnce() throws Exception {
        try (RunningRecipe host = RunningRecipe.start(WithoutBroker.class, "kafka", folder)) {
            @SuppressWarnings("unchecked")
            MockConsumer<Object, Object> broker = host.context().getBean(MockConsumer.class);
            until("the container has subscribed", () -> broker.subscription().contains(ACME.topic()));
            broker.schedulePollTask(() -> {
                broker.rebalance(List.of(ACME));
                add(broker, entry(0, ORDER.formatted("19.90")));
                add(broker, entry(1, "not json"));
                add(broker, entry(2, ORDER.formatted("0.1")));
            });
            until("the offsets are committed", () -> committed(broker, Set.of(ACME)) == 3);

            EventsListener listener = host.context().getBean(EventsListener.class);
            listener.receive(List.of(entry(2, ORDER.formatted("0.1")))); // after a lost commit of offsets
            SmartData smartData = host.context().getBean(SmartData.class);
            OrgScope scope = smartData.access().scope(EventsListener.CALLER, OrgId.of("acme"), Permission.VIEW);
            assertThat(smartData
                            .kpis(scope)
                            .series(KpiQuery.of("revenue").between(DAY, DAY.plusDays(1)))
                            .points())
                    .extracting(KpiPoint::valueText)
                    .containsExactly("20");
            assertThat(host.context()
                            .getBean(JdbcClient.class)
                            .sql("SELECT COUNT(*) FROM sd_dead_letter")
                            .query(Long.class)
                            .single())
                    .as("what is no event is kept with its bytes")
                    .isEqualTo(1);
        }
    }

    private static void add(MockConsumer<Object, Object> broker, ConsumerRecord<byte[], byte[]> entry) {
        broker.addRecord(
                new ConsumerRecord<>(entry.topic(), entry.partition(), entry.offset(), entry.key(), entry.value()));
    }

    private static long committed(MockConsumer<?, ?> broker, Collection<TopicPartition> partitions) {
        OffsetAndMetadata offset = broker.committed(Set.copyOf(partitions)).get(ACME);
        return offset == null ? 0 : offset.offset();
    }

    private static void until(String what, BooleanSupplier fact) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!fact.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.sleep(20);
        }
    }
}

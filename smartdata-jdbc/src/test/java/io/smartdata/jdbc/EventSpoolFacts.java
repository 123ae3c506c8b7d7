package io.smartdata.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.emit.Delivery;
import io.smartdata.core.emit.Emission;
import io.smartdata.core.emit.EmitterSettings;
import io.smartdata.core.emit.EventEmitter;
import io.smartdata.core.emit.EventTransport;
import io.smartdata.emit.DurableEventSpoolContract;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.WaitingEvent;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage.SchemaMode;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.storage.HostTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The outbox as a spool, and as a part of the host's transactions. */
abstract class EventSpoolFacts extends DurableEventSpoolContract {
    private static final OutboxSettings QUEUE = OutboxSettings.of("stats").withLease(Duration.ofMinutes(10));

    private final Engine engine;
    private final InterceptedDataSource dataSource;

    EventSpoolFacts(Engine engine) {
        this.engine = engine;
        this.dataSource = engine.newDataSource();
    }

    @Override
    protected EventSpool newSpool() {
        return JdbcEventSpool.open(dataSource, QUEUE);
    }

    /** The leases of the one that is gone are over. */
    @Override
    protected EventSpool reopened() throws SQLException {
        run("UPDATE " + engine.table("outbox") + " SET held_until = 1 WHERE held_until > 0");
        return newSpool();
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private JdbcEventSpool outbox() {
        return (JdbcEventSpool) spool;
    }

    private static Event event(String id) {
        return Event.named("tick", Instant.EPOCH).id(id).build();
    }

    /** A server that takes everything, one batch in three only after it was asked again. */
    private static final class MoodyServer implements EventTransport {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Delivery send(List<byte[]> batch) {
            if (ThreadLocalRandom.current().nextInt(3) == 0) {
                return new Delivery.Deferred("store_unavailable", "", null);
            }
            batch.forEach(json -> events.add(new String(json, UTF_8).replaceAll(".*\"id\":\"([^\"]*)\".*", "$1")));
            return new Delivery.Answered(batch.size(), 0, List.of());
        }
    }

    private EventEmitter emitter(EventTransport server, EventSpool over) {
        return EventEmitter.to(server)
                .settings(EmitterSettings.defaults()
                        .withBatch(7, 1 << 20)
                        .withLinger(Duration.ofMillis(10))
                        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(5)))
                .spool(over)
                .build();
    }

    @Test
    void whatTheHostCommitsIsSentAndWhatItRollsBackNeverWas() throws SQLException {
        MoodyServer server = new MoodyServer();
        run("CREATE TABLE orders (id INTEGER)");
        try (EventEmitter emitter = emitter(server, spool)) {
            for (int i = 0; i < 20; i++) {
                try (Connection connection = dataSource.getConnection()) {
                    engine.begin(connection);
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("INSERT INTO orders VALUES (%d)".formatted(i));
                    }
                    emitter.emitWithin(JdbcStorage.joining(connection), event("order-" + i));
                    if (i % 2 == 0) {
                        connection.commit();
                    } else {
                        connection.rollback();
                    }
                    connection.setAutoCommit(true);
                }
            }
            assertThat(emitter.flush(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(server.events)
                .containsExactlyInAnyOrder(
                        "order-0",
                        "order-2",
                        "order-4",
                        "order-6",
                        "order-8",
                        "order-10",
                        "order-12",
                        "order-14",
                        "order-16",
                        "order-18");
    }

    @Test
    void nothingOfAnOpenTransactionIsHandedOut() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            engine.begin(connection);
            outbox().append(JdbcStorage.joining(connection), events(0, 2));
            if (engine != Engine.SQLITE) { // there the writer would wait for the open transaction
                assertThat(spool.take(10, Long.MAX_VALUE)).isEmpty();
            }
            assertThat(spool.size().events()).isZero();
            connection.commit();
            connection.setAutoCommit(true);
        }
        assertThat(spool.take(10, Long.MAX_VALUE)).hasSize(2);
    }

    @Test
    void withoutATransactionNothingIsPromised() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            HostTransaction none = JdbcStorage.joining(connection);
            assertThatThrownBy(() -> outbox().append(none, events(0, 1)))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("no_host_transaction"));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> outbox().append(new HostTransaction() {}, events(0, 1)));
        assertThat(spool.size().events()).isZero();
    }

    @Test
    void manyNodesSendEveryEventOnceWhileAllIsWell() {
        MoodyServer server = new MoodyServer();
        List<EventEmitter> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(emitter(server, newSpool()));
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String id = "e" + i;
            assertThat(nodes.get(i % 3).emitDurably(event(id))).isEqualTo(Emission.DURABLE);
            expected.add(id);
        }
        nodes.forEach(node -> assertThat(node.flush(Duration.ofSeconds(60))).isTrue());
        nodes.forEach(EventEmitter::close);
        assertThat(server.events).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void whatANodeTookAndNeverSentIsTakenByAnotherWhenItsLeaseIsOver() throws Exception {
        EventSpool brief = JdbcEventSpool.open(dataSource, QUEUE.withLease(Duration.ofMillis(50)));
        brief.append(events(0, 2));
        List<WaitingEvent> lost = brief.take(2, Long.MAX_VALUE);
        assertThat(lost).hasSize(2);
        List<WaitingEvent> again = takeAll(2);
        assertThat(texts(again)).isEqualTo(texts(lost));
        brief.release(lost);
        assertThat(spool.take(2, Long.MAX_VALUE))
                .as("another node holds them now")
                .isEmpty();
        brief.remove(lost);
        assertThat(spool.size().events()).isZero();
    }

    @Test
    void queuesDoNotMix() {
        EventSpool other = JdbcEventSpool.open(dataSource, "other");
        other.append(events(0, 3));
        assertThat(spool.take(10, Long.MAX_VALUE)).isEmpty();
        assertThat(spool.size().events()).isZero();
        assertThat(other.take(10, Long.MAX_VALUE)).hasSize(3);
    }

    @Test
    void aFullQueueTakesWhatFits() {
        EventSpool few = JdbcEventSpool.open(dataSource, QUEUE.withMaxEvents(5));
        assertThat(few.append(events(0, 3))).isEqualTo(3);
        assertThat(few.append(events(3, 9))).isEqualTo(2);
        assertThat(few.append(events(9, 10))).isZero();
        few.remove(few.take(2, Long.MAX_VALUE));
        assertThat(few.append(events(10, 13))).isEqualTo(2);
    }

    @Test
    void theTablesMayBeCheckedOnly() {
        assertThat(JdbcEventSpool.open(dataSource, QUEUE.withSchema(SchemaMode.VALIDATE))
                        .size()
                        .events())
                .isZero();
        assertThatThrownBy(() -> JdbcEventSpool.open(engine.newDataSource(), QUEUE.withSchema(SchemaMode.VALIDATE)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("schema_mismatch"));
    }
}

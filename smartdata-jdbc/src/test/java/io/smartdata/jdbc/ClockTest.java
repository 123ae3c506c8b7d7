package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.promise.Trials;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes whose clocks jump by up to a day, each its own way, store and count what one node with a steady clock does. */
@Timeout(300)
class ClockTest {
    private static final Instant STEADY = Instant.parse("2026-06-01T00:00:00Z");
    private static final int JUMP_SECONDS = (int) Duration.ofDays(1).toSeconds();

    private final long seed = Trials.seed();

    @ParameterizedTest
    @EnumSource
    void clocksThatJumpChangeNoFigure(Engine engine) throws SQLException {
        String steady = engine.newUrl();
        InterceptedDataSource first = new InterceptedDataSource(steady);
        Scenario.Node.start(engine, first, Scenario.Node.KPIS, Clock.fixed(STEADY, ZoneOffset.UTC))
                .ingest(Scenario.events(1, 20));
        InterceptedDataSource second = new InterceptedDataSource(Databases.copy(steady));
        int calls = live(engine, first, Clock.fixed(STEADY, ZoneOffset.UTC), Clock.fixed(STEADY, ZoneOffset.UTC));
        live(engine, second, new Jumping(new Random(seed)), new Jumping(new Random(seed + 1)));
        List<String> difference = Dump.difference(dump(engine, second), dump(engine, first));
        Trials.report("P5", "calls of nodes whose clocks jump by a day", calls, Math.min(calls, difference.size()));
        assertThat(difference).as("seed %d", seed).isEmpty();
        assertReceivedNow(engine, second);
    }

    /** Two nodes in turn; returns how often they were called. */
    private static int live(Engine engine, InterceptedDataSource dataSource, Clock one, Clock other)
            throws SQLException {
        Scenario.Node a = Scenario.Node.start(engine, dataSource, Scenario.Node.KPIS, one);
        Scenario.Node b = Scenario.Node.start(engine, dataSource, Scenario.Node.KPIS, other);
        a.ingest(Scenario.events(10, 50));
        b.ingest(Scenario.events(40, 340));
        a.kpis().compact();
        b.kpis().changeZone(ZoneId.of("Pacific/Apia"));
        a.joined(Scenario.events(330, 400));
        b.ingest(Scenario.events(300, 450), "key");
        a.ingest(Scenario.events(300, 450), "key");
        a.kpis().changeZone(ZoneId.of("Europe/Berlin"));
        b.kpis().compact();
        return 9;
    }

    private static List<String> dump(Engine engine, InterceptedDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.newConnection()) {
            return Dump.comparable(engine, connection, Set.of());
        }
    }

    /** When an event came is what the database says; the nodes' clocks are months away. */
    private static void assertReceivedNow(Engine engine, InterceptedDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.newConnection();
                Statement statement = connection.createStatement();
                ResultSet received = statement.executeQuery(
                        "SELECT MIN(received_at), MAX(received_at) FROM " + engine.table("event"))) {
            received.next();
            Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
            assertThat(received.getLong(1)).isGreaterThan(Columns.micros(hourAgo));
            assertThat(received.getLong(2)).isLessThan(Columns.micros(hourAgo.plus(Duration.ofHours(2))));
        }
    }

    /** Another time whenever it is asked, a day around at most. */
    private static final class Jumping extends Clock {
        private final Random random;

        Jumping(Random random) {
            this.random = random;
        }

        @Override
        public Instant instant() {
            return STEADY.plusSeconds(random.nextInt(2 * JUMP_SECONDS) - JUMP_SECONDS);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

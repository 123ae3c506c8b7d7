package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.emit.EmitterSettings;
import io.smartdata.core.emit.EmitterStatistics;
import io.smartdata.core.emit.EventEmitter;
import io.smartdata.core.emit.FileSpool;
import io.smartdata.jdbc.JdbcEventSpool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** A server is stopped and started again while two threads emit. */
@Timeout(180)
class EmitterRestartTest {
    private static final int THREADS = 2;
    private static final int LEAST_EVENTS = 2_000;

    @TempDir
    private Path folder;

    private EventEmitter emitter(StatsServer server, String spool) {
        EventEmitter.Builder emitter = EventEmitter.to(
                        StatsServer.transport(server.address()).build())
                .settings(EmitterSettings.defaults()
                        .withBatch(100, 1 << 20)
                        .withLinger(Duration.ofMillis(20))
                        .withBackoff(Duration.ofMillis(10), Duration.ofMillis(200)));
        switch (spool) {
            case "file" -> emitter.spool(FileSpool.open(folder.resolve("spool"), 64 << 20));
            case "database" -> emitter.spool(JdbcEventSpool.open(database(), "stats"));
            default -> assertThat(spool).isEqualTo("memory");
        }
        return emitter.build();
    }

    private SQLiteDataSource database() {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + folder.resolve("shop.db") + "?busy_timeout=30000");
        return database;
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "file", "database"})
    void everyEventIsThereOnceAndCountedOnce(String spool) throws Exception {
        try (StatsServer server = new StatsServer(folder);
                EventEmitter emitter = emitter(server, spool)) {
            AtomicInteger next = new AtomicInteger();
            AtomicInteger enough = new AtomicInteger(Integer.MAX_VALUE);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(() -> emit(emitter, next, enough)));
            }
            threads.forEach(Thread::start);
            await(() -> emitter.statistics().sent() >= 200);
            server.stop();
            int whenItStopped = next.get();
            await(() -> next.get() >= whenItStopped + 500);
            server.startAgain();
            enough.set(Math.max(next.get() + 500, LEAST_EVENTS));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(emitter.flush(Duration.ofSeconds(60))).isTrue();
            EmitterStatistics statistics = emitter.statistics();
            int events = next.get();
            assertThat(statistics.retried()).as("the server was missed").isPositive();
            assertThat(statistics)
                    .returns((long) events, EmitterStatistics::emitted)
                    .returns(0L, EmitterStatistics::givenUp)
                    .returns(0L, EmitterStatistics::waiting);
            assertThat(statistics.sent() + statistics.duplicates()).isEqualTo(events);
            server.assertHasExactly(events);
        }
    }

    /** At a pace that leaves a noisy machine some time for the server. */
    private static void emit(EventEmitter emitter, AtomicInteger next, AtomicInteger enough) {
        while (next.get() < enough.get()) {
            assertThat(emitter.emit(StatsServer.order(next.getAndIncrement())).accepted())
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
        }
    }

    private interface Fact {
        boolean holds();
    }

    private static void await(Fact fact) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!fact.holds()) {
            assertThat(System.nanoTime()).as("time left").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}

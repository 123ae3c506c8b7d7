package io.smartdata.core.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.observe.Meters;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.SpoolSize;
import io.smartdata.emit.WaitingEvent;
import io.smartdata.event.Event;
import io.smartdata.storage.HostTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventEmitterTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final EmitterSettings QUICK = EmitterSettings.defaults()
            .withLinger(Duration.ofMillis(20))
            .withBackoff(Duration.ofMillis(1), Duration.ofMillis(5));

    private final ScriptedTransport server = new ScriptedTransport();
    private final List<UnsentEvent> unsent = Collections.synchronizedList(new ArrayList<>());

    private static Event event(int number) {
        return Event.named("tick", Instant.EPOCH).id(Integer.toString(number)).build();
    }

    private EventEmitter.Builder quick() {
        return EventEmitter.to(server).settings(QUICK).unsent(unsent::add);
    }

    /** A server that does not answer before it is told to. */
    private static final class StuckTransport implements EventTransport {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answer = new CountDownLatch(1);
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();

        @Override
        public Delivery send(List<byte[]> events) throws InterruptedException {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                asked.countDown();
                answer.await();
                return new Delivery.Answered(events.size(), 0, List.of());
            } finally {
                atOnce.decrementAndGet();
            }
        }
    }

    @Test
    void anEventArrivesByItself() throws Exception {
        try (EventEmitter emitter = quick().build()) {
            assertThat(emitter.emit(event(1))).isEqualTo(Emission.ACCEPTED);
            while (emitter.statistics().sent() < 1) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            assertThat(server.requests().get(0).get(0))
                    .isEqualTo(
                            "{\"id\":\"1\",\"source\":\"default\",\"name\":\"tick\",\"occurredAt\":\"1970-01-01T00:00:00Z\"}");
        }
    }

    @Test
    void anEventWithoutAnIdIsGivenOneThatItKeepsWhenItIsSentAgain() {
        server.then(ScriptedTransport.unavailable());
        try (EventEmitter emitter = quick().build()) {
            emitter.emit(Event.named("tick", Instant.EPOCH));
            assertThat(emitter.flush(LONG)).isTrue();
        }
        assertThat(server.requests())
                .hasSize(2)
                .allSatisfy(batch -> assertThat(batch)
                        .isEqualTo(server.requests().get(0))
                        .singleElement()
                        .asString()
                        .matches("\\{\"id\":\"[0-9a-f-]{36}\".*"));
    }

    @Test
    void aFlushDoesNotLinger() {
        try (EventEmitter emitter =
                quick().settings(QUICK.withLinger(Duration.ofDays(1))).build()) {
            for (int i = 0; i < 1_200; i++) {
                emitter.emit(event(i));
            }
            assertThat(emitter.flush(LONG)).isTrue();
            assertThat(emitter.statistics().sent()).isEqualTo(1_200);
            assertThat(emitter.statistics().waiting()).isZero();
        }
        assertThat(server.requests()).hasSizeLessThan(10);
    }

    @Test
    void aFlushThatCannotSendSaysSo() {
        for (int i = 0; i < 100_000; i++) {
            server.then(ScriptedTransport.unavailable());
        }
        try (EventEmitter emitter = quick().build()) {
            emitter.emit(event(1));
            assertThat(emitter.flush(Duration.ofMillis(50))).isFalse();
            emitter.close(Duration.ZERO);
        }
    }

    @Test
    void aFullEmitterDropsAndSaysSoAndDoesNotBlock() throws Exception {
        StuckTransport stuck = new StuckTransport();
        try (EventEmitter emitter = EventEmitter.to(stuck)
                .settings(QUICK.withMaxWaiting(3, 1 << 20))
                .build()) {
            emitter.emit(event(0));
            stuck.asked.await();
            assertThat(emitter.emit(event(1))).isEqualTo(Emission.ACCEPTED);
            assertThat(emitter.emit(event(2))).isEqualTo(Emission.ACCEPTED);
            assertThat(emitter.emit(event(3))).isEqualTo(Emission.DROPPED_FULL);
            assertThat(emitter.statistics())
                    .returns(3L, EmitterStatistics::emitted)
                    .returns(1L, EmitterStatistics::dropped)
                    .returns(3L, EmitterStatistics::waiting);
            stuck.answer.countDown();
            assertThat(emitter.flush(LONG)).isTrue();
            assertThat(emitter.emit(event(4))).isEqualTo(Emission.ACCEPTED);
        }
        assertThat(stuck.mostAtOnce).hasValue(1);
    }

    @Test
    void anEventThatIsTooLongIsNotTakenOn() {
        try (EventEmitter emitter =
                quick().settings(QUICK.withMaxEventBytes(100)).build()) {
            Event longOne = Event.named("x".repeat(100), Instant.EPOCH).id("1").build();
            assertThat(emitter.emit(longOne)).isEqualTo(Emission.DROPPED_TOO_LARGE);
            assertThat(emitter.statistics().dropped()).isEqualTo(1);
        }
    }

    @Test
    void closingSendsTheRest() {
        EventEmitter emitter =
                quick().settings(QUICK.withLinger(Duration.ofDays(1))).build();
        emitter.emit(event(1));
        assertThat(emitter.close(LONG)).isEqualTo(new Remainder(0, true));
        assertThat(server.requests()).hasSize(1);
        assertThat(server.closed()).isTrue();
        assertThat(emitter.emit(event(2))).isEqualTo(Emission.DROPPED_CLOSED);
        assertThat(emitter.close(LONG)).isEqualTo(new Remainder(0, true));
    }

    @Test
    void whatCannotBeSentBeforeTheDeadlineIsGivenUpAloud() throws Exception {
        StuckTransport stuck = new StuckTransport();
        EventEmitter emitter =
                EventEmitter.to(stuck).settings(QUICK).unsent(unsent::add).build();
        emitter.emit(event(1));
        stuck.asked.await();
        emitter.emit(event(2));
        assertThat(emitter.close(Duration.ofMillis(20))).isEqualTo(new Remainder(2, false));
        assertThat(unsent).extracting(UnsentEvent::code).containsExactly(UnsentEvent.NOT_SENT, UnsentEvent.NOT_SENT);
        assertThat(emitter.statistics().givenUp()).isEqualTo(2);
    }

    @Test
    void closingDoesNotWaitForAServerThatWantsToBeLeftAloneForLonger() {
        server.then(new Delivery.Deferred("throttled", "", Duration.ofMinutes(10)));
        EventEmitter emitter = quick().build();
        emitter.emit(event(1));
        assertThat(emitter.flush(Duration.ofMillis(500))).isFalse();
        assertThat(emitter.close(Duration.ofMinutes(5)).events()).isEqualTo(1);
    }

    @Test
    void aTransportThatCannotBeInterruptedDoesNotHideWhatItHolds() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        EventEmitter emitter = EventEmitter.to(events -> {
                    asked.countDown();
                    while (end.getCount() > 0) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    return ScriptedTransport.unavailable();
                })
                .settings(QUICK)
                .unsent(unsent::add)
                .build();
        try {
            emitter.emit(event(1));
            while (asked.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            emitter.emit(event(2));
            assertThat(emitter.close(Duration.ZERO)).isEqualTo(new Remainder(2, false));
            assertThat(unsent).hasSize(2);
        } finally {
            end.countDown();
        }
    }

    @Test
    void afterTheEndNothingHangsAndNothingThrows() {
        EventEmitter emitter = quick().build();
        emitter.close(LONG);
        assertThat(emitter.flush(Duration.ofDays(1))).isTrue();
        assertThat(emitter.statistics().waiting()).isZero();
    }

    @Test
    void aSpoolThatFailsDoesNotLoseWhatIsInMemory() {
        FailingSpool spool = new FailingSpool();
        spool.failing = true;
        try (EventEmitter emitter = quick().spool(spool).build()) {
            assertThat(emitter.emit(event(1))).isEqualTo(Emission.ACCEPTED);
            assertThat(emitter.emitDurably(event(2))).isEqualTo(Emission.DROPPED_SPOOL_FAILED);
            assertThat(emitter.flush(Duration.ofMillis(50))).isFalse();
            assertThat(emitter.statistics().lastErrorCode()).isEqualTo("spool_failed");
            spool.failing = false;
            assertThat(emitter.flush(LONG)).isTrue();
            assertThat(emitter.statistics())
                    .returns(1L, EmitterStatistics::sent)
                    .returns(1L, EmitterStatistics::dropped);
        }
    }

    /** A disk that is full for a while. */
    private static final class FailingSpool implements EventSpool {
        private final MemorySpool kept = new MemorySpool(1_000, 1 << 20);
        private volatile boolean failing;

        private EventSpool spool() {
            if (failing) {
                throw new SmartDataException("spool_failed", "The disk is full.");
            }
            return kept;
        }

        @Override
        public int append(List<byte[]> events) {
            return spool().append(events);
        }

        @Override
        public List<WaitingEvent> take(int maxEvents, long maxBytes) {
            return spool().take(maxEvents, maxBytes);
        }

        @Override
        public void remove(List<WaitingEvent> done) {
            spool().remove(done);
        }

        @Override
        public void release(List<WaitingEvent> later) {
            spool().release(later);
        }

        @Override
        public SpoolSize size() {
            return kept.size();
        }

        @Override
        public boolean durable() {
            return true;
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    @Test
    void inMemoryNothingIsPromised() {
        try (EventEmitter emitter = quick().build()) {
            assertThatIllegalStateException().isThrownBy(() -> emitter.emitDurably(event(1)));
            assertThatIllegalStateException().isThrownBy(() -> emitter.emitWithin(new HostTransaction() {}, event(1)));
        }
    }

    @Test
    void manyThreadsEmitAndEveryEventArrivesOnce() throws Exception {
        for (int i = 0; i < 40; i += 2) {
            server.then(size -> new Delivery.Answered(size, 0, List.of())).then(ScriptedTransport.unavailable());
        }
        EventEmitter emitter = quick().settings(QUICK.withBatch(50, 1 << 20)).build();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int first = t * 1_000;
            threads.add(new Thread(() -> {
                for (int i = first; i < first + 1_000; i++) {
                    emitter.emit(event(i));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(emitter.close(LONG).events()).isZero();
        assertThat(emitter.statistics().sent()).isEqualTo(4_000);
        assertThat(server.requests().stream().flatMap(List::stream).distinct()).hasSize(4_000);
    }

    @Test
    void metersCountWhatBecomesOfEvents() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        server.then(ScriptedTransport.unavailable())
                .then(new Delivery.Answered(
                        1, 0, List.of(new Delivery.FailedEvent(0, "invalid_time", "", false, null))));
        EventEmitter emitter = quick().settings(QUICK.withLinger(Duration.ofDays(1)))
                .meters(Meters.of(registry))
                .build();
        emitter.emit(event(1));
        emitter.emit(event(2));
        emitter.close(LONG);
        emitter.emit(event(3));
        for (String outcome : List.of("emitted=2", "sent=1", "retried=2", "given_up=1", "dropped=1")) {
            String[] parts = outcome.split("=");
            assertThat(registry.get("smartdata.emitter.events")
                            .tag("outcome", parts[0])
                            .counter()
                            .count())
                    .as(outcome)
                    .isEqualTo(Double.parseDouble(parts[1]));
        }
        assertThat(registry.get("smartdata.emitter.waiting").gauge().value()).isZero();
    }
}

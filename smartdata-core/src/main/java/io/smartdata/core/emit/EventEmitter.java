package io.smartdata.core.emit;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.export.EventJson;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.core.observe.Meters;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.SpoolSize;
import io.smartdata.emit.TransactionalEventSpool;
import io.smartdata.emit.WaitingEvent;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.storage.HostTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to a smartdata server, from any thread and without waiting for it. Every event arrives at least once, and since
 * the server knows events by their ids, it counts once.
 *
 * <pre>{@code
 * EventEmitter emitter = EventEmitter.to(HttpEventTransport.to(URI.create("https://stats.example.com/smartdata"))
 *                 .org("acme")
 *                 .token(token)
 *                 .build())
 *         .spool(FileSpool.open(Path.of("spool"), 256 << 20))
 *         .build();
 * emitter.emit(Event.named("order_placed", Instant.now()).value("19.90"));
 * emitter.close(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p>Events wait in memory, within bounds, or from memory go on into a durable spool within milliseconds. One batch is on its way
 * at a time. What the server cannot take now is sent again, later and later; what it will never take goes to
 * {@link UnsentEvents}.
 *
 * @since 0.1.0
 */
public final class EventEmitter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventEmitter.class);
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long LOG_DROPS_EVERY = TimeUnit.MINUTES.toNanos(1);
    private static final long MEASURE_EVERY = TimeUnit.SECONDS.toNanos(10);

    private final EmitterSettings settings;
    private final EventTransport transport;
    private final UnsentEvents unsent;
    private final Clock clock;
    private final Meters meters;
    private final Tally tally;
    private final MemorySpool memory;

    /** Where batches are taken from: memory itself, or what memory is pumped into. */
    private final EventSpool spool;

    private final Courier courier;
    private final Worker carrying;
    private final @Nullable Pump pump;
    private final @Nullable Worker pumping;
    private final Object changes = new Object();
    private final AtomicLong dropLogged = new AtomicLong(System.nanoTime() - LOG_DROPS_EVERY);
    private long measuredAt = System.nanoTime() - MEASURE_EVERY;
    private long measured;
    private volatile @Nullable Remainder remainder;

    private EventEmitter(Builder builder) {
        this.settings = builder.settings;
        this.transport = builder.transport;
        this.unsent = builder.unsent;
        this.clock = builder.clock;
        this.meters = builder.meters;
        this.tally = new Tally(meters);
        this.memory = new MemorySpool(settings.maxWaiting(), settings.maxWaitingBytes());
        this.spool = builder.spool == null ? memory : builder.spool;
        this.courier = new Courier(
                spool, transport, unsent, tally, settings, clock, System::nanoTime, RandomGenerator.getDefault());
        this.carrying = new Worker("smartdata-emitter", this::carry);
        this.pump = spool == memory ? null : new Pump(memory, spool, tally, courier, carrying::wake);
        this.pumping = pump == null ? null : new Worker("smartdata-emitter-spool", () -> changed(pump.round()));
    }

    /** Begins an emitter over this transport, which it closes with itself. */
    public static Builder to(EventTransport transport) {
        return new Builder(transport);
    }

    /** Collects the parts of an {@link EventEmitter}. */
    public static final class Builder {
        private final EventTransport transport;
        private EmitterSettings settings = EmitterSettings.defaults();
        private @Nullable EventSpool spool;
        private UnsentEvents unsent = UnsentEvents.forgotten();
        private Meters meters = Meters.none();
        private Clock clock = Clock.systemUTC();

        private Builder(EventTransport transport) {
            this.transport = requireNonNull(transport, "transport");
        }

        /** Bounds and pace. */
        public Builder settings(EmitterSettings newSettings) {
            this.settings = requireNonNull(newSettings, "settings");
            return this;
        }

        /** Where events wait beside memory; closed with the emitter. Without one they wait in memory only. */
        public Builder spool(EventSpool newSpool) {
            this.spool = requireNonNull(newSpool, "spool");
            return this;
        }

        /** Who takes events that will never be sent. */
        public Builder unsent(UnsentEvents newUnsent) {
            this.unsent = requireNonNull(newUnsent, "unsent");
            return this;
        }

        /** Where to count. */
        public Builder meters(Meters newMeters) {
            this.meters = requireNonNull(newMeters, "meters");
            return this;
        }

        /** What time it is, for statistics and unsent events. */
        public Builder clock(Clock newClock) {
            this.clock = requireNonNull(newClock, "clock");
            return this;
        }

        /** A running emitter. */
        public EventEmitter build() {
            EventEmitter emitter = new EventEmitter(this);
            emitter.start();
            return emitter;
        }
    }

    private void start() {
        carrying.start();
        if (pumping != null) {
            pumping.start();
        }
    }

    /**
     * Hands an event over. Never waits for a server or a disk and never throws because of one: what could not be taken on is
     * said by the result, counted, and otherwise gone.
     */
    public Emission emit(Event event) {
        byte[] json = json(event);
        if (json.length > settings.maxEventBytes()) {
            return dropped(Emission.DROPPED_TOO_LARGE);
        }
        if (!memory.append(json)) {
            return dropped(memory.sealed() ? Emission.DROPPED_CLOSED : Emission.DROPPED_FULL);
        }
        tally.emitted(1);
        if (pumping != null) {
            pumping.wake();
        } else if (courier.arrived(1, json.length)) {
            carrying.wake();
        }
        return Emission.ACCEPTED;
    }

    /** As {@link #emit(Event)}; an event without an id is given one, so that it can be sent twice and still counts once. */
    public Emission emit(Event.Builder event) {
        return emit(identified(event));
    }

    /**
     * Hands an event over and waits until it is on the disk or in the database: {@link Emission#DURABLE} is a promise that it
     * will be sent, whatever becomes of this process.
     *
     * @throws IllegalStateException if the emitter was built without a durable spool
     */
    public Emission emitDurably(Event event) {
        if (!spool.durable()) {
            throw new IllegalStateException(
                    "The emitter was built without a durable spool, so it can only promise to try");
        }
        byte[] json = json(event);
        if (json.length > settings.maxEventBytes()) {
            return dropped(Emission.DROPPED_TOO_LARGE);
        }
        if (memory.sealed()) {
            return dropped(Emission.DROPPED_CLOSED);
        }
        int kept;
        try {
            kept = spool.append(List.of(json));
        } catch (RuntimeException e) {
            LOG.debug("The spool of the emitter failed; an event was not taken on.", e);
            tally.failed(e instanceof SmartDataException known ? known.code() : "spool_failed");
            return dropped(Emission.DROPPED_SPOOL_FAILED);
        }
        if (kept == 0) {
            return dropped(Emission.DROPPED_FULL);
        }
        emitted(json);
        return Emission.DURABLE;
    }

    /** As {@link #emitDurably(Event)}; an event without an id is given one. */
    public Emission emitDurably(Event.Builder event) {
        return emitDurably(identified(event));
    }

    /**
     * Emits an event if and only if a transaction of the host commits. The host must let its transaction fail if this throws.
     *
     * @param transaction of the spool's database, for example {@code JdbcStorage.joining(connection)}
     * @throws SmartDataException {@code event_too_large}, {@code emitter_closed}, or what the database has against it
     * @throws IllegalStateException if the spool of this emitter takes no part in transactions
     */
    public void emitWithin(HostTransaction transaction, Event event) {
        if (!(spool instanceof TransactionalEventSpool outbox)) {
            throw new IllegalStateException(
                    "The spool of this emitter takes no part in transactions; JdbcEventSpool does");
        }
        if (memory.sealed()) {
            dropped(Emission.DROPPED_CLOSED);
            throw new SmartDataException("emitter_closed", "The emitter is closed. The event was not taken on.");
        }
        byte[] json = json(event);
        if (json.length > settings.maxEventBytes()) {
            dropped(Emission.DROPPED_TOO_LARGE);
            throw new SmartDataException(
                    "event_too_large",
                    "The event has %d bytes, the limit is %d. It was not taken on. Send less, or raise EmitterSettings.maxEventBytes."
                            .formatted(json.length, settings.maxEventBytes()));
        }
        outbox.append(transaction, List.of(json));
        emitted(json);
    }

    /** As {@link #emitWithin(HostTransaction, Event)}; an event without an id is given one. */
    public void emitWithin(HostTransaction transaction, Event.Builder event) {
        emitWithin(transaction, identified(event));
    }

    private static Event identified(Event.Builder event) {
        return event.idIfAbsent(EventEmitter::newId).build();
    }

    private static EventId newId() {
        UUID id = UUID.randomUUID();
        return new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits(), null);
    }

    private static byte[] json(Event event) {
        return EventJson.of(event).getBytes(StandardCharsets.UTF_8);
    }

    private void emitted(byte[] json) {
        tally.emitted(1);
        if (courier.arrived(1, json.length)) {
            carrying.wake();
        }
    }

    /** Logged once in a while: an emitter that is full drops many. */
    private Emission dropped(Emission why) {
        tally.dropped(1);
        long last = dropLogged.get();
        long now = System.nanoTime();
        if (now - last >= LOG_DROPS_EVERY && dropLogged.compareAndSet(last, now)) {
            LogEvent.EMITTER_DROPPED
                    .with("why", why)
                    .and("dropped", tally.dropped())
                    .write();
        }
        return why;
    }

    private long carry() {
        long nanos = courier.round();
        measure();
        return changed(nanos);
    }

    private long changed(long nanos) {
        synchronized (changes) {
            changes.notifyAll();
        }
        return nanos;
    }

    /** Not at every round: it may be a query. */
    private void measure() {
        long now = System.nanoTime();
        if (now - measuredAt < MEASURE_EVERY) {
            return;
        }
        measuredAt = now;
        try {
            showWaiting(waiting().events());
        } catch (SmartDataException e) {
            LOG.debug("The spool cannot tell what waits; the gauge stands still.", e);
        }
    }

    private void showWaiting(long events) {
        meters.emitterWaiting(events - measured);
        measured = events;
    }

    /**
     * Waits until nothing waits, sending without lingering for batches to fill. Waits between repetitions are kept.
     *
     * @return false if something still waits after {@code longest}, or if the thread is interrupted meanwhile
     */
    public boolean flush(Duration longest) {
        Remainder known = remainder;
        return known == null ? awaitSent(longest, false) : known.events() == 0;
    }

    /** @param leaving gives up at once when nothing may be sent before the deadline */
    private boolean awaitSent(Duration longest, boolean leaving) {
        long deadline = System.nanoTime() + longest.toNanos();
        courier.hurry();
        try {
            if (!await(() -> spool == memory || memory.size().events() == 0, deadline, false)) {
                return false;
            }
            long next = courier.rounds() + 1;
            carrying.wake();
            return await(() -> courier.emptyRound() >= next, deadline, leaving);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            courier.unhurry();
        }
    }

    private boolean await(BooleanSupplier done, long deadline, boolean leaving) throws InterruptedException {
        synchronized (changes) {
            while (!done.getAsBoolean()) {
                long rest = deadline - System.nanoTime();
                if (rest <= 0 || leaving && courier.nanosToWait() > rest) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(changes, rest);
            }
            return true;
        }
    }

    /**
     * What was done since the emitter was built, and what waits; of a spool in a database that is a query.
     *
     * @throws SmartDataException if the spool cannot tell
     */
    public EmitterStatistics statistics() {
        return tally.statistics(waiting());
    }

    private SpoolSize waiting() {
        if (remainder != null) {
            return new SpoolSize(0, 0); // whatever is left is not this emitter's any more
        }
        return spool == memory ? memory.size() : memory.size().plus(spool.size());
    }

    /** As {@link #close(Duration)} with 10 seconds. */
    @Override
    public void close() {
        close(DEFAULT_DEADLINE);
    }

    /**
     * Takes no more events, sends what waits until the deadline and ends. What is left stays in the spool; without a spool it is
     * given up as {@link UnsentEvent#NOT_SENT}. A second call returns what the first did.
     */
    public synchronized Remainder close(Duration deadline) {
        Remainder known = remainder;
        if (known != null) {
            return known;
        }
        memory.seal();
        awaitSent(deadline, true);
        courier.abort();
        carrying.stop(GRACE.toMillis());
        if (pump != null && pumping != null) {
            pumping.stop(GRACE.toMillis());
            while (pump.round() == 0) {
                // once more, for what came in while the deadline passed
            }
        }
        Remainder left = leave();
        remainder = left;
        return left;
    }

    private Remainder leave() {
        long givenUp = giveUpMemory();
        long kept = spool == memory ? 0 : keptEvents();
        showWaiting(0);
        spool.close();
        transport.close();
        if (givenUp + kept > 0) {
            LogEvent.EMITTER_CLOSED.with("given_up", givenUp).and("kept", kept).write();
        }
        return new Remainder(givenUp + kept, givenUp == 0);
    }

    private long giveUpMemory() {
        List<WaitingEvent> left = memory.drain();
        for (WaitingEvent event : left) {
            try {
                unsent.accept(UnsentEvent.of(
                        event.json(),
                        UnsentEvent.NOT_SENT,
                        "The emitter was closed before the event could be sent.",
                        clock.instant(),
                        null));
            } catch (RuntimeException e) {
                LOG.error("An event that was not sent could not be given up in order; it is lost.", e);
            }
        }
        tally.givenUp(left.size());
        return left.size();
    }

    private long keptEvents() {
        try {
            return spool.size().events();
        } catch (SmartDataException e) {
            LOG.debug("The spool cannot tell what it keeps.", e);
            return 0;
        }
    }
}

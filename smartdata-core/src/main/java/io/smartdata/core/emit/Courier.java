package io.smartdata.core.emit;

import static java.util.Objects.requireNonNullElse;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.WaitingEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches out of a spool, sends one at a time and does what the answer asks for. It has no thread: whoever calls
 * {@link #round()} waits as long as that says before the next call.
 */
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    /** No server may silence an emitter for longer. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final EventSpool spool;
    private final EventTransport transport;
    private final UnsentEvents unsent;
    private final Tally tally;
    private final Clock clock;
    private final LongSupplier ticks;
    private final long lingerNanos;
    private final Backoff backoff;
    private final BatchCeiling ceiling;

    private final AtomicInteger hurries = new AtomicInteger();
    private final AtomicLong arrivedEvents = new AtomicLong();
    private final AtomicLong arrivedBytes = new AtomicLong();
    private volatile long rounds;
    private volatile long emptyRound;
    private volatile long notBefore;
    private long nextTick;
    private boolean moreWaits;

    private final Object sending = new Object();
    private @Nullable Thread sender;
    private boolean aborted;

    Courier(
            EventSpool spool,
            EventTransport transport,
            UnsentEvents unsent,
            Tally tally,
            EmitterSettings settings,
            Clock clock,
            LongSupplier ticks,
            RandomGenerator random) {
        this.spool = spool;
        this.transport = transport;
        this.unsent = unsent;
        this.tally = tally;
        this.clock = clock;
        this.ticks = ticks;
        this.lingerNanos = settings.linger().toNanos();
        this.backoff = new Backoff(settings.firstBackoff(), settings.longestBackoff(), random);
        this.ceiling = new BatchCeiling(settings.batchEvents(), settings.batchBytes());
        this.notBefore = ticks.getAsLong();
        this.nextTick = notBefore + lingerNanos;
    }

    /**
     * Sends the next batch, if it is time.
     *
     * @return nanoseconds until the next round has anything to do, 0 for at once
     */
    long round() {
        long round = rounds + 1;
        rounds = round;
        long early = nanosUntilDue();
        if (early > 0) {
            return early;
        }
        List<WaitingEvent> batch = List.of();
        try {
            batch = take();
            if (batch.isEmpty()) {
                emptyRound = round;
                return lingerNanos;
            }
            deliver(batch);
        } catch (RuntimeException | Error e) {
            ownFailure(e, batch);
        }
        return Math.max(0, nanosUntilDue());
    }

    /** The message of a failure that has a code may hold what a database was given, so it is not for every log. */
    private void ownFailure(Throwable failure, List<WaitingEvent> batch) {
        if (failure instanceof SmartDataException known) {
            LOG.debug("The emitter failed on its own side; {} events are sent again.", batch.size(), known);
            giveBack(batch);
            wait(known.code(), null);
        } else {
            LOG.warn("The emitter failed on its own side; {} events are sent again.", batch.size(), failure);
            giveBack(batch);
            wait("emitter_failed", null);
        }
    }

    private long nanosUntilDue() {
        long now = ticks.getAsLong();
        if (notBefore - now > 0) {
            return notBefore - now;
        }
        return hurried() ? 0 : nextTick - now;
    }

    private boolean hurried() {
        return moreWaits
                || hurries.get() > 0
                || arrivedEvents.get() >= ceiling.events()
                || arrivedBytes.get() >= ceiling.bytes();
    }

    private List<WaitingEvent> take() {
        arrivedEvents.set(0);
        arrivedBytes.set(0);
        moreWaits = false;
        nextTick = ticks.getAsLong() + lingerNanos;
        return spool.take(ceiling.events(), ceiling.bytes());
    }

    private void deliver(List<WaitingEvent> batch) {
        Delivery delivery = send(batch);
        if (delivery instanceof Delivery.Answered answer) {
            if (credible(answer, batch.size())) {
                answered(answer, batch);
            } else {
                again(
                        batch,
                        new Delivery.Deferred("unreadable_answer", "The figures of the answer do not add up.", null));
            }
        } else if (delivery instanceof Delivery.TooLarge refusal) {
            tooLarge(refusal, batch);
        } else if (delivery instanceof Delivery.Refused refusal) {
            giveUp(batch, refusal.code(), refusal.message());
        } else if (delivery instanceof Delivery.Deferred deferral) {
            again(batch, deferral);
        }
    }

    private Delivery send(List<WaitingEvent> batch) {
        synchronized (sending) {
            if (aborted) {
                return closed();
            }
            sender = Thread.currentThread();
        }
        try {
            return transport.send(batch.stream().map(WaitingEvent::json).toList());
        } catch (InterruptedException e) {
            return closed();
        } catch (RuntimeException e) {
            LOG.warn("The transport failed; {} events wait and are sent again.", batch.size(), e);
            return new Delivery.Deferred("transport_failed", "The transport failed.", null);
        } finally {
            synchronized (sending) {
                sender = null;
                Thread.interrupted(); // an abort that came too late is not for whoever comes next
            }
        }
    }

    private static Delivery closed() {
        return new Delivery.Deferred("closed", "The emitter was closed.", null);
    }

    /** From now on nothing is sent, and what is being sent is broken off. */
    void abort() {
        synchronized (sending) {
            aborted = true;
            if (sender != null) {
                sender.interrupt();
            }
        }
    }

    private static boolean credible(Delivery.Answered answer, int size) {
        BitSet failed = new BitSet(size);
        for (Delivery.FailedEvent event : answer.failed()) {
            if (event.index() < 0 || event.index() >= size || failed.get(event.index())) {
                return false;
            }
            failed.set(event.index());
        }
        return answer.accepted() >= 0
                && answer.duplicates() >= 0
                && answer.accepted() + answer.duplicates() + failed.cardinality() == size;
    }

    private void answered(Delivery.Answered answer, List<WaitingEvent> batch) {
        tally.answered(answer, clock.instant());
        List<WaitingEvent> done = new ArrayList<>(batch);
        List<WaitingEvent> later = new ArrayList<>();
        String why = "";
        for (Delivery.FailedEvent failure : answer.failed()) {
            WaitingEvent event = batch.get(failure.index());
            if (failure.retryable()) {
                later.add(event);
                why = failure.code();
            } else {
                bury(event, failure.code(), failure.message(), failure.deadLetterId());
            }
        }
        int buried = answer.failed().size() - later.size();
        if (buried > 0) {
            gaveUp(buried, answer.failed().get(0).code());
        }
        done.removeAll(Set.copyOf(later));
        spool.remove(done);
        if (later.isEmpty()) {
            wentThrough(batch);
        } else {
            again(later, new Delivery.Deferred(why, "Some events are to be sent later.", null));
        }
    }

    private void wentThrough(List<WaitingEvent> batch) {
        if (backoff.failures() > 0) {
            LogEvent.EMITTER_RECOVERED
                    .with("events", batch.size())
                    .and("attempts", backoff.failures() + 1)
                    .write();
        }
        moreWaits = batch.size() == ceiling.events() || 2 * bytes(batch) >= ceiling.bytes();
        ceiling.wentThrough();
        backoff.succeeded();
    }

    private void tooLarge(Delivery.TooLarge refusal, List<WaitingEvent> batch) {
        tally.failed(refusal.code());
        if (batch.size() == 1) {
            giveUp(batch, refusal.code(), refusal.message());
            return;
        }
        ceiling.refused(batch.size(), bytes(batch));
        spool.release(batch);
        tally.retried(batch.size());
        moreWaits = true;
    }

    private static long bytes(List<WaitingEvent> batch) {
        return batch.stream().mapToLong(event -> event.json().length).sum();
    }

    private void giveUp(List<WaitingEvent> batch, String code, String message) {
        batch.forEach(event -> bury(event, code, message, null));
        spool.remove(batch);
        gaveUp(batch.size(), code);
        moreWaits = true;
    }

    private void gaveUp(int events, String code) {
        tally.failed(code);
        tally.givenUp(events);
        LogEvent.EMITTER_GAVE_UP.with("events", events).and("code", code).write();
    }

    private void bury(WaitingEvent event, String code, String message, @Nullable String deadLetterId) {
        unsent.accept(UnsentEvent.of(event.json(), code, message, clock.instant(), deadLetterId));
    }

    private void again(List<WaitingEvent> events, Delivery.Deferred deferral) {
        LOG.debug("{} events are sent again: {} {}", events.size(), deferral.code(), deferral.message());
        spool.release(events);
        tally.retried(events.size());
        wait(deferral.code(), deferral.retryAfter());
    }

    /** As asked for, and at random beyond that. */
    private void wait(String code, @Nullable Duration retryAfter) {
        tally.failed(code);
        Duration asked = requireNonNullElse(retryAfter, Duration.ZERO);
        Duration bounded = asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
        long nanos = Math.max(0, bounded.toNanos()) + backoff.failedNanos();
        notBefore = ticks.getAsLong() + nanos;
        if (backoff.failures() == 1) {
            LogEvent.EMITTER_WAITING
                    .with("code", code)
                    .and("wait_millis", Duration.ofNanos(nanos))
                    .write();
        }
        moreWaits = true;
    }

    private void giveBack(List<WaitingEvent> batch) {
        try {
            spool.release(batch);
            tally.retried(batch.size());
        } catch (RuntimeException e) {
            LOG.debug("{} events could not be given back; the spool hands them out again by itself.", batch.size(), e);
        }
    }

    /** Tells that events came in; true if they make a whole batch, so that a round is worth while now. */
    boolean arrived(int events, long bytes) {
        long allEvents = arrivedEvents.addAndGet(events);
        long allBytes = arrivedBytes.addAndGet(bytes);
        return allEvents >= ceiling.events() || allBytes >= ceiling.bytes();
    }

    /** Sends without lingering until {@link #unhurry()}. */
    void hurry() {
        hurries.incrementAndGet();
    }

    void unhurry() {
        hurries.decrementAndGet();
    }

    /** Rounds begun so far. */
    long rounds() {
        return rounds;
    }

    /** The last round that found nothing to send; 0 if there was none. */
    long emptyRound() {
        return emptyRound;
    }

    /** Nanoseconds until anything may be sent again; 0 or less if now. */
    long nanosToWait() {
        return notBefore - ticks.getAsLong();
    }
}

package io.smartdata.core.emit;

import io.smartdata.core.observe.Meters;
import io.smartdata.emit.SpoolSize;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what an emitter does, for its statistics and for the host's meters. Thread-safe. */
final class Tally {
    private final Meters meters;
    private final LongAdder emitted = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private volatile @Nullable String lastErrorCode;
    private volatile @Nullable Instant lastAnsweredAt;

    Tally(Meters meters) {
        this.meters = meters;
    }

    void emitted(long events) {
        count(emitted, "emitted", events);
    }

    void dropped(long events) {
        count(dropped, "dropped", events);
    }

    /** So far. */
    long dropped() {
        return dropped.sum();
    }

    void answered(Delivery.Answered answer, Instant at) {
        count(sent, "sent", answer.accepted());
        count(duplicates, "duplicate", answer.duplicates());
        lastAnsweredAt = at;
    }

    void retried(long events) {
        count(retried, "retried", events);
    }

    void givenUp(long events) {
        count(givenUp, "given_up", events);
    }

    void failed(String code) {
        lastErrorCode = code;
    }

    private void count(LongAdder counter, String outcome, long events) {
        if (events > 0) {
            counter.add(events);
            meters.emitter(outcome, events);
        }
    }

    EmitterStatistics statistics(SpoolSize waiting) {
        return new EmitterStatistics(
                emitted.sum(),
                sent.sum(),
                duplicates.sum(),
                retried.sum(),
                dropped.sum(),
                givenUp.sum(),
                waiting.events(),
                waiting.bytes(),
                lastErrorCode,
                lastAnsweredAt);
    }
}

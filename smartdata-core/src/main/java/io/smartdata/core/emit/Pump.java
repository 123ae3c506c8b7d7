package io.smartdata.core.emit;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.WaitingEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves events from memory into a durable spool, so that nobody who emits waits for a disk. Has no thread of its own. */
final class Pump {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final int MOST_EVENTS = 1_000;
    private static final long MOST_BYTES = 1 << 20;
    private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

    private final MemorySpool memory;
    private final EventSpool spool;
    private final Tally tally;
    private final Runnable onFullBatch;
    private final Courier courier;
    private boolean failing;

    Pump(MemorySpool memory, EventSpool spool, Tally tally, Courier courier, Runnable onFullBatch) {
        this.memory = memory;
        this.spool = spool;
        this.tally = tally;
        this.courier = courier;
        this.onFullBatch = onFullBatch;
    }

    /**
     * Moves what has come in.
     *
     * @return nanoseconds until the next round has anything to do unless something comes in, 0 for at once
     */
    long round() {
        List<WaitingEvent> events = memory.take(MOST_EVENTS, MOST_BYTES);
        if (events.isEmpty()) {
            return IDLE;
        }
        int kept = append(events);
        memory.remove(events.subList(0, kept));
        memory.release(events.subList(kept, events.size()));
        long bytes = events.subList(0, kept).stream()
                .mapToLong(event -> event.json().length)
                .sum();
        if (kept > 0 && courier.arrived(kept, bytes)) {
            onFullBatch.run();
        }
        return kept < events.size() ? IDLE : 0;
    }

    private int append(List<WaitingEvent> events) {
        try {
            int kept = spool.append(events.stream().map(WaitingEvent::json).toList());
            failing = false;
            return kept;
        } catch (RuntimeException | Error e) {
            String code = e instanceof SmartDataException known ? known.code() : "spool_failed";
            tally.failed(code);
            LOG.debug("The spool failed; {} events stay in memory.", events.size(), e);
            if (!failing) {
                LogEvent.EMITTER_WAITING
                        .with("code", code)
                        .and("wait_millis", Duration.ofNanos(IDLE))
                        .write();
            }
            failing = true;
            return 0;
        }
    }
}

package io.smartdata.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What an {@link EventSpool} that is durable does beside. */
public abstract class DurableEventSpoolContract extends EventSpoolContract {
    /** The next spool on the place of {@link #spool}, which was closed or left behind. */
    protected abstract EventSpool reopened() throws Exception;

    @Test
    void itSaysThatItIsDurable() {
        assertThat(spool.durable()).isTrue();
    }

    @Test
    void theNextSpoolHandsOutWhatWasNotRemoved() throws Exception {
        spool.append(events(0, 6));
        List<WaitingEvent> taken = spool.take(4, Long.MAX_VALUE);
        spool.remove(List.of(taken.get(0), taken.get(2)));
        spool.close();
        spool = reopened();
        assertThat(spool.size().events()).isEqualTo(4);
        List<String> left = new ArrayList<>();
        for (int number : new int[] {1, 3, 4, 5}) {
            left.addAll(texts(List.of(new WaitingEvent("", event(number)))));
        }
        assertThat(texts(takeAll(4))).containsExactlyInAnyOrderElementsOf(left);
    }

    @Test
    void theNextSpoolGoesOnWithNewEvents() throws Exception {
        for (int round = 0; round < 3; round++) {
            spool.append(events(2 * round, 2 * round + 2));
            spool.close();
            spool = reopened();
        }
        assertThat(texts(takeAll(6))).hasSize(6).doesNotHaveDuplicates();
    }

    /** Held events may take a while to be handed out again. */
    protected final List<WaitingEvent> takeAll(int events) {
        List<WaitingEvent> all = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (all.size() < events && System.nanoTime() < deadline) {
            all.addAll(spool.take(events, Long.MAX_VALUE));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return all;
    }
}

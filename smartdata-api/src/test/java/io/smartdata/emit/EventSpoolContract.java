package io.smartdata.emit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The facts about an {@link EventSpool}. Extend it, make your spool, and let JUnit run it. */
@Timeout(120)
public abstract class EventSpoolContract {
    private static final long ANY_BYTES = Long.MAX_VALUE;

    protected EventSpool spool;

    /** Empty, with room for at least 10 000 short events. */
    protected abstract EventSpool newSpool() throws Exception;

    @BeforeEach
    void open() throws Exception {
        spool = newSpool();
    }

    @AfterEach
    void close() {
        spool.close();
        spool.close();
    }

    protected static byte[] event(int number) {
        return "{\"id\":\"%d\",\"name\":\"größe\"}".formatted(number).getBytes(UTF_8);
    }

    protected static List<byte[]> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(EventSpoolContract::event).toList();
    }

    protected static List<String> texts(List<WaitingEvent> events) {
        return events.stream().map(event -> new String(event.json(), UTF_8)).toList();
    }

    private static List<String> expected(int from, int to) {
        return events(from, to).stream().map(json -> new String(json, UTF_8)).toList();
    }

    @Test
    void anEmptySpoolHandsOutNothing() {
        assertThat(spool.take(10, ANY_BYTES)).isEmpty();
        assertThat(spool.size()).isEqualTo(new SpoolSize(0, 0));
    }

    @Test
    void eventsComeOutAsTheyWentInOldestFirst() {
        assertThat(spool.append(events(0, 3))).isEqualTo(3);
        assertThat(spool.append(events(3, 5))).isEqualTo(2);
        assertThat(texts(spool.take(4, ANY_BYTES))).isEqualTo(expected(0, 4));
        assertThat(texts(spool.take(4, ANY_BYTES))).isEqualTo(expected(4, 5));
    }

    @Test
    void noneIsHandedOutTwiceWhileItIsHeld() {
        spool.append(events(0, 3));
        spool.take(3, ANY_BYTES);
        assertThat(spool.take(3, ANY_BYTES)).isEmpty();
    }

    @Test
    void aBatchKeepsToItsBytesButIsNeverEmptyForThem() {
        spool.append(events(0, 4));
        assertThat(texts(spool.take(4, 2L * event(0).length))).isEqualTo(expected(0, 2));
        assertThat(texts(spool.take(4, 1))).isEqualTo(expected(2, 3));
    }

    @Test
    void whatIsRemovedIsGone() {
        spool.append(events(0, 3));
        List<WaitingEvent> taken = spool.take(2, ANY_BYTES);
        spool.remove(taken);
        spool.release(taken);
        spool.remove(taken);
        assertThat(texts(spool.take(3, ANY_BYTES))).isEqualTo(expected(2, 3));
        assertThat(spool.size()).isEqualTo(new SpoolSize(1, event(2).length));
    }

    @Test
    void whatIsReleasedComesBeforeWhatIsYounger() {
        spool.append(events(0, 3));
        List<WaitingEvent> taken = spool.take(3, ANY_BYTES);
        spool.append(events(3, 5));
        spool.remove(taken.subList(1, 2));
        spool.release(List.of(taken.get(0), taken.get(2)));
        List<String> all = new ArrayList<>(expected(0, 5));
        all.remove(1);
        assertThat(texts(spool.take(5, ANY_BYTES))).isEqualTo(all);
    }

    @Test
    void heldEventsStillWait() {
        spool.append(events(0, 2));
        List<WaitingEvent> taken = spool.take(1, ANY_BYTES);
        assertThat(spool.size()).isEqualTo(new SpoolSize(2, 2L * event(0).length));
        spool.remove(taken);
        assertThat(spool.size()).isEqualTo(new SpoolSize(1, event(1).length));
    }

    @Test
    void manyThreadsPutInAndTakeOutEveryEventOnce() throws Exception {
        int threads = 4;
        int each = 250;
        List<String> out = Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                done.add(pool.submit(() -> {
                    for (int i = first; i < first + each; i += 5) {
                        spool.append(events(i, i + 5));
                        List<WaitingEvent> taken = spool.take(7, ANY_BYTES);
                        spool.release(taken.subList(0, taken.size() / 3));
                        List<WaitingEvent> kept = taken.subList(taken.size() / 3, taken.size());
                        out.addAll(texts(kept));
                        spool.remove(kept);
                    }
                }));
            }
            for (Future<?> future : done) {
                future.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        out.addAll(texts(spool.take(threads * each, ANY_BYTES)));
        assertThat(out).containsExactlyInAnyOrderElementsOf(expected(0, threads * each));
    }
}

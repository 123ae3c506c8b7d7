package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads follow lag. Time is virtual: a look every 5 seconds. */
class ConcurrencyTest {
    private static final int SECONDS_A_LOOK = 5;

    /** A queue whose lag grows by what comes in and falls by what the threads do. */
    private static List<Integer> threadsUnder(double load, double startLag, int looks) {
        Concurrency concurrency = new Concurrency(1, 4);
        List<Integer> threads = new ArrayList<>();
        double lag = startLag;
        for (int i = 0; i < looks; i++) {
            concurrency.observe(Duration.ofMillis((long) (lag * 1000)));
            threads.add(concurrency.threads());
            lag = Math.max(0, lag + SECONDS_A_LOOK * (1 - concurrency.threads() / load));
        }
        return threads;
    }

    private static long changes(List<Integer> threads) {
        long changes = 0;
        for (int i = 1; i < threads.size(); i++) {
            changes += threads.get(i).equals(threads.get(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    @Test
    void aLongLagBringsOneThreadAfterAnotherUpToTheMost() {
        Concurrency concurrency = new Concurrency(1, 3);
        for (int wanted : new int[] {2, 3, 3}) {
            concurrency.observe(Duration.ofSeconds(61));
            assertThat(concurrency.threads()).isEqualTo(wanted);
        }
    }

    @Test
    void betweenShortAndLongNothingChanges() {
        Concurrency concurrency = new Concurrency(1, 4);
        concurrency.observe(Duration.ofSeconds(61));
        for (int i = 0; i < 1000; i++) {
            concurrency.observe(Duration.ofSeconds(i % 2 == 0 ? 15 : 60));
            assertThat(concurrency.threads()).isEqualTo(2);
        }
    }

    @Test
    void aLagThatStaysShortTakesThreadsAwayDownToTheLeast() {
        Concurrency concurrency = new Concurrency(1, 4);
        for (int i = 0; i < 3; i++) {
            concurrency.observe(Duration.ofMinutes(5));
        }
        assertThat(concurrency.threads()).isEqualTo(4);
        concurrency.observe(Duration.ZERO);
        assertThat(concurrency.threads()).as("one look is not enough").isEqualTo(4);
        for (int i = 0; i < 100; i++) {
            concurrency.observe(Duration.ofSeconds(14));
        }
        assertThat(concurrency.threads()).isEqualTo(1);
    }

    /** Two threads are too few for a load of 2.5 and three are too many: the worst case. */
    @Test
    void aSteadyLoadBetweenTwoNumbersDoesNotSwing() {
        int aDay = 24 * 3600 / SECONDS_A_LOOK;
        List<Integer> threads = threadsUnder(2.5, 0, aDay);
        List<Integer> settled = threads.subList(threads.size() / 4, threads.size());
        assertThat(settled).as("enough, and at most one more").allMatch(count -> count >= 2 && count <= 4);
        assertThat(changes(settled)).as("changes in 18 hours").isLessThan(18 * 6);
    }

    @Test
    void aLoadThatTheThreadsMasterComesToRest() {
        List<Integer> threads = threadsUnder(0.5, 600, 2000);
        assertThat(threads).contains(4);
        assertThat(changes(threads.subList(1000, 2000))).isZero();
        assertThat(threads.get(1999)).isEqualTo(1);
    }
}

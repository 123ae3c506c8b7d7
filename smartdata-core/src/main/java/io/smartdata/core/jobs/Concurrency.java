package io.smartdata.core.jobs;

import java.time.Duration;

/**
 * How many threads work at a job that may fall behind: one more while its lag is long, one fewer after it was short for a
 * while. In between nothing changes, and a thread that was missed after it was taken away is kept longer the next time, so
 * that the number does not swing.
 */
final class Concurrency {
    /** Above it the job falls behind. */
    static final Duration LONG_LAG = Duration.ofSeconds(60);

    /** Below it the job keeps up. */
    static final Duration SHORT_LAG = Duration.ofSeconds(15);

    private static final int FIRST_PATIENCE = 12;
    private static final int MOST_PATIENCE = 16 * FIRST_PATIENCE;

    private final int least;
    private final int most;
    private volatile int threads;
    private int shortLags;
    private int patience = FIRST_PATIENCE;
    private boolean lastWentDown;

    Concurrency(int least, int most) {
        this.least = least;
        this.most = most;
        this.threads = least;
    }

    int threads() {
        return threads;
    }

    /** Looks at the lag; to be called at regular intervals. */
    void observe(Duration lag) {
        shortLags = lag.compareTo(SHORT_LAG) < 0 ? shortLags + 1 : 0;
        if (lag.compareTo(LONG_LAG) > 0 && threads < most) {
            threads++;
            patience = lastWentDown ? Math.min(2 * patience, MOST_PATIENCE) : patience;
            lastWentDown = false;
        } else if (shortLags >= patience && threads > least) {
            threads--;
            shortLags = 0;
            lastWentDown = true;
        }
    }
}

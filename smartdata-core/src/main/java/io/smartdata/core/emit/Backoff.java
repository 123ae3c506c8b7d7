package io.smartdata.core.emit;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after attempts that failed one after the other: a random time up to a bound that doubles, so that senders
 * which failed together do not come back together. Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015 ("full jitter").
 */
final class Backoff {
    private static final int MOST_DOUBLINGS = 30;

    private final long firstNanos;
    private final long longestNanos;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.firstNanos = first.toNanos();
        this.longestNanos = longest.toNanos();
        this.random = random;
    }

    /** One more attempt has failed. */
    long failedNanos() {
        long bound = bound(Math.min(failures++, MOST_DOUBLINGS));
        return random.nextLong(bound + 1);
    }

    private long bound(int doublings) {
        return firstNanos > longestNanos >> doublings ? longestNanos : firstNanos << doublings;
    }

    void succeeded() {
        failures = 0;
    }

    /** Attempts that failed since the last one that did not. */
    int failures() {
        return failures;
    }
}

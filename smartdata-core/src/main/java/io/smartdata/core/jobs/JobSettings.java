package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a node runs jobs.
 *
 * @param poll how often it looks for due slots
 * @param lease how long a job belongs to a node that is not heard of any more; renewed three times as often
 * @param drain how long {@code close()} waits for pieces that are being done
 * @param minThreads threads that work at a job whose lag is short, at least 1
 * @param maxThreads threads that work at jobs, all together, at least {@code minThreads}
 * @param keptRuns runs of a job to remember, at least 1
 * @since 0.1.0
 */
public record JobSettings(Duration poll, Duration lease, Duration drain, int minThreads, int maxThreads, int keptRuns) {
    /** A lease survives two renewals that fail. */
    static final int RENEWALS_PER_LEASE = 3;

    private static final Duration SHORTEST = Duration.ofMillis(10);

    public JobSettings {
        requireAtLeast(poll, SHORTEST, "poll");
        requireAtLeast(lease, SHORTEST, "lease");
        requireAtLeast(drain, Duration.ZERO, "drain");
        if (minThreads < 1 || maxThreads < minThreads || keptRuns < 1) {
            throw new IllegalArgumentException(
                    "1 <= minThreads <= maxThreads and 1 <= keptRuns must hold, not minThreads=%d maxThreads=%d keptRuns=%d"
                            .formatted(minThreads, maxThreads, keptRuns));
        }
    }

    /**
     * A look every second, leases of a minute, 20 seconds to drain, one to four threads (never more than processors), 500
     * runs of each job.
     */
    public static JobSettings defaults() {
        int most = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
        return new JobSettings(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(20), 1, most, 500);
    }

    /** A look for due slots is also when leases are renewed, so that it comes often enough for them. */
    Duration tick() {
        Duration renewal = lease.dividedBy(RENEWALS_PER_LEASE);
        return poll.compareTo(renewal) < 0 ? poll : renewal;
    }

    /** The same with another length of leases. */
    public JobSettings withLease(Duration newLease) {
        return new JobSettings(poll, newLease, drain, minThreads, maxThreads, keptRuns);
    }

    /** The same with another time between two looks for due slots. */
    public JobSettings withPoll(Duration newPoll) {
        return new JobSettings(newPoll, lease, drain, minThreads, maxThreads, keptRuns);
    }

    /** The same with another time to drain. */
    public JobSettings withDrain(Duration newDrain) {
        return new JobSettings(poll, lease, newDrain, minThreads, maxThreads, keptRuns);
    }

    /** The same with other numbers of threads. */
    public JobSettings withThreads(int newMinThreads, int newMaxThreads) {
        return new JobSettings(poll, lease, drain, newMinThreads, newMaxThreads, keptRuns);
    }

    private static void requireAtLeast(Duration value, Duration least, String name) {
        requireNonNull(value, name);
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException("%s must be at least %s, was %s".formatted(name, least, value));
        }
    }
}

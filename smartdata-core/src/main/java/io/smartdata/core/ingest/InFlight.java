package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.Meters;
import io.smartdata.tenancy.OrgId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that running ingest calls may take, for the node and for each org. A call takes its part before it reads
 * anything and gives it back when it ends, however it ends; where there is no room it is turned away at once. Thread-safe.
 *
 * @since 0.1.0
 */
public final class InFlight {
    /**
     * Memory per byte of input while a piece is read and stored. Measured on NDJSON: the body is 1, what is made of it (the
     * original lines, events, fingerprints) 2 to 4, the smaller the events the more; what the store binds, the outcomes and
     * the KPI changes are allowed 3.
     */
    static final int MEMORY_PER_BYTE = 8;

    private static final Duration SHORTEST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** What is said before any call has ended. */
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** Weight of the newest call in the mean time of calls: about the last ten count. */
    private static final double NEWEST_WEIGHT = 0.2;

    /** Retries are spread over half their time, so that those turned away together do not come back together. */
    private static final double JITTER = 0.5;

    private final InFlightLimits limits;
    private final long largestCall;
    private final Meters meters;
    private final Map<OrgId, Long> ofOrgs = new HashMap<>();
    private long ofNode;
    private double meanNanos = FIRST_RETRY.toNanos();
    private boolean anyEnded;

    /**
     * @throws SmartDataException {@code invalid_settings} if an org could never make a call of the largest size
     */
    public InFlight(InFlightLimits limits, IngestSettings settings, Meters meters) {
        this.limits = requireNonNull(limits, "limits");
        this.largestCall = largestCall(settings);
        this.meters = requireNonNull(meters, "meters");
        if (limits.orgBytes() < largestCall) {
            throw new SmartDataException(
                    "invalid_settings",
                    ("One call may take %d bytes of memory, and an org may have %d in flight: such a call could never run. "
                                    + "Raise InFlightLimits.orgBytes, or lower IngestSettings.maxBatchBytes and chunkBytes.")
                            .formatted(largestCall, limits.orgBytes()));
        }
    }

    /** Memory of a batch or piece of the largest size, in bytes. */
    static long largestCall(IngestSettings settings) {
        return (long) MEMORY_PER_BYTE * Math.max(settings.maxBatchBytes(), settings.chunkBytes());
    }

    /**
     * Makes the call if there is room for it.
     *
     * @param inputBytes how much of its input the call holds at once
     * @throws ThrottledException if there is none; then the call was not made
     */
    <R> R run(OrgId org, long inputBytes, Supplier<R> call) {
        return run(org, true, inputBytes, call);
    }

    /** As {@link #run(OrgId, long, Supplier)} for a call of several orgs; each part then takes its share {@link #part}. */
    <R> R whole(long inputBytes, Supplier<R> call) {
        return run(null, true, inputBytes, call);
    }

    /** As {@link #run(OrgId, long, Supplier)} for what one org has in a call that holds the node's memory already. */
    <R> R part(OrgId org, long inputBytes, Supplier<R> call) {
        return run(org, false, inputBytes, call);
    }

    private <R> R run(@Nullable OrgId org, boolean ofNode, long inputBytes, Supplier<R> call) {
        long bytes = memory(inputBytes);
        take(org, ofNode, bytes);
        long start = System.nanoTime();
        try {
            return call.get();
        } finally {
            giveBack(org, ofNode, bytes, System.nanoTime() - start);
        }
    }

    /** A call never holds more than one of the largest size does: above that it goes piece by piece. */
    private long memory(long inputBytes) {
        return Math.min(Math.max(1, inputBytes), largestCall / MEMORY_PER_BYTE) * MEMORY_PER_BYTE;
    }

    private synchronized void take(@Nullable OrgId org, boolean node, long bytes) {
        if (org != null) {
            requireRoomOfOrg(ofOrgs.getOrDefault(org, 0L), bytes);
        }
        if (node) {
            requireRoomOfNode(bytes);
            ofNode += bytes;
            meters.inFlight(bytes);
        }
        if (org != null) {
            ofOrgs.merge(org, bytes, Long::sum);
        }
    }

    private void requireRoomOfOrg(long ofOrg, long bytes) {
        long missing = bytes - (limits.orgBytes() - ofOrg);
        if (missing > 0) {
            meters.throttled("org");
            throw ThrottledException.ofOrg(ofOrg, limits.orgBytes(), retryAfter(missing, ofOrg));
        }
    }

    private void requireRoomOfNode(long bytes) {
        long missing = bytes - (limits.nodeBytes() - ofNode);
        if (missing > 0) {
            meters.throttled("node");
            throw ThrottledException.ofNode(retryAfter(missing, ofNode));
        }
    }

    /** An org with nothing in flight leaves no trace, so orgs that come and go do not add up. */
    private synchronized void giveBack(@Nullable OrgId org, boolean node, long bytes, long nanos) {
        if (org != null) {
            ofOrgs.computeIfPresent(org, (same, ofOrg) -> ofOrg == bytes ? null : ofOrg - bytes);
        }
        if (node) {
            ofNode -= bytes;
            meanNanos = anyEnded ? meanNanos + NEWEST_WEIGHT * (nanos - meanNanos) : nanos;
            anyEnded = true;
            meters.inFlight(-bytes);
        }
    }

    /**
     * When enough should have drained: {@code inFlight} bytes drain in the mean time of a recent call (Little, "A Proof for
     * the Queuing Formula L = λW", 1961), the missing ones in their part of it; between 0.1 and 30 seconds, and up to half
     * as much again by chance.
     */
    private Duration retryAfter(long missing, long inFlight) {
        double nanos = meanNanos * missing / inFlight;
        double bounded = Math.max(SHORTEST_RETRY.toNanos(), Math.min(LONGEST_RETRY.toNanos(), nanos));
        return Duration.ofNanos(
                (long) (bounded * (1 + JITTER * ThreadLocalRandom.current().nextDouble())));
    }
}

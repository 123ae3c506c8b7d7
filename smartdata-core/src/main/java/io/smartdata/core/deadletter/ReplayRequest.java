package io.smartdata.core.deadletter;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.ingest.Transformation;
import io.smartdata.storage.DeadLetterFilter;

/**
 * Which dead letters to replay, and how.
 *
 * @param filter which ones; of these, only those that are open
 * @param fix what is done to each payload before it is read
 * @param dryRun true to find out what would happen: nothing is stored and no attempt counts, so a letter that depends on an
 *     earlier one of the run is not seen to do so
 * @param batchSize letters looked up at a time, 1 to 10 000; bounds the memory of a run, each letter is replayed in a
 *     transaction of its own
 * @param maxAttempts letters that were tried so often are left alone, at least 1
 * @param limit most letters to try, at least 1
 * @since 0.1.0
 */
public record ReplayRequest(
        DeadLetterFilter filter, Transformation fix, boolean dryRun, int batchSize, int maxAttempts, long limit) {
    private static final int MAX_BATCH_SIZE = 10_000;

    public ReplayRequest {
        requireNonNull(filter, "filter");
        requireNonNull(fix, "fix");
        if (batchSize < 1 || batchSize > MAX_BATCH_SIZE) {
            throw new IllegalArgumentException("batchSize must be 1 to 10 000, was " + batchSize);
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, was " + maxAttempts);
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
    }

    /** All open letters of the filter as they are, up to 5 attempts each, looked up 500 at a time. */
    public static ReplayRequest of(DeadLetterFilter filter) {
        return new ReplayRequest(filter, Transformation.none(), false, 500, 5, Long.MAX_VALUE);
    }

    /** Corrected on the way. */
    public ReplayRequest withFix(Transformation newFix) {
        return new ReplayRequest(filter, newFix, dryRun, batchSize, maxAttempts, limit);
    }

    /** Only to find out what would happen, or in earnest. */
    public ReplayRequest withDryRun(boolean newDryRun) {
        return new ReplayRequest(filter, fix, newDryRun, batchSize, maxAttempts, limit);
    }

    /** So many letters looked up at a time. */
    public ReplayRequest withBatchSize(int newBatchSize) {
        return new ReplayRequest(filter, fix, dryRun, newBatchSize, maxAttempts, limit);
    }

    /** So many attempts for each letter. */
    public ReplayRequest withMaxAttempts(int newMaxAttempts) {
        return new ReplayRequest(filter, fix, dryRun, batchSize, newMaxAttempts, limit);
    }

    /** At most so many letters tried. */
    public ReplayRequest withLimit(long newLimit) {
        return new ReplayRequest(filter, fix, dryRun, batchSize, maxAttempts, newLimit);
    }
}

package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job's run for one slot. There is one for each slot, however many nodes begin it or take it over.
 *
 * @param job name of the job
 * @param slot the moment the run was scheduled for, or asked for by hand; in microseconds
 * @param owner node that began it or took it over last
 * @param fence of the lease it runs under
 * @param attempt 1, and one more each time it was taken over
 * @param status how it stands
 * @param startedAt when it began first, by the database's clock
 * @param endedAt when it ended, null while it runs
 * @param processed what the attempt that ended it has done, in the job's own unit
 * @param errorCode stable, snake_case; null unless it failed
 * @param errorMessage what failed and what to do, without payloads; null unless it failed
 * @since 0.1.0
 */
public record JobRun(
        String job,
        Instant slot,
        String owner,
        long fence,
        int attempt,
        Status status,
        Instant startedAt,
        @Nullable Instant endedAt,
        long processed,
        @Nullable String errorCode,
        @Nullable String errorMessage) {
    public JobRun {
        requireNonNull(job, "job");
        requireNonNull(slot, "slot");
        requireNonNull(owner, "owner");
        requireNonNull(status, "status");
        requireNonNull(startedAt, "startedAt");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
        if ((status == Status.FAILED) != (errorCode != null)) {
            throw new IllegalArgumentException("A run has an error code if it failed, and only then");
        }
    }

    /** How a run stands. */
    public enum Status {
        /** Begun and not ended: a node works at it, or has died and another one will take it over. */
        RUNNING,
        /** Everything was done. */
        DONE,
        /** Ended, and something was left undone; the error says what. */
        FAILED
    }

    /** How a run ended. */
    public record End(
            Status status,
            long processed,
            @Nullable String errorCode,
            @Nullable String errorMessage) {
        public End {
            if (status == Status.RUNNING) {
                throw new IllegalArgumentException("A run that ends does not go on");
            }
        }

        /** Everything was done. */
        public static End done(long processed) {
            return new End(Status.DONE, processed, null, null);
        }

        /** Something was left undone. */
        public static End failed(long processed, String errorCode, String errorMessage) {
            return new End(
                    Status.FAILED,
                    processed,
                    requireNonNull(errorCode, "errorCode"),
                    requireNonNull(errorMessage, "errorMessage"));
        }
    }
}

package io.smartdata.storage;

import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which node runs which job, and what became of it. All times are the database's, so that the clocks of nodes do not matter.
 *
 * <p>What makes a slot take effect once, beside this: a store refuses every write under an
 * {@link io.smartdata.tenancy.OrgScope#under OrgScope with a fence} unless the fence is of the newest lease of its job
 * ({@code fenced_off}) and its unit was not done for the slot ({@code effect_taken}); both are checked and remembered in the
 * transaction of that write. Creating an org and compaction are no effects: they may be repeated.
 *
 * @since 0.1.0
 */
public interface JobStore {
    /** The database's clock, in microseconds. */
    Instant now(SystemScope system);

    /**
     * Takes the lease of a job if nobody has it, with a fence greater than any before. A write under the fence before it
     * commits first or is refused.
     *
     * @return the lease, or empty if another one has not ended, be it the owner's own
     */
    Optional<Lease> take(SystemScope system, String job, String owner, Duration length);

    /**
     * Makes a lease last longer, counted from now.
     *
     * @return the same lease with its new end, or empty if it has ended or changed hands
     */
    Optional<Lease> renew(SystemScope system, Lease lease, Duration length);

    /**
     * Gives a lease back. What is still written under its fence is refused from now on.
     *
     * @return false if it has changed hands or was given back
     */
    boolean release(SystemScope system, Lease lease);

    /** The oldest run of a job that began and did not end. Whoever holds the job's lease knows that nobody works at it. */
    Optional<JobRun> unfinished(SystemScope system, String job);

    /**
     * Begins the run of a slot, or takes it over from an older lease.
     *
     * @return the run, or empty if the slot's run has ended
     * @throws io.smartdata.SmartDataException {@code fenced_off} if the lease is not the newest of its job
     */
    Optional<JobRun> begin(SystemScope system, Lease lease, Instant slot);

    /**
     * Ends a run.
     *
     * @return the run as it ended, or empty if it was taken over or had ended
     */
    Optional<JobRun> end(SystemScope system, JobRun run, JobRun.End end);

    /** True if the unit of the fence was done for its slot; spares a node that takes a run over from computing it again. */
    boolean done(SystemScope system, Fence fence);

    /**
     * Runs of a job, the latest slot first.
     *
     * @param limit most runs to return, at least 1
     */
    List<JobRun> history(SystemScope system, String job, int limit);

    /**
     * Forgets the runs of a job that have ended, and their effects, but for the latest slots.
     *
     * @param keep slots to keep, at least 1
     * @return runs forgotten
     */
    int purge(SystemScope system, String job, int keep);
}

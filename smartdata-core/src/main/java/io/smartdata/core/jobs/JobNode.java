package io.smartdata.core.jobs;

import io.smartdata.SmartDataException;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.Lease;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** One of the nodes that share the jobs: takes leases and with them what is due. Starts no thread. */
final class JobNode {
    /** A run that ends the process of every node that begins it must stop being begun. */
    private static final int MAX_ATTEMPTS = 10;

    private final Storage storage;
    private final SystemScope system;
    private final String owner;
    private final JobSettings settings;
    private final LongSupplier nanos;
    /** By job, the slot seen last of which nothing is left to do; spares a look into the store. */
    private final Map<String, Instant> settled = new ConcurrentHashMap<>();

    /**
     * @param owner unique among nodes and their restarts
     * @param nanos a clock that never goes back, such as {@link System#nanoTime()}
     */
    JobNode(Storage storage, SystemScope system, String owner, JobSettings settings, LongSupplier nanos) {
        this.storage = storage;
        this.system = system;
        this.owner = owner;
        this.settings = settings;
        this.nanos = nanos;
    }

    /** The clock that tells what is due: the database's. */
    Instant now() {
        return store().now(system);
    }

    /**
     * What is to be done of a job now, if this node gets the lease: a run that another node left, else the latest slot.
     *
     * @param now as {@link #now()} gave it
     */
    Optional<RunningJob> claim(Job job, Instant now) {
        return job.schedule()
                .latest(now)
                .filter(slot -> !slot.equals(settled.get(job.name())) && job.needed())
                .flatMap(slot -> take(job).flatMap(lease -> begin(job, lease, slot, now)));
    }

    /**
     * Begins a run beside the schedule.
     *
     * @throws SmartDataException {@code job_running} if a node holds the job's lease
     */
    RunningJob claimNow(Job job) {
        Lease lease = take(job)
                .orElseThrow(() -> new SmartDataException(
                        "job_running",
                        "The job %s runs on a node, or its node died and the lease has not ended yet. Nothing was started. Try again later."
                                .formatted(job.name())));
        return store().begin(system, lease, now())
                .map(run -> running(job, lease, run))
                .orElseThrow(() -> new IllegalStateException("A slot of this microsecond has run already"));
    }

    private Optional<Lease> take(Job job) {
        return store().take(system, job.name(), owner, settings.lease());
    }

    private Optional<RunningJob> begin(Job job, Lease lease, Instant slot, Instant now) {
        Optional<RunningJob> running = takeOver(job, lease)
                .or(() -> job.mayBegin(slot, now)
                        ? store().begin(system, lease, slot).map(run -> running(job, lease, run))
                        : Optional.empty());
        if (running.isEmpty()) {
            settled.put(job.name(), slot);
            store().release(system, lease);
        }
        return running;
    }

    /** What was begun is finished, however late. */
    private Optional<RunningJob> takeOver(Job job, Lease lease) {
        return store().unfinished(system, job.name())
                .flatMap(left -> store().begin(system, lease, left.slot()))
                .flatMap(run -> run.attempt() <= MAX_ATTEMPTS
                        ? Optional.of(running(job, lease, run))
                        : giveUp(run).flatMap(ended -> takeOver(job, lease)));
    }

    private Optional<JobRun> giveUp(JobRun run) {
        return store().end(
                        system,
                        run,
                        JobRun.End.failed(
                                0,
                                "gave_up",
                                "The run was begun %d times and never came to its end. What is missing is left to the next slot."
                                        .formatted(MAX_ATTEMPTS)));
    }

    private RunningJob running(Job job, Lease lease, JobRun run) {
        return new RunningJob(
                storage, system, job, lease, run, settings, nanos, ended -> settled.put(ended.job(), ended.slot()));
    }

    private JobStore store() {
        return storage.jobs();
    }
}

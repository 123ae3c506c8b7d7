package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.health.Health;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * The jobs of the system, shared by all nodes on one store. They act for the system and show nobody's data, so they need no
 * caller; a host that lets people start them asks its own permissions first.
 *
 * @since 0.1.0
 */
public final class Jobs {
    private final List<Job> jobs;
    private final Storage storage;
    private final SystemScope system;
    private final JobNode node;
    private final ActiveJobs active;
    private final Runnable watch;
    private final Executor background;

    /** @param background does what is begun here */
    Jobs(
            List<Job> jobs,
            Storage storage,
            SystemScope system,
            JobNode node,
            ActiveJobs active,
            Runnable watch,
            Executor background) {
        this.jobs = List.copyOf(jobs);
        this.storage = requireNonNull(storage, "storage");
        this.system = requireNonNull(system, "system");
        this.node = requireNonNull(node, "node");
        this.active = requireNonNull(active, "active");
        this.watch = requireNonNull(watch, "watch");
        this.background = requireNonNull(background, "background");
    }

    /** How every job stands, in the order of the catalogue. */
    public List<JobStatus> list() {
        Instant now = node.now();
        return jobs.stream()
                .map(job -> new JobStatus(
                        job.name(),
                        job.schedule().toString(),
                        job.schedule().next(now).orElse(null),
                        storage.jobs().history(system, job.name(), 1).stream()
                                .findFirst()
                                .orElse(null)))
                .toList();
    }

    /**
     * Runs a job now, beside its schedule, on the caller's thread.
     *
     * @return the run as it ended; still {@code RUNNING} if the store failed or this node closes, then another node goes on
     * @throws SmartDataException {@code unknown_job}, {@code job_running} if some node runs it
     */
    public JobRun run(String name) {
        return finish(node.claimNow(job(name)));
    }

    /**
     * Begins a job now, beside its schedule, on the threads of this node; on the caller's if it was given none by
     * {@code start()}.
     *
     * @return the run as it began; {@link #history} tells how it ends
     * @throws SmartDataException {@code unknown_job}, {@code job_running} if some node runs it
     */
    public JobRun begin(String name) {
        RunningJob run = node.claimNow(job(name));
        active.add(run);
        background.execute(() -> active.work(run, () -> true));
        return run.begun();
    }

    /**
     * Runs what is due, on the caller's thread: of each job the latest slot, if no node has begun it, and before it what
     * another node left. For hosts that have a scheduler of their own; call it as often as slots are to be in time, on one
     * node or on all.
     *
     * @return the runs, in their order
     */
    public List<JobRun> runDue() {
        List<JobRun> runs = new ArrayList<>();
        for (Job job : jobs) {
            Instant now = node.now();
            for (Optional<RunningJob> due = node.claim(job, now); due.isPresent(); due = node.claim(job, now)) {
                runs.add(finish(due.get()));
            }
        }
        watch.run();
        return runs;
    }

    /** Degraded if the latest run of a job that came to its end failed, with its error code; until another one succeeds. */
    public Health.Component health() {
        return jobs.stream()
                .flatMap(job -> latestEnded(job).stream())
                .filter(ended -> ended.status() == JobRun.Status.FAILED)
                .findFirst()
                .map(failed -> new Health.Component("jobs", Health.Status.DEGRADED, failed.errorCode()))
                .orElse(Health.Component.of("jobs", Health.Status.UP));
    }

    /** What runs now, once in the cluster, says nothing yet. */
    private Optional<JobRun> latestEnded(Job job) {
        return storage.jobs().history(system, job.name(), 2).stream()
                .filter(run -> run.status() != JobRun.Status.RUNNING)
                .findFirst();
    }

    /**
     * The runs of a job, the latest slot first.
     *
     * @param limit most runs to return, at least 1
     * @throws SmartDataException {@code unknown_job}
     */
    public List<JobRun> history(String name, int limit) {
        return storage.jobs().history(system, job(name).name(), limit);
    }

    private JobRun finish(RunningJob run) {
        active.add(run);
        return active.work(run, () -> true).orElseThrow();
    }

    private Job job(String name) {
        return jobs.stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SmartDataException(
                        "unknown_job",
                        "There is no job %s. Nothing was run. The jobs are: %s."
                                .formatted(name, jobs.stream().map(Job::name).collect(Collectors.joining(", ")))));
    }
}

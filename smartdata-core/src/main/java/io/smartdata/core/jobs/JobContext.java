package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.JobRun;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The run that a piece of work belongs to.
 *
 * @since 0.1.0
 */
public final class JobContext {
    private final JobRun run;
    private final Supplier<Duration> running;
    private final BooleanSupplier stopped;

    JobContext(JobRun run, Supplier<Duration> running, BooleanSupplier stopped) {
        this.run = requireNonNull(run, "run");
        this.running = running;
        this.stopped = stopped;
    }

    /** The moment the run was scheduled for. */
    public Instant slot() {
        return run.slot();
    }

    /** Time since this node began the run, by its own clock. */
    public Duration running() {
        return running.get();
    }

    /** True if no further piece will run: the node is closing, has lost the lease, or time is up. Long work looks at it. */
    public boolean stopped() {
        return stopped.getAsBoolean();
    }
}

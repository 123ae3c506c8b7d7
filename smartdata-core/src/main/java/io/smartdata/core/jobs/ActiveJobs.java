package io.smartdata.core.jobs;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.Meters;
import io.smartdata.storage.JobRun;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs that this node is at, whoever's threads do them, so that closing can wait for them. */
final class ActiveJobs {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveJobs.class);

    private final Meters meters;
    private final Set<RunningJob> runs = new LinkedHashSet<>();
    private boolean closed;

    ActiveJobs(Meters meters) {
        this.meters = meters;
    }

    /** Takes runs again after {@link #close}. */
    synchronized void open() {
        closed = false;
    }

    /** True from {@link #close} on, until {@link #open()}. */
    synchronized boolean closed() {
        return closed;
    }

    /** A run that begins while the node closes gives its lease back at once. */
    synchronized void add(RunningJob run) {
        runs.add(run);
        if (closed) {
            run.cancel();
        }
    }

    synchronized List<RunningJob> all() {
        return List.copyOf(runs);
    }

    boolean has(Job job) {
        return all().stream().anyMatch(run -> run.job() == job);
    }

    /** As {@link RunningJob#work} for a run that was added. */
    Optional<JobRun> work(RunningJob run, BooleanSupplier wanted) {
        try {
            Optional<JobRun> ended = run.work(wanted);
            ended.ifPresent(state -> meters.jobRun(state.job(), state.status().name(), run.running()));
            return ended;
        } finally {
            if (run.threads() == 0) {
                remove(run);
            }
        }
    }

    private synchronized void remove(RunningJob run) {
        runs.remove(run);
        notifyAll();
    }

    /**
     * Lets pieces that are being done come to their end, and begins no others. What is not done by then is refused by the
     * store: its lease is given back.
     */
    void close(Duration drain) {
        synchronized (this) {
            closed = true;
        }
        all().forEach(RunningJob::cancel);
        awaitEnd(drain);
        for (RunningJob run : all()) {
            LOG.warn(
                    "A piece was not done in time, its lease is given back, job={}",
                    run.job().name());
            try {
                run.release();
            } catch (SmartDataException e) {
                LOG.warn(
                        "A lease was not given back, it ends by itself, job={} code={}",
                        run.job().name(),
                        e.code());
            }
        }
    }

    private synchronized void awaitEnd(Duration drain) {
        long end = System.nanoTime() + drain.toNanos();
        try {
            for (long left = drain.toNanos(); !runs.isEmpty() && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.smartdata.core.jobs;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Lease;
import io.smartdata.storage.Storage;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run under a lease of this node, done piece by piece by any number of threads. Nothing here decides what takes effect: a
 * node that believes too long that it holds the lease is refused by the store.
 */
final class RunningJob {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    /** Forgetting old runs is a transaction of its own: now and then is enough. */
    private static final int RUNS_PER_PURGE = 16;

    private final Storage storage;
    private final SystemScope system;
    private final Job job;
    private final Lease lease;
    private final JobRun run;
    private final JobSettings settings;
    private final LongSupplier nanos;
    private final Consumer<JobRun> ended;
    private final long began;
    private final Queue<Line> waiting = new ArrayDeque<>();

    private long renewed;
    private int threads = 1;
    private @Nullable Stop stop;
    private long processed;
    private int failures;
    private @Nullable SmartDataException firstFailure;

    /** Why no further piece begins although some may be left; a later reason takes the place of an earlier one. */
    private enum Stop {
        /** Time is up. */
        LATE,
        /** The node is closing: another one may go on at once. */
        CANCELLED,
        /** The store or this node failed: who is well when the lease has ended goes on. */
        BROKEN,
        /** Another node goes on already. */
        FENCED_OFF
    }

    /**
     * Pieces that run one after another.
     *
     * @param org whose they are, null if they serve all
     */
    private record Line(@Nullable OrgId org, Iterator<LongSupplier> pieces) {}

    /**
     * @param nanos a clock that never goes back, such as {@link System#nanoTime()}
     * @param ended told the run when nothing is left to be done of it
     */
    RunningJob(
            Storage storage,
            SystemScope system,
            Job job,
            Lease lease,
            JobRun run,
            JobSettings settings,
            LongSupplier nanos,
            Consumer<JobRun> ended) {
        this.storage = storage;
        this.system = system;
        this.job = job;
        this.lease = lease;
        this.run = run;
        this.settings = settings;
        this.nanos = nanos;
        this.ended = ended;
        this.began = nanos.getAsLong();
        this.renewed = began;
        JobContext context = new JobContext(run, this::running, this::stopped);
        job.orgWork().ifPresent(work -> orgs().forEach(org -> waiting.add(orgLine(context, org, work))));
        job.systemWork().ifPresent(work -> waiting.add(systemLine(context, work)));
    }

    /** Each run begins with another org, so that where time is always short none is always the last. */
    private List<OrgId> orgs() {
        List<OrgId> orgs = new ArrayList<>(
                job.orgs().map(Supplier::get).orElseGet(() -> storage.orgs().all(system)));
        Collections.rotate(orgs, orgs.isEmpty() ? 0 : (int) (runNumber() % orgs.size()));
        return orgs;
    }

    /** Counts runs, roughly: to take a lease raises the fence by one, and to give it back by one more. */
    private long runNumber() {
        return run.fence() / 2;
    }

    private static Line systemLine(JobContext context, SystemWork work) {
        return new Line(null, List.<LongSupplier>of(() -> work.run(context)).iterator());
    }

    private Line orgLine(JobContext context, OrgId org, OrgWork work) {
        return new Line(org, new Iterator<>() {
            private @Nullable Iterator<JobPiece> pieces;

            private Iterator<JobPiece> pieces() {
                Iterator<JobPiece> made = pieces;
                if (made == null) {
                    made = work.pieces(context, system.org(org));
                    pieces = made;
                }
                return made;
            }

            @Override
            public boolean hasNext() {
                return pieces().hasNext();
            }

            @Override
            public LongSupplier next() {
                JobPiece piece = pieces().next();
                return () -> run(org, piece);
            }
        });
    }

    /** Units are names within an org; a space is in no org's id. */
    private long run(OrgId org, JobPiece piece) {
        OrgScope scope = system.org(org);
        if (piece.unit() == null) {
            return piece.effect().run(scope);
        }
        Fence fence = new Fence(run.job(), run.slot(), org + " " + piece.unit(), run.fence());
        boolean doneBefore = run.attempt() > 1 && storage.jobs().done(system, fence);
        return doneBefore ? 0 : piece.effect().run(scope.under(fence));
    }

    Job job() {
        return job;
    }

    /** The run as it was begun. */
    JobRun begun() {
        return run;
    }

    /**
     * Works until nothing is left or the thread is not wanted any more. The last thread to leave ends the run.
     *
     * @return for the last thread, the run as it stands
     */
    Optional<JobRun> work(BooleanSupplier wanted) {
        boolean last;
        try {
            while (wanted.getAsBoolean() && step()) {
                heartbeat();
            }
        } catch (Error e) {
            stop(Stop.BROKEN);
            throw e;
        } finally {
            last = leave();
        }
        return last ? Optional.of(finish()) : Optional.empty();
    }

    /** Another thread comes to help; false if the last one has left. */
    synchronized boolean join() {
        threads += threads == 0 ? 0 : 1;
        return threads > 0;
    }

    private synchronized boolean leave() {
        threads--;
        return threads == 0;
    }

    /** Threads at work; 0 when the run is over for this node. */
    synchronized int threads() {
        return threads;
    }

    /** Does a piece of whose turn it is; false if none is left for this thread. */
    boolean step() {
        Line line = turn();
        if (line == null) {
            return false;
        }
        if (advance(line)) {
            putBack(line);
        }
        return true;
    }

    private synchronized @Nullable Line turn() {
        if (stop == null && !waiting.isEmpty() && running().compareTo(job.limit()) > 0) {
            stop = Stop.LATE;
        }
        return stop == null ? waiting.poll() : null;
    }

    private synchronized void putBack(Line line) {
        waiting.add(line);
    }

    /** Does the next piece of a line; false if that was the last. */
    private boolean advance(Line line) {
        LongSupplier piece;
        try {
            if (!line.pieces().hasNext()) {
                return false;
            }
            piece = line.pieces().next();
        } catch (RuntimeException e) {
            failed(line, e);
            return false;
        }
        try {
            done(piece.getAsLong());
        } catch (RuntimeException e) {
            failed(line, e);
        }
        return hasNext(line);
    }

    private boolean hasNext(Line line) {
        try {
            return line.pieces().hasNext();
        } catch (RuntimeException e) {
            failed(line, e);
            return false;
        }
    }

    private synchronized void done(long amount) {
        processed += amount;
    }

    /** What is wrong with one piece is no reason to leave out the others; a store that fails is. */
    private synchronized void failed(Line line, RuntimeException e) {
        String code = e instanceof SmartDataException known ? known.code() : "job_failed";
        if (code.equals("effect_taken")) {
            return;
        }
        if (code.equals("fenced_off")) {
            stop(Stop.FENCED_OFF);
        } else if (e instanceof RetryLaterException || e instanceof UnknownOutcomeException) {
            stop(Stop.BROKEN);
        } else {
            failures++;
            firstFailure = firstFailure == null ? explained(e) : firstFailure;
        }
        log(line, code, e);
    }

    /** To lose a lease, or the store for a while, is no fault of the work: its stack trace would tell nothing. */
    private void log(Line line, String code, RuntimeException e) {
        if (stop == Stop.FENCED_OFF || stop == Stop.BROKEN) {
            LOG.warn("A run is left to another node, job={} slot={} code={}", job.name(), run.slot(), code);
        } else {
            LOG.warn("A piece failed, job={} slot={} org={} code={}", job.name(), run.slot(), line.org(), code, e);
        }
    }

    /** What a stranger's exception says may hold a payload. */
    private static SmartDataException explained(RuntimeException e) {
        return e instanceof SmartDataException known
                ? known
                : new SmartDataException(
                        "job_failed",
                        "An unexpected %s. The piece was not done. The log of the node has the cause."
                                .formatted(e.getClass().getSimpleName()),
                        e);
    }

    private synchronized void stop(Stop why) {
        stop = stop == null || why.compareTo(stop) > 0 ? why : stop;
    }

    private synchronized boolean stopped() {
        return stop != null;
    }

    /** No further piece begins on this node. */
    void cancel() {
        stop(Stop.CANCELLED);
    }

    /** Time since this node began the run. */
    Duration running() {
        return Duration.ofNanos(nanos.getAsLong() - began);
    }

    /** Renews the lease when it is time. A node that fails to notice that it lost the lease is refused by the store. */
    void heartbeat() {
        if (!renewalIsDue()) {
            return;
        }
        try {
            if (storage.jobs().renew(system, lease, settings.lease()).isEmpty()) {
                stop(Stop.FENCED_OFF);
            }
        } catch (SmartDataException e) {
            LOG.warn("A lease was not renewed, job={} slot={} code={}", job.name(), run.slot(), e.code());
        }
    }

    private synchronized boolean renewalIsDue() {
        long now = nanos.getAsLong();
        boolean due = stop == null && now - renewed >= settings.lease().toNanos() / JobSettings.RENEWALS_PER_LEASE;
        renewed = due ? now : renewed;
        return due;
    }

    /**
     * Ends the run unless another node is to go on with it. Called once, when no step runs any more.
     *
     * @return the run as it stands
     */
    JobRun finish() {
        try {
            return end();
        } catch (SmartDataException e) {
            LOG.warn("A run was left to be taken over, job={} slot={} code={}", job.name(), run.slot(), e.code());
            return run;
        }
    }

    private JobRun end() {
        if (stop == Stop.FENCED_OFF || stop == Stop.BROKEN) {
            return run;
        }
        if (stop == Stop.CANCELLED && !waiting.isEmpty()) {
            release();
            return run;
        }
        Optional<JobRun> over = storage.jobs().end(system, run, outcome());
        over.ifPresent(ended);
        release();
        return over.orElse(run);
    }

    private JobRun.End outcome() {
        if (stop == Stop.LATE) {
            return JobRun.End.failed(
                    processed,
                    "deadline_exceeded",
                    "The run took longer than its %s. What was done stays; the rest is left to the next slot."
                            .formatted(job.limit()));
        }
        SmartDataException first = firstFailure;
        return first == null
                ? JobRun.End.done(processed)
                : JobRun.End.failed(
                        processed,
                        first.code(),
                        "%d pieces failed. The first: %s".formatted(failures, first.getMessage()));
    }

    /** Gives the lease back; what still runs here has no effect from now on. */
    void release() {
        storage.jobs().release(system, lease);
        if (runNumber() % RUNS_PER_PURGE == 0) {
            storage.jobs().purge(system, job.name(), settings.keptRuns());
        }
    }
}

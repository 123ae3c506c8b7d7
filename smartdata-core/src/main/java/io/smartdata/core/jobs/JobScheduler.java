package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.Meters;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs due jobs on threads. Starts none before {@link #start()}; its own are daemons called {@code smartdata-jobs-1} and so
 * on, so that a host that forgets {@link #close()} still ends.
 *
 * @since 0.1.0
 */
public final class JobScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobScheduler.class);

    /** Ticks between two looks at how far jobs are behind. */
    private static final int TICKS_PER_LOOK = 5;

    private final List<Job> jobs;
    private final JobSettings settings;
    private final JobNode node;
    private final ActiveJobs active;
    private final Jobs facade;
    private final Runnable watch;
    private final @Nullable ScheduledExecutorService hostScheduler;
    private final @Nullable Executor hostExecutor;
    private final AtomicInteger busy = new AtomicInteger();
    private final Map<Job, Concurrency> concurrency = new HashMap<>();
    private long ticks;
    private final Map<String, String> failing = new HashMap<>();

    private @Nullable Started started;
    private boolean closed;

    /** What {@link #start()} began; the executors are null where the host's are used. */
    private record Started(
            ScheduledFuture<?> ticking,
            Executor executor,
            @Nullable ScheduledExecutorService ownScheduler,
            @Nullable ExecutorService ownExecutor) {}

    /**
     * @param watch called with every look for due jobs; returns soon
     * @param hostScheduler looks for due jobs; null for a thread of our own
     * @param hostExecutor does the jobs; null for threads of our own
     */
    public JobScheduler(
            Storage storage,
            SystemScope system,
            List<Job> jobs,
            JobSettings settings,
            Meters meters,
            Runnable watch,
            @Nullable ScheduledExecutorService hostScheduler,
            @Nullable Executor hostExecutor) {
        this.jobs = requireDifferent(jobs);
        this.settings = requireNonNull(settings, "settings");
        this.node = new JobNode(storage, system, UUID.randomUUID().toString(), settings, System::nanoTime);
        this.active = new ActiveJobs(meters);
        this.watch = requireNonNull(watch, "watch");
        this.facade = new Jobs(jobs, storage, system, node, active, watch, this::inBackground);
        this.hostScheduler = hostScheduler;
        this.hostExecutor = hostExecutor;
        for (Job job : jobs) {
            if (job.lag().isPresent()) {
                concurrency.put(job, new Concurrency(settings.minThreads(), settings.maxThreads()));
            }
        }
    }

    private static List<Job> requireDifferent(List<Job> jobs) {
        if (jobs.stream().map(Job::name).distinct().count() < jobs.size()) {
            throw new SmartDataException(
                    "invalid_settings",
                    "Two jobs have the same name, among %s. Nothing was started. Rename one.".formatted(jobs));
        }
        return List.copyOf(jobs);
    }

    /** The jobs, to look at and to run by hand; needs no start. */
    public Jobs jobs() {
        return facade;
    }

    /**
     * Begins to run due jobs; nothing if that has begun, or if there are no jobs.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("Closed for good");
        }
        if (started != null || jobs.isEmpty()) {
            return;
        }
        active.open();
        ThreadFactory threads = threads();
        ScheduledExecutorService ownScheduler =
                hostScheduler == null ? Executors.newSingleThreadScheduledExecutor(threads) : null;
        ExecutorService ownExecutor = hostExecutor == null ? pool(threads) : null;
        ScheduledExecutorService scheduler = hostScheduler == null ? requireNonNull(ownScheduler) : hostScheduler;
        Executor executor = hostExecutor == null ? requireNonNull(ownExecutor) : hostExecutor;
        ScheduledFuture<?> ticking = scheduler.scheduleWithFixedDelay(
                () -> tick(executor), 0, settings.tick().toNanos(), TimeUnit.NANOSECONDS);
        started = new Started(ticking, executor, ownScheduler, ownExecutor);
    }

    private static ThreadFactory threads() {
        AtomicInteger next = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "smartdata-jobs-" + next.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private ExecutorService pool(ThreadFactory threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                settings.maxThreads(),
                settings.maxThreads(),
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private void tick(Executor executor) {
        active.all().forEach(RunningJob::heartbeat);
        if (ticks++ % TICKS_PER_LOOK == 0) {
            concurrency.forEach((job, threads) ->
                    guarded("lag of " + job.name(), () -> job.lag().ifPresent(lag -> threads.observe(lag.get()))));
        }
        active.all().forEach(run -> help(run, executor));
        guarded("clock", () -> {
            Instant now = node.now();
            jobs.forEach(job -> guarded(job.name(), () -> beginDue(job, now, executor)));
        });
        guarded("health", watch);
    }

    /**
     * A task that throws would never be run again, and what fails is no reason to leave out the rest. An outage is logged
     * when it begins, not every second.
     */
    private void guarded(String what, Runnable work) {
        try {
            work.run();
            failing.remove(what);
        } catch (RuntimeException e) {
            String code = e instanceof SmartDataException known ? known.code() : "job_failed";
            if (!code.equals(failing.put(what, code))) {
                LOG.warn("Not looked after, and tried again with every tick, what={} code={}", what, code, e);
            }
        }
    }

    private void beginDue(Job job, Instant now, Executor executor) {
        if (busy.get() < settings.maxThreads() && !active.has(job)) {
            node.claim(job, now).ifPresent(run -> {
                active.add(run);
                execute(executor, () -> active.work(run, () -> true));
            });
        }
    }

    /** What somebody begins by hand does not wait for a tick. */
    private void inBackground(Runnable work) {
        Started begun;
        synchronized (this) {
            begun = started;
        }
        if (begun == null) {
            work.run();
        } else {
            execute(begun.executor(), work);
        }
    }

    /** One more thread a tick, while the job's lag asks for it. */
    private void help(RunningJob run, Executor executor) {
        Concurrency wanted = concurrency.get(run.job());
        if (wanted != null && busy.get() < settings.maxThreads() && run.threads() < wanted.threads() && run.join()) {
            execute(executor, () -> active.work(run, () -> run.threads() <= wanted.threads()));
        }
    }

    private void execute(Executor executor, Runnable work) {
        busy.incrementAndGet();
        Runnable counted = () -> {
            try {
                work.run();
            } finally {
                busy.decrementAndGet();
            }
        };
        try {
            executor.execute(counted);
        } catch (RejectedExecutionException e) {
            LOG.warn("The executor takes no work, so this job runs where it was found", e);
            counted.run();
        }
    }

    /**
     * Begins nothing more, lets the pieces that are being done come to their end for as long as the settings say, and gives
     * the leases back. What was begun and is not done is gone on with by another node. {@link #start()} begins again.
     */
    public void stop() {
        Started begun;
        synchronized (this) {
            begun = started;
            started = null;
        }
        if (begun != null) {
            begun.ticking().cancel(false);
        }
        active.close(settings.drain());
        if (begun != null) {
            shutDown(begun.ownScheduler());
            shutDown(begun.ownExecutor());
        }
    }

    /** As {@link #stop()}, for good. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        stop();
    }

    private static void shutDown(@Nullable ExecutorService own) {
        if (own == null) {
            return;
        }
        own.shutdown();
        try {
            if (!own.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("A job's thread has not ended; it is a daemon and what it writes is refused");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

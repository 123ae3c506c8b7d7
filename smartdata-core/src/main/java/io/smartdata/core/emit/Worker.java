package io.smartdata.core.emit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that does one thing again and again, and in between waits as long as that says. */
final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long AFTER_A_DEFECT = TimeUnit.SECONDS.toNanos(10);

    private final Thread thread;
    private final LongSupplier round;
    private volatile boolean stopping;

    /** @param round returns how many nanoseconds to wait */
    Worker(String name, LongSupplier round) {
        this.round = round;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stopping) {
            long nanos = safeRound();
            if (nanos > 0 && !stopping) {
                LockSupport.parkNanos(this, nanos);
            }
        }
    }

    /** Out of memory in one round must not be the end of all later ones. */
    private long safeRound() {
        try {
            return round.getAsLong();
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed and goes on in a while.", thread.getName(), e);
            return AFTER_A_DEFECT;
        }
    }

    /** Ends a wait. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Ends after the round that is being done; false if that takes longer than {@code millis}. */
    boolean stop(long millis) {
        stopping = true;
        wake();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        while (thread.isAlive() && deadline - System.nanoTime() > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}

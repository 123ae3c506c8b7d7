package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller write at a time, first come, first served; those who come meanwhile share one transaction and its commit,
 * so that many small writes cost one wait for the disk. Each caller works on its own thread, and returns only when what it
 * wrote is durable.
 *
 * <p>How a transaction is shared: when the first caller has done its work, those who wait for a turn by then have theirs in
 * the same transaction, and the last of them commits for all. Whoever is done earlier waits for that.
 */
final class SingleWriter {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration LOOK_AFTER = Duration.ofMillis(100);

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Begin begin;
    private @Nullable Group open;

    /** Begins the transaction of a group. */
    @FunctionalInterface
    interface Begin {
        Transaction transaction() throws SQLException;
    }

    /** Work that has the database to itself. */
    @FunctionalInterface
    interface Alone<R> {
        R run() throws SQLException;
    }

    /** Callers that share a transaction. */
    private static final class Group {
        private final Transaction transaction;
        private final CountDownLatch ended = new CountDownLatch(1);
        /** Callers whose work is done and not committed. */
        private int done;

        /** Callers who may still join; known when the first is done. */
        private int expected = -1;

        private @Nullable Throwable failure;

        Group(Transaction transaction) {
            this.transaction = transaction;
        }
    }

    SingleWriter(Begin begin) {
        this.begin = begin;
    }

    /** Runs {@code work} in a transaction that others may share; what fails is rolled back alone. */
    <R> R write(Database.Work<R> work) throws SQLException {
        takeTurn();
        Group group;
        R result;
        try {
            group = group();
            try {
                result = run(group, work);
            } finally {
                leave(group);
            }
        } finally {
            turn.unlock();
        }
        awaitEnd(group);
        return result;
    }

    /** Commits if nobody is to come. */
    private void leave(Group group) {
        group.expected = group.expected < 0 ? turn.getQueueLength() : group.expected - 1;
        if (group == open && (group.expected <= 0 || !turn.hasQueuedThreads())) {
            commit(group);
        }
    }

    /** Runs {@code work} when nobody else writes. */
    <R> R writeAlone(Alone<R> work) throws SQLException {
        takeTurn();
        try {
            if (open != null) {
                commit(open);
            }
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    private void takeTurn() {
        if (turn.isHeldByCurrentThread()) {
            throw new SmartDataException(
                    "nested_write",
                    "A write began inside another one of the same thread, from a progress listener for example, and SQLite has one"
                            + " writer. Nothing of it was stored. Make it after the outer call has returned.");
        }
        try {
            if (!turn.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException(
                        "Another writer has held the database for too long. Nothing was stored. Try again.",
                        RETRY_AFTER,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(
                    "Interrupted while waiting to write. Nothing was stored.", RETRY_AFTER, e);
        }
    }

    private Group group() throws SQLException {
        Group group = open;
        if (group == null) {
            group = new Group(begin.transaction());
            open = group;
        }
        return group;
    }

    /** The first needs no savepoint: if it fails, nothing else is lost with its transaction. */
    private <R> R run(Group group, Database.Work<R> work) throws SQLException {
        try {
            R result = group.done == 0 ? group.transaction.run(work) : group.transaction.runUnderSavepoint(work);
            group.done++;
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            if (group.done == 0 || group.transaction.broken()) {
                end(group, e);
                group.transaction.rollBack(e);
            }
            throw e;
        }
    }

    private void commit(Group group) {
        try {
            group.transaction.commit();
            end(group, null);
        } catch (SQLException | RuntimeException | Error e) {
            end(group, e);
        }
    }

    private void end(Group group, @Nullable Throwable failure) {
        group.failure = failure;
        open = null;
        group.ended.countDown();
    }

    /** Nobody may leave before the end, interrupted or not. */
    private void awaitEnd(Group group) throws SQLException {
        boolean interrupted = false;
        while (group.ended.getCount() > 0) {
            try {
                if (!group.ended.await(LOOK_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
                    commitIfForgotten(group);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        rethrow(group.failure);
    }

    /** The caller who was to commit may have given up waiting for its turn. */
    private void commitIfForgotten(Group group) {
        if (turn.tryLock()) {
            try {
                if (group == open) {
                    commit(group);
                }
            } finally {
                turn.unlock();
            }
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws SQLException {
        if (failure instanceof UnknownOutcomeException) {
            throw new UnknownOutcomeException(failure.getCause());
        }
        if (failure instanceof SQLException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}

package io.smartdata.jdbc;

import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller write at a time, first come, first served; those who come meanwhile share one transaction and its commit,
 * so that many small writes cost one wait for the disk. Each caller works on its own thread, and returns only when what it
 * wrote is durable.
 *
 * <p>How a transaction is shared: a caller does its work and, if nobody waits for a turn, commits. Otherwise it lets those
 * who wait have their turns in the same transaction and queues up again behind them. The queue is fair, so the first of the
 * group to come back finds all of them done, and commits for all.
 */
final class SingleWriter {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

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
        /** Callers whose work is done and not committed. */
        private int waiting;

        private boolean ended;
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
            result = run(group, work);
            if (!turn.hasQueuedThreads()) {
                commit(group);
            }
        } finally {
            turn.unlock();
        }
        awaitCommit(group);
        return result;
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
            R result = group.waiting == 0 ? group.transaction.run(work) : group.transaction.runUnderSavepoint(work);
            group.waiting++;
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            if (group.waiting == 0 || group.transaction.broken()) {
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
        } catch (SQLException | RuntimeException e) {
            end(group, e);
        }
    }

    private void end(Group group, @Nullable Throwable failure) {
        group.ended = true;
        group.failure = failure;
        open = null;
    }

    /** Whoever comes back first commits; nobody may leave before that, interrupted or not. */
    private void awaitCommit(Group group) throws SQLException {
        turn.lock();
        try {
            if (!group.ended) {
                commit(group);
            }
        } finally {
            turn.unlock();
        }
        Throwable failure = group.failure;
        if (failure instanceof UnknownOutcomeException) {
            throw new UnknownOutcomeException(failure.getCause());
        }
        if (failure instanceof SQLException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }
}

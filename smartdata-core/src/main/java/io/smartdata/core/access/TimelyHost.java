package io.smartdata.core.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the host's code, on this thread, and turns an answer that is missing or late into an exception, which nobody takes
 * for a yes.
 */
record TimelyHost(Duration timeout) {
    TimelyHost {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("accessTimeout must be more than 0, was " + timeout);
        }
    }

    /**
     * @param who names the host's code in the exception
     * @throws IllegalStateException if the answer took longer than the timeout
     * @throws NullPointerException if there is none
     */
    <R> R ask(String who, Supplier<@Nullable R> question) {
        long start = System.nanoTime();
        R answer = question.get();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (took.compareTo(timeout) > 0) {
            throw new IllegalStateException("The %s took %d ms to answer, the accessTimeout is %d ms"
                    .formatted(who, took.toMillis(), timeout.toMillis()));
        }
        return requireNonNull(answer, () -> "The " + who + " answered null");
    }
}

package io.smartdata.spring.web.route;

import io.smartdata.SmartDataException;
import org.jspecify.annotations.Nullable;

/**
 * What a problem says, of something that is only part of an answer.
 *
 * @param status that an answer of its own would have
 * @param code stable, snake_case
 * @param detail what happened, what it means for the data, what to do
 * @param retryAfterSeconds when to try again; null if that does not help
 * @since 0.1.0
 */
public record Refusal(
        int status,
        String code,
        String detail,

        @About("When to try again; null if that does not help.") @Nullable
        Long retryAfterSeconds) {
    /** What is answered to a failure. */
    public static Refusal of(SmartDataException failure) {
        return of(Problem.of(failure));
    }

    /** What is answered to a failure that nobody thought of. */
    public static Refusal unexpected() {
        return of(Problem.unexpected());
    }

    static Refusal of(Problem problem) {
        return new Refusal(problem.status(), problem.code(), problem.detail(), problem.retryAfterSeconds());
    }
}

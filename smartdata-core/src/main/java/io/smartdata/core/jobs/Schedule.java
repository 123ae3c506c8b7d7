package io.smartdata.core.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When a job is to run: a sequence of slots that every node computes alike.
 *
 * @since 0.1.0
 */
public sealed interface Schedule permits CronSchedule, IntervalSchedule {
    /**
     * Local times by a cron expression.
     *
     * <p>A local time that does not exist, since clocks are put forward over it, is the moment they are; several such times
     * are one slot. A local time that comes twice, since clocks are put back, is a slot the first time only.
     *
     * @param expression five fields as Unix cron has them: minute, hour, day of month, month, day of week
     * @throws IllegalArgumentException if it is not such an expression
     */
    static Schedule cron(String expression, ZoneId zone) {
        return CronSchedule.of(expression, zone);
    }

    /**
     * Multiples of an interval since 1970-01-01T00:00Z.
     *
     * @param interval at least a second
     * @throws IllegalArgumentException if it is shorter
     */
    static Schedule every(Duration interval) {
        return new IntervalSchedule(interval);
    }

    /** The last slot at or before {@code now}, if there ever was one. */
    Optional<Instant> latest(Instant now);

    /** The first slot after {@code now}, if there will be one. */
    Optional<Instant> next(Instant now);
}

package io.smartdata.core.freshness;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * Says when a derived answer is to be refreshed. Pure.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RefreshSchedule {
    /** The first moment later than {@code time} at which a refresh is due. */
    Instant dueAfter(Instant time);

    /** Once a day; in the hour that a clock change leaves out, as much later. */
    static RefreshSchedule daily(LocalTime at, ZoneId zone) {
        requireNonNull(at, "at");
        requireNonNull(zone, "zone");
        return time -> {
            LocalDate day = LocalDate.ofInstant(time, zone);
            Instant due = day.atTime(at).atZone(zone).toInstant();
            return due.isAfter(time)
                    ? due
                    : day.plusDays(1).atTime(at).atZone(zone).toInstant();
        };
    }

    /**
     * As long after the last refresh.
     *
     * @throws IllegalArgumentException if {@code interval} is not positive
     */
    static RefreshSchedule every(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("The interval must be positive, was " + interval);
        }
        return time -> time.plus(interval);
    }
}

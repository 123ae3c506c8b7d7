package io.smartdata.core.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Multiples of an interval. */
record IntervalSchedule(Duration interval) implements Schedule {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    IntervalSchedule {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("A job runs every second at most, not every " + interval);
        }
    }

    @Override
    public Optional<Instant> latest(Instant now) {
        long millis = interval.toMillis();
        return Optional.of(Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), millis) * millis));
    }

    @Override
    public Optional<Instant> next(Instant now) {
        return latest(now).map(latest -> latest.plusMillis(interval.toMillis()));
    }

    @Override
    public String toString() {
        return "every " + interval.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}

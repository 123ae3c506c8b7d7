package io.smartdata.forecast;

import static java.util.Objects.requireNonNull;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The prediction for one step.
 *
 * @param step 1 for the first step after the history
 * @param localTime start of the step, local time of the series
 * @param mean predicted value in the unit of the series, finite
 * @param intervals one a requested level, narrowest first; a wider level contains a narrower one
 * @since 0.1.0
 */
public record ForecastPoint(int step, LocalDateTime localTime, double mean, List<Interval> intervals) {
    public ForecastPoint {
        requireNonNull(localTime, "localTime");
        intervals = List.copyOf(intervals);
        if (step < 1 || !Double.isFinite(mean)) {
            throw new IllegalArgumentException("step %d must be positive, mean %s finite".formatted(step, mean));
        }
    }

    /** The interval of a level in percent, if it was requested. */
    public Optional<Interval> interval(double level) {
        return intervals.stream().filter(it -> it.level() == level).findFirst();
    }
}

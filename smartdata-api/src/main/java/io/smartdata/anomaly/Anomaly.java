package io.smartdata.anomaly;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A value that the history does not explain.
 *
 * @param time of the value
 * @param value in the unit of the series
 * @param expected value from the history
 * @param lower end of the usual range
 * @param upper end of the usual range
 * @param score normal-equivalent sigma, above (+) or below (-) {@code expected}
 * @param severity grade of {@code score}
 * @param shape what it looks like
 * @param reason for people
 * @param detector id of the detector that found it
 * @since 0.1.0
 */
public record Anomaly(
        Instant time,
        double value,
        double expected,
        double lower,
        double upper,
        double score,
        Severity severity,
        Shape shape,
        String reason,
        String detector) {
    public Anomaly {
        requireNonNull(time, "time");
        requireNonNull(severity, "severity");
        requireNonNull(shape, "shape");
        requireNonNull(reason, "reason");
        requireNonNull(detector, "detector");
    }

    /**
     * The anomaly that a judgement calls an observation.
     *
     * @throws java.util.NoSuchElementException if {@code judgement} does not call the value an anomaly
     */
    public static Anomaly of(Observation observation, Judgement judgement, String detector) {
        return new Anomaly(
                observation.time(),
                observation.value(),
                judgement.expected(),
                judgement.lower(),
                judgement.upper(),
                judgement.score().orElseThrow(),
                judgement.severity(),
                judgement.shape().orElseThrow(),
                judgement.reason(),
                detector);
    }
}

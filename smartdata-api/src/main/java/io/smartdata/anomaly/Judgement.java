package io.smartdata.anomaly;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What a detector says about one value.
 *
 * @param score normal-equivalent sigma, above (+) or below (-) the expected value, at most {@link #MAX_SCORE} in size;
 *     empty = not judged, which is not the same as 0
 * @param expected value from the history, in the unit of the series; NaN if unknown
 * @param lower end of the usual range, at most {@code expected}; NaN if unknown
 * @param upper end of the usual range, at least {@code expected}; NaN if unknown
 * @param severity {@link Severity#NONE} unless the value is an anomaly
 * @param shape present exactly for an anomaly
 * @param reason for people: why this verdict
 * @since 0.1.0
 */
public record Judgement(
        OptionalDouble score,
        double expected,
        double lower,
        double upper,
        Severity severity,
        Optional<Shape> shape,
        String reason) {

    /** Stands for an infinite score, as of a drop after a constant history, so that files and databases can hold it. */
    public static final double MAX_SCORE = 1e9;

    public Judgement {
        requireNonNull(severity, "severity");
        requireNonNull(reason, "reason");
        if (score.isPresent() && !(Math.abs(score.getAsDouble()) <= MAX_SCORE)) {
            throw new IllegalArgumentException("score must be within +-" + MAX_SCORE + ", was " + score);
        }
        if (score.isPresent() && !(lower <= expected && expected <= upper)) {
            throw new IllegalArgumentException(
                    "lower <= expected <= upper must hold, was %s, %s, %s".formatted(lower, expected, upper));
        }
        if ((severity != Severity.NONE) != shape.isPresent() || (shape.isPresent() && score.isEmpty())) {
            throw new IllegalArgumentException("an anomaly has a score, a severity and a shape");
        }
    }

    /** No verdict and no expectation: the history is too short. */
    public static Judgement notJudged(String reason) {
        return notJudged(Double.NaN, Double.NaN, Double.NaN, reason);
    }

    /** No verdict, though a value was expected: the value is missing. */
    public static Judgement notJudged(double expected, double lower, double upper, String reason) {
        return new Judgement(OptionalDouble.empty(), expected, lower, upper, Severity.NONE, Optional.empty(), reason);
    }

    /**
     * A verdict: an anomaly if the size of {@code score} reaches {@code threshold}.
     *
     * @param score signed sigma, may be infinite; held at {@link #MAX_SCORE}
     * @param threshold sigma, above 0
     * @param anomalous why it is an anomaly; asked only if it is one
     * @param usual why it is none
     */
    public static Judgement of(
            double score,
            double expected,
            double lower,
            double upper,
            double threshold,
            Supplier<String> anomalous,
            String usual) {
        return of(score, expected, lower, upper, threshold, score > 0 ? Shape.SPIKE : Shape.DIP, anomalous, usual);
    }

    /**
     * A verdict with a shape of its own: an anomaly if the size of {@code score} reaches {@code threshold}.
     *
     * @param score signed sigma, may be infinite; held at {@link #MAX_SCORE}
     * @param threshold sigma, above 0
     * @param shape what it looks like if it is an anomaly
     * @param anomalous why it is an anomaly; asked only if it is one
     * @param usual why it is none
     */
    public static Judgement of(
            double score,
            double expected,
            double lower,
            double upper,
            double threshold,
            Shape shape,
            Supplier<String> anomalous,
            String usual) {
        double held = Math.max(-MAX_SCORE, Math.min(MAX_SCORE, score));
        boolean anomaly = Math.abs(held) >= threshold;
        return new Judgement(
                OptionalDouble.of(held),
                expected,
                lower,
                upper,
                anomaly ? Severity.ofAnomaly(held) : Severity.NONE,
                anomaly ? Optional.of(shape) : Optional.empty(),
                anomaly ? anomalous.get() : usual);
    }

    /** True if the value is an anomaly; false also when it was not judged. */
    public boolean anomaly() {
        return severity != Severity.NONE;
    }

    /** True if there was a value and enough history. */
    public boolean judged() {
        return score.isPresent();
    }
}

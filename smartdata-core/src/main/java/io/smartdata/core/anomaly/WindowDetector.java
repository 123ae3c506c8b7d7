package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;

/**
 * Distance to the center of the previous values in units of their spread. The window holds the previous values only, by
 * row and not by time; outliers stay in it. Knows no season.
 *
 * <p>A flat window gives 0 for the same value and a signed {@link Judgement#MAX_SCORE} for another; differences below a
 * billionth count as none.
 */
abstract class WindowDetector extends StatefulDetector<WindowDetector.State> {
    private final int window;
    private final int minPeriods;
    private final double threshold;

    /**
     * @param window previous values, at least 2
     * @param minPeriods values needed for a score, from 2 to {@code window}
     * @param threshold sigma from which a value is an anomaly, above 0
     */
    WindowDetector(String id, String options, int window, int minPeriods, double threshold) {
        super(id, "1", State.class, options);
        require(window >= 2, "window must be at least 2, was " + window);
        require(minPeriods >= 2 && minPeriods <= window, "min-periods must be from 2 to the window, was " + minPeriods);
        require(threshold > 0, "threshold must be above 0, was " + threshold);
        this.window = window;
        this.minPeriods = minPeriods;
        this.threshold = threshold;
    }

    abstract double center(double[] window);

    abstract double sigma(double[] window, double center);

    /** What {@link #center} is, for people. */
    abstract String centerName();

    @Override
    final State fresh(String signature, SeriesInfo series) {
        return new State(signature, series, window);
    }

    @Override
    final Judgement judgeValue(State history, Instant time, double value) {
        double[] values = history.window.values();
        history.window.add(value);
        if (values.length < minPeriods) {
            return Judgement.notJudged(Words.tooShort(values.length, minPeriods));
        }
        double center = center(values);
        double sigma = sigma(values, center);
        double limit = history.series.threshold().orElse(threshold);
        double score = Robust.score(value, center, sigma);
        return Judgement.of(
                score,
                center,
                center - limit * sigma,
                center + limit * sigma,
                limit,
                Words.anomalous(
                        value, center, score, () -> "%s of the last %d values".formatted(centerName(), values.length)),
                Words.USUAL);
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The previous values. */
    static final class State extends StatefulDetector.State {
        private final Window window;

        State(String signature, SeriesInfo series, int capacity) {
            super(signature, series);
            this.window = new Window(capacity);
        }

        @Override
        void write(DataOutputStream out) throws IOException {
            window.write(out);
        }

        @Override
        void read(DataInputStream in) throws IOException {
            window.read(in);
        }
    }
}

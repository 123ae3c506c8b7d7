package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model of the past how strange a value is in its surroundings: the value itself, its distance to its season, to the
 * recent mean and to its predecessor. The model is fitted again every 64 values from the 256 before, so a verdict depends on
 * earlier values only.
 *
 * <p>Strangeness becomes sigma through that of the past: the share of the latest 256 that were at least as strange, and
 * beyond their 90 percent quantile an exponential tail through the 97.5 percent one, which outliers among them do not move.
 * The sign tells the side of the expected value, the usual value of this phase of the season. The usual range is the
 * threshold times the spread around it: a picture, for the model has no interval of its own.
 *
 * <p>Too little data: no score before 64 values. A flat history gives 0 for the same value and a signed
 * {@link Judgement#MAX_SCORE} for another.
 */
abstract class SurroundingsDetector extends StatefulDetector<SurroundingsDetector.State> {
    private static final int REFIT = 64;
    private static final int FITTED = 256;
    private static final List<String> FEATURES = List.of(
            "its size",
            "its distance to this phase of the season",
            "its distance to the recent mean",
            "its change from the value before");
    private static final int RECENT = 14;
    private static final int LONGEST_SEASON = 288;
    private static final double PHASE_RATE = 0.25;
    private static final double SPREAD_RATE = 0.02;

    private final double threshold;
    private final double thinnestTail;

    /** What is known of the past. */
    interface Model {
        /** Greater = stranger; finite. */
        double strangeness(double[] features);

        /** Index of the feature that is strangest. */
        int strangest(double[] features);
    }

    /**
     * @param threshold sigma from which a value is an anomaly, above 0
     * @param thinnestTail a tail of strangeness thinner than this is noise
     */
    SurroundingsDetector(String id, String version, String options, double threshold, double thinnestTail) {
        super(id, version, State.class, options);
        WindowDetector.require(threshold > 0, "threshold must be above 0, was " + threshold);
        this.threshold = threshold;
        this.thinnestTail = thinnestTail;
    }

    /**
     * @param rows features of earlier values, row after row
     * @param columns features in a row
     * @param count values seen so far
     */
    abstract Model fit(double[] rows, int columns, int count);

    @Override
    final State fresh(String signature, SeriesInfo series) {
        return new State(signature, series, this::fit);
    }

    @Override
    final Judgement judgeValue(State history, Instant time, double value) {
        int phase = history.phase(time);
        double expected = history.expected(phase, value);
        double spread = history.spread;
        Model model = history.model;
        double[] features = history.features(phase, value);
        if (model == null) {
            history.add(phase, value, features, Double.NaN);
            return Judgement.notJudged(Words.tooShort(history.count - 1, REFIT));
        }
        double strangeness = model.strangeness(features);
        double sigma = sigma(history.scores.values(), strangeness);
        double flat = Robust.score(value, expected, spread);
        history.add(phase, value, features, strangeness);
        double limit = history.series.threshold().orElse(threshold);
        double score = flat == 0 || Double.isInfinite(flat) ? flat : Math.copySign(sigma, flat);
        return Judgement.of(
                score,
                expected,
                expected - limit * spread,
                expected + limit * spread,
                limit,
                () -> Words.anomalous(value, expected, score, () -> "usual value of this phase of the season")
                                .get()
                        + ", strange by " + FEATURES.get(model.strangest(features)),
                Words.USUAL);
    }

    /** @param past scores, not empty */
    private double sigma(double[] past, double score) {
        Arrays.sort(past);
        double quantile90 = past[(int) (0.9 * (past.length - 1))];
        if (score <= quantile90) {
            long higher = Arrays.stream(past).filter(other -> other >= score).count();
            return NormalTail.sigma(Math.log((double) higher / past.length));
        }
        double quantile975 = past[(int) (0.975 * (past.length - 1))];
        double scale = Math.max(thinnestTail, (quantile975 - quantile90) / Math.log(4));
        return NormalTail.sigma(Math.log(0.1) - (score - quantile90) / scale);
    }

    /** {@link SurroundingsDetector#fit} of the detector that the state belongs to. */
    @FunctionalInterface
    interface Fit {
        Model fit(double[] rows, int columns, int count);
    }

    /** Latest features and their strangeness; the model follows from them and is not stored. */
    static final class State extends StatefulDetector.State {
        private final LocalGrid grid;
        private final Fit fit;
        private final double[] profile;
        private final Window recent = new Window(RECENT);
        private final Window scores = new Window(FITTED);
        private final float[] rows = new float[(FITTED + REFIT) * FEATURES.size()];
        private double previous;
        private double spread;
        private int count;
        private @Nullable Model model;

        State(String signature, SeriesInfo series, Fit fit) {
            super(signature, series);
            this.grid = new LocalGrid(series);
            this.fit = fit;
            this.profile = new double
                    [grid.seasons(LONGEST_SEASON).stream()
                            .mapToInt(Integer::intValue)
                            .min()
                            .orElse(1)];
            Arrays.fill(profile, Double.NaN);
        }

        private int phase(Instant time) {
            return (int) Math.floorMod(grid.slot(time), (long) profile.length);
        }

        /** Usual value of the phase; before it was ever seen the recent mean, and the value itself at the very start. */
        private double expected(int phase, double value) {
            return !Double.isNaN(profile[phase]) ? profile[phase] : mean(value);
        }

        private double mean(double value) {
            return Arrays.stream(recent.values()).average().orElse(value);
        }

        private double[] features(int phase, double value) {
            return new double[] {
                value, value - expected(phase, value), value - mean(value), count == 0 ? 0 : value - previous
            };
        }

        private void add(int phase, double value, double[] features, double strangeness) {
            double distance = Math.abs(value - expected(phase, value)) * Robust.MEAN_DEVIATION_TO_SIGMA;
            spread += Math.max(SPREAD_RATE, 1.0 / (count + 1)) * (distance - spread);
            profile[phase] =
                    Double.isNaN(profile[phase]) ? value : profile[phase] + PHASE_RATE * (value - profile[phase]);
            recent.add(value);
            previous = value;
            if (!Double.isNaN(strangeness)) {
                scores.add(strangeness);
            }
            for (int i = 0; i < FEATURES.size(); i++) {
                rows[count % (FITTED + REFIT) * FEATURES.size() + i] = (float) features[i];
            }
            count++;
            if (count % REFIT == 0) {
                refit();
            }
        }

        /** Fits on the rows before the latest refit point; the first time their scores also begin the tail. */
        private void refit() {
            int end = count - count % REFIT;
            int rowCount = Math.min(end, FITTED);
            double[] values = new double[rowCount * FEATURES.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = rows[((end - rowCount) * FEATURES.size() + i) % rows.length];
            }
            Model fitted = fit.fit(values, FEATURES.size(), end);
            model = fitted;
            if (scores.size() == 0) {
                for (int row = 0; row < values.length; row += FEATURES.size()) {
                    scores.add(fitted.strangeness(Arrays.copyOfRange(values, row, row + FEATURES.size())));
                }
            }
        }

        @Override
        void write(DataOutputStream out) throws IOException {
            for (double value : profile) {
                out.writeDouble(value);
            }
            recent.write(out);
            scores.write(out);
            for (float value : rows) {
                out.writeFloat(value);
            }
            out.writeDouble(previous);
            out.writeDouble(spread);
            out.writeInt(count);
        }

        @Override
        void read(DataInputStream in) throws IOException {
            for (int i = 0; i < profile.length; i++) {
                profile[i] = in.readDouble();
            }
            recent.read(in);
            scores.read(in);
            for (int i = 0; i < rows.length; i++) {
                rows[i] = in.readFloat();
            }
            previous = in.readDouble();
            spread = in.readDouble();
            count = in.readInt();
            if (count >= REFIT) {
                refit();
            }
        }
    }
}

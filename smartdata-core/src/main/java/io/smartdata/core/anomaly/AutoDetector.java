package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * First floor of the automatic detector: the residual of the best of several robust seasonal smoothers, in sigma that
 * mean the same in every series.
 *
 * <p>One smoother for each candidate season (those of the series, or the usual ones of its grid, or none) and level rate
 * runs along; the one with the smallest recent one-step error gives the expected value. The residual is divided by its
 * robust spread and calibrated by the tail of this series ({@link TailCalibration}). Values are modelled by their square
 * root, which steadies the noise of counts and sums, until the third negative value: then the history starts anew without
 * the root.
 *
 * <p>Too little data: no score before the shortest season was seen twice, and never before 21 values, three weeks of days. Constants: sigma is
 * at least 0.1 percent of the usual size, so a change far below that is none. Gaps: the season follows the local time of
 * the rows, so a missing row shifts nothing.
 */
final class AutoDetector extends StatefulDetector<AutoDetector.State> {
    /** About one false alert in 1000 values on the developer corpora. */
    static final double THRESHOLD = 3.5;

    private static final double[] LEVEL_RATES = {0.01, 0.05};

    /** A quick level follows an anomaly, so it must predict this much better for each unit of rate. */
    private static final double QUICK_HANDICAP = 2;

    /** A season wins unless the smoother without it is at least so much better. */
    private static final double SEASON_BONUS = 0.95;

    /** Keeps a state below 16 KB: a week of quarter hours. */
    private static final int LONGEST_SEASON = 672;

    private static final int SHORTEST_HISTORY = 21;

    /** Smallest sigma, as a share of the usual size of the (rooted) value. */
    private static final double SMALLEST_SIGMA = 1e-3;

    /** Keeps a division by the sigma of zeros finite. */
    private static final double TINY = 1e-12;

    /** A single negative value is a glitch, more of them are the nature of the series. */
    private static final int NEGATIVES_TO_DROP_ROOT = 3;

    private static final double SIZE_RATE = 0.02;

    private final double threshold;

    /** @param threshold sigma from which a value is an anomaly, above 0 */
    AutoDetector(double threshold) {
        super("auto", "1", State.class, "");
        WindowDetector.require(threshold > 0, "threshold must be above 0, was " + threshold);
        this.threshold = threshold;
    }

    @Override
    State fresh(String signature, SeriesInfo series) {
        return new State(signature, series);
    }

    @Override
    Judgement judgeValue(State history, Instant time, double value) {
        long slot = history.grid.slot(time);
        double y = history.root ? root(value) : value;
        Expectation expectation = history.expectation(slot, threshold);
        if (expectation == null) {
            history.add(slot, value, y);
            return Judgement.notJudged(Words.tooShort(history.count - 1, history.needed));
        }
        double z = (y - expectation.center) / expectation.sigma;
        double score = history.tail.sigma(z);
        history.tail.add(z);
        history.add(slot, value, y);
        return Judgement.of(
                score,
                expectation.expected,
                expectation.lower,
                expectation.upper,
                expectation.limit,
                Words.anomalous(value, expectation.expected, score, expectation.basis),
                Words.USUAL);
    }

    @Override
    Judgement judgeMissing(State history, Instant time) {
        Expectation expectation = history.expectation(history.grid.slot(time), threshold);
        return expectation == null
                ? super.judgeMissing(history, time)
                : Judgement.notJudged(expectation.expected, expectation.lower, expectation.upper, "no value");
    }

    private static double root(double value) {
        return Math.copySign(Math.sqrt(Math.abs(value)), value);
    }

    /**
     * @param center and {@code sigma} in the (rooted) unit of the model
     * @param expected and its range in the unit of the series
     */
    private record Expectation(
            double center, double sigma, double expected, double lower, double upper, double limit, String basis) {}

    /** The smoothers of one series and the tail of their residuals. */
    static final class State extends StatefulDetector.State {
        private final LocalGrid grid;
        private final List<Integer> seasons;
        private final int needed;
        private List<SmoothingModel> models;
        private TailCalibration tail = new TailCalibration();
        private boolean root = true;
        private int negatives;
        private int count;
        private double size;

        State(String signature, SeriesInfo series) {
            super(signature, series);
            this.grid = new LocalGrid(series);
            this.seasons = grid.seasons(LONGEST_SEASON);
            this.needed = Math.max(
                    SHORTEST_HISTORY,
                    seasons.stream().mapToInt(m -> 2 * m).min().orElse(0));
            this.models = models();
        }

        private List<SmoothingModel> models() {
            return Stream.concat(seasons.stream(), Stream.of(0))
                    .flatMap(season -> DoubleStream.of(LEVEL_RATES).mapToObj(rate -> new SmoothingModel(season, rate)))
                    .toList();
        }

        /** Null if the history is too short. */
        private @Nullable Expectation expectation(long slot, double threshold) {
            Optional<SmoothingModel> best = best(slot);
            if (count < needed || best.isEmpty()) {
                return null;
            }
            SmoothingModel model = best.get();
            double center = model.prediction(slot);
            double sigma = Math.max(model.sigma(slot), SMALLEST_SIGMA * size + TINY);
            double limit = series.threshold().orElse(threshold);
            double reach = tail.residual(limit) * sigma;
            return new Expectation(
                    center,
                    sigma,
                    unrooted(center),
                    unrooted(center - reach),
                    unrooted(center + reach),
                    limit,
                    model.season() > 0 ? "same phase of a season of %d".formatted(model.season()) : "recent level");
        }

        private Optional<SmoothingModel> best(long slot) {
            return models.stream()
                    .filter(model -> model.ready(slot))
                    .min(Comparator.comparingDouble(State::handicapped));
        }

        private static double handicapped(SmoothingModel model) {
            return model.loss() * (1 + QUICK_HANDICAP * model.levelRate()) * (model.season() > 0 ? SEASON_BONUS : 1);
        }

        private double unrooted(double y) {
            return root ? Math.copySign(y * y, y) : y;
        }

        private void add(long slot, double value, double y) {
            negatives += value < 0 ? 1 : 0;
            if (root && negatives == NEGATIVES_TO_DROP_ROOT) {
                root = false;
                models = models();
                tail = new TailCalibration();
                count = 0;
                size = 0;
                add(slot, value, value);
                return;
            }
            models.forEach(model -> model.add(slot, y));
            count++;
            size += Math.max(SIZE_RATE, 1.0 / count) * (Math.abs(y) - size);
        }

        @Override
        void write(DataOutputStream out) throws IOException {
            out.writeBoolean(root);
            out.writeInt(negatives);
            out.writeInt(count);
            out.writeDouble(size);
            tail.write(out);
            for (SmoothingModel model : models) {
                model.write(out);
            }
        }

        @Override
        void read(DataInputStream in) throws IOException {
            root = in.readBoolean();
            negatives = in.readInt();
            count = in.readInt();
            size = in.readDouble();
            tail.read(in);
            for (SmoothingModel model : models) {
                model.read(in);
            }
        }
    }
}

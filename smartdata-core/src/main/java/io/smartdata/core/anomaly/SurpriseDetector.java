package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.anomaly.Shape;
import io.smartdata.core.anomaly.ForecastBank.Forecast;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Score = surprise: the chance of what was seen, given a robust seasonal forecast and what was usual in this series, as
 * sigma of a normal distribution, so that one threshold serves every series.
 *
 * <p>{@link ForecastBank} predicts each value from those before. Several kinds of {@link Evidence} are drawn from the
 * error, each calibrated by its own tail in this series ({@link TailCalibration}), and joined ({@link Surprise});
 * {@link Episode} makes one alert of an anomaly that lasts. A new level is adopted after a day of rows (a week of days).
 *
 * <p>Too little data: no score before the shortest season was seen twice, and never before 21 values, three weeks of
 * days. Constants: sigma is at least 0.1 percent of the usual size, so a change far below that is none. Gaps: the season
 * follows the local time of the rows, so a missing row shifts nothing.
 */
final class SurpriseDetector extends StatefulDetector<SurpriseDetector.State> {
    /** By chance one value in 900. */
    static final double THRESHOLD = 3.25;

    private static final int SHORTEST_HISTORY = 21;

    /** Keeps a state below 16 KB: a week of 20 minutes. */
    private static final int LONGEST_SEASON = 504;

    /** Grades of rows that are no alerts end at this share of the threshold, if that is low. */
    private static final double BELOW_THRESHOLD = 0.9;

    /** Keeps the squares of values of another order finite. */
    private static final double FARTHEST = 1e30;

    private final Set<Evidence> used;
    private final boolean alwaysSeasonal;
    private final double threshold;

    private SurpriseDetector(String id, Set<Evidence> used, boolean alwaysSeasonal, double threshold) {
        super(id, "2", State.class, "");
        WindowDetector.require(threshold > 0, "threshold must be above 0, was " + threshold);
        this.used = used;
        this.alwaysSeasonal = alwaysSeasonal;
        this.threshold = threshold;
    }

    /** All evidence. */
    static SurpriseDetector auto(double threshold) {
        return new SurpriseDetector("auto", EnumSet.allOf(Evidence.class), false, threshold);
    }

    /** The single error of the best forecast, seasonal or not. */
    static SurpriseDetector forecastResidual(double threshold) {
        return new SurpriseDetector("forecast-residual", EnumSet.of(Evidence.POINT), false, threshold);
    }

    /** The single error of a forecast that always follows a season, and the values that repeat where it should move. */
    static SurpriseDetector seasonal(double threshold) {
        return new SurpriseDetector("seasonal", EnumSet.of(Evidence.POINT, Evidence.STUCK), true, threshold);
    }

    /** New levels and a new spread, no single values. */
    static SurpriseDetector changepoint(double threshold) {
        return new SurpriseDetector("changepoint", EnumSet.of(Evidence.SHIFT, Evidence.SPREAD), false, threshold);
    }

    @Override
    State fresh(String signature, SeriesInfo series) {
        return new State(signature, series, alwaysSeasonal);
    }

    @Override
    Judgement judgeValue(State history, Instant time, double value) {
        long slot = history.grid.slot(time);
        double scaled = history.scaled(value);
        double novelty = history.novelty.sigma(slot, scaled);
        Forecast forecast = history.bank.forecast(slot);
        if (forecast == null) {
            history.learn(slot, scaled);
            return Judgement.notJudged(Words.tooShort(history.bank.count() - 1, history.needed));
        }
        Expectation expectation = expectation(history, forecast);
        double y = history.bank.modelled(scaled);
        double z = (y - forecast.center()) / forecast.sigma();
        Surprise surprise = new Surprise(
                new double[] {
                    history.tail.sigma(z),
                    novelty,
                    history.shift.sigma(y - forecast.slowCenter(), forecast.slowSigma()),
                    history.spread.sigma(z, (y - forecast.plainCenter()) / forecast.sigma()),
                    history.stuck.sigma(y, forecast.center(), forecast.sigma(), history.bank.size())
                },
                used);
        history.tail.add(z);
        history.learn(slot, scaled);
        double ceiling = Math.min(Episode.CEILING, BELOW_THRESHOLD * expectation.limit);
        double size = history.episode.score(surprise, history.novelty.distance(), ceiling, history.shift.shown());
        boolean below = y < forecast.center();
        double score = below ? -size : size;
        return Judgement.of(
                score,
                expectation.expected,
                expectation.lower,
                expectation.upper,
                expectation.limit,
                shape(history, surprise.strongest(), value, below, forecast.season() > 0),
                Words.anomalous(value, expectation.expected, score, expectation::basis),
                Words.USUAL);
    }

    @Override
    Judgement judgeMissing(State history, Instant time) {
        Forecast forecast = history.bank.forecast(history.grid.slot(time));
        if (forecast == null) {
            return super.judgeMissing(history, time);
        }
        Expectation expectation = expectation(history, forecast);
        return Judgement.notJudged(expectation.expected, expectation.lower, expectation.upper, "no value");
    }

    private static Shape shape(State history, Evidence strongest, double value, boolean below, boolean seasonal) {
        if (below && value == 0) {
            return Shape.OUTAGE;
        }
        if (strongest == Evidence.STUCK) {
            return Shape.STUCK;
        }
        if (seasonal && history.spread.seasonMisleads()) {
            return Shape.SEASON_BREAK;
        }
        if (history.shift.oneSided()) {
            return history.shift.jumped() ? Shape.LEVEL_SHIFT : Shape.DRIFT;
        }
        return switch (strongest) {
            case SHIFT -> Shape.LEVEL_SHIFT;
            case SPREAD -> Shape.VARIANCE;
            default -> below ? Shape.DIP : Shape.SPIKE;
        };
    }

    private Expectation expectation(State history, Forecast forecast) {
        double limit = history.series.threshold().orElse(threshold);
        double reach = history.tail.residual(Surprise.alone(limit, used.size())) * forecast.sigma();
        return new Expectation(
                history.original(forecast.center()),
                history.original(forecast.center() - reach),
                history.original(forecast.center() + reach),
                limit,
                forecast.season());
    }

    /** @param expected and its range in the unit of the series */
    private record Expectation(double expected, double lower, double upper, double limit, int season) {
        private String basis() {
            return season > 0 ? "same phase of a season of " + season : "recent level";
        }
    }

    /** What is known of one series. */
    static final class State extends StatefulDetector.State {
        private final LocalGrid grid;
        private final int needed;
        private final int period;
        private final ForecastBank bank;
        private final NoveltyStatistic novelty;
        private final Episode episode;
        private final StuckStatistic stuck = new StuckStatistic();
        private double unit;
        private TailCalibration tail = new TailCalibration();
        private ShiftStatistic shift;
        private SpreadStatistic spread = new SpreadStatistic();

        State(String signature, SeriesInfo series, boolean alwaysSeasonal) {
            super(signature, series);
            this.grid = new LocalGrid(series);
            List<Integer> seasons = grid.seasons(LONGEST_SEASON);
            this.needed = Math.max(
                    SHORTEST_HISTORY,
                    seasons.stream().mapToInt(m -> 2 * m).min().orElse(0));
            this.period = grid.period();
            this.bank = new ForecastBank(seasons, alwaysSeasonal, needed);
            this.novelty = new NoveltyStatistic(seasons);
            this.episode = new Episode(period);
            this.shift = new ShiftStatistic(period);
        }

        /** In units of the first value's size, so that a series is judged the same in cents and in millions. */
        private double scaled(double value) {
            if (unit == 0 && value != 0) {
                unit = Math.scalb(1.0, Math.getExponent(value));
            }
            return value == 0 ? 0 : Math.max(-FARTHEST, Math.min(FARTHEST, value / unit));
        }

        private double original(double modelled) {
            double value = bank.original(modelled) * unit;
            return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
        }

        private void learn(long slot, double value) {
            if (bank.add(slot, value)) {
                tail = new TailCalibration();
                shift = new ShiftStatistic(period);
                spread = new SpreadStatistic();
            }
            double adopted = shift.adopted();
            if (adopted != 0) {
                bank.shift(adopted);
            }
        }

        @Override
        void write(DataOutputStream out) throws IOException {
            out.writeDouble(unit);
            bank.write(out);
            novelty.write(out);
            tail.write(out);
            shift.write(out);
            spread.write(out);
            stuck.write(out);
            episode.write(out);
        }

        @Override
        void read(DataInputStream in) throws IOException {
            unit = in.readDouble();
            bank.read(in);
            novelty.read(in);
            tail.read(in);
            shift.read(in);
            spread.read(in);
            stuck.read(in);
            episode.read(in);
        }
    }
}

package io.smartdata.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartdata.SmartDataException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every anomaly detector must do. Extend it for your own detector; {@link #daysUntilJudged()} is all it asks. */
public abstract class AnomalyDetectorContract {
    private static final long SEED = 42;
    private static final SeriesInfo DAILY = SeriesInfo.daily(ZoneOffset.UTC);
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    protected abstract AnomalyDetector detector();

    /** Length of a daily history after which the detector surely gives a score. */
    protected int daysUntilJudged() {
        return 100;
    }

    /** False for a detector that sees changes that last, not single values. */
    protected boolean judgesSingleValues() {
        return true;
    }

    @Test
    void aStoredStateContinuesAsIfItHadNeverStopped() {
        List<Observation> series = randomSeries(300, SEED);
        List<Judgement> resumed = new ArrayList<>();
        DetectorState state = detector().start(DAILY);
        for (int i = 0; i < series.size(); i++) {
            if (i == 1 || i == 20 || i == 150 || i == 151 || i == 250) {
                state = detector().resume(state.bytes());
            }
            resumed.add(judge(detector(), state, series.get(i)));
        }
        assertThat(resumed).as("seed %d", SEED).isEqualTo(judgeAll(series));
    }

    @Test
    void aForeignStateIsRefused() {
        assertThatThrownBy(() -> detector().resume(new byte[] {1, 2, 3}))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("detector_state_mismatch"));
    }

    @Test
    void laterValuesDoNotChangeEarlierVerdicts() {
        List<Observation> series = randomSeries(240, SEED);
        List<Observation> otherFuture = new ArrayList<>(series.subList(0, 120));
        series.subList(120, 240).forEach(o -> otherFuture.add(new Observation(o.time(), 1000 - 7 * o.value())));
        assertThat(judgeAll(otherFuture).subList(0, 120))
                .as("seed %d", SEED)
                .isEqualTo(judgeAll(series).subList(0, 120));
    }

    @Test
    void theSameSeriesIsJudgedTheSameTwice() {
        List<Observation> series = randomSeries(300, SEED);
        assertThat(judgeAll(series)).as("seed %d", SEED).isEqualTo(judgeAll(series));
    }

    @Test
    void twoSeriesJudgedInTurnsDoNotDisturbEachOther() {
        AnomalyDetector detector = detector();
        List<Observation> one = randomSeries(200, SEED);
        List<Observation> two = randomSeries(200, SEED + 1);
        DetectorState stateOfOne = detector.start(DAILY);
        DetectorState stateOfTwo = detector.start(DAILY);
        List<Judgement> ones = new ArrayList<>();
        List<Judgement> twos = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            ones.add(judge(detector, stateOfOne, one.get(i)));
            twos.add(judge(detector, stateOfTwo, two.get(i)));
        }
        assertThat(ones).isEqualTo(judgeAll(one));
        assertThat(twos).isEqualTo(judgeAll(two));
    }

    @Test
    void oneDetectorServesManyThreads() {
        AnomalyDetector detector = detector();
        List<List<Judgement>> parallel = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> judgeAll(detector, randomSeries(200, SEED + i)))
                .toList();
        for (int i = 0; i < parallel.size(); i++) {
            assertThat(parallel.get(i)).isEqualTo(judgeAll(randomSeries(200, SEED + i)));
        }
    }

    @Test
    void aConstantSeriesHasNoAnomalies() {
        for (double constant : new double[] {0, 0.1, -3, 1e9}) {
            List<Judgement> judgements = judgeAll(daily(Collections.nCopies(400, constant)));
            assertThat(judgements)
                    .as("constant %s", constant)
                    .filteredOn(Judgement::anomaly)
                    .isEmpty();
        }
    }

    @Test
    void aDropAfterAConstantHistoryIsAFarNegativeScore() {
        assumeTrue(judgesSingleValues());
        List<Double> values = new ArrayList<>(Collections.nCopies(daysUntilJudged() + 50, 100.0));
        values.add(40.0);
        Judgement last = last(judgeAll(daily(values)));
        assertThat(last.anomaly()).isTrue();
        assertThat(last.score().orElseThrow()).isNegative().isFinite();
        assertThat(last.shape()).contains(Shape.DIP);
    }

    @Test
    void aJumpAfterAConstantHistoryIsAFarPositiveScore() {
        assumeTrue(judgesSingleValues());
        List<Double> values = new ArrayList<>(Collections.nCopies(daysUntilJudged() + 50, 100.0));
        values.add(160.0);
        Judgement last = last(judgeAll(daily(values)));
        assertThat(last.anomaly()).isTrue();
        assertThat(last.score().orElseThrow()).isPositive().isFinite();
        assertThat(last.shape()).contains(Shape.SPIKE);
    }

    @Test
    void floatingNoiseOnAConstantIsNoAnomaly() {
        Random random = new Random(SEED);
        List<Double> values = IntStream.range(0, 400)
                .mapToObj(i -> 0.1 * 3 + Math.ulp(0.3) * (random.nextInt(7) == 0 ? 5 : random.nextInt(2)))
                .toList();
        assertThat(judgeAll(daily(values)))
                .as("seed %d", SEED)
                .filteredOn(Judgement::anomaly)
                .isEmpty();
    }

    @Test
    void aMissingValueIsNotJudged() {
        List<Observation> series = new ArrayList<>(randomSeries(200, SEED));
        for (int i = 3; i < series.size(); i += 9) {
            series.set(i, new Observation(series.get(i).time(), Double.NaN));
        }
        List<Judgement> judgements = judgeAll(series);
        for (int i = 0; i < series.size(); i++) {
            if (Double.isNaN(series.get(i).value())) {
                assertThat(judgements.get(i).judged()).isFalse();
            }
        }
    }

    @Test
    void aMissingValueIsJudgedLikeAMissingRow() {
        List<Observation> rows = new ArrayList<>();
        List<Observation> noRows = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        List<Observation> series = randomSeries(250, SEED);
        for (int i = 0; i < series.size(); i++) {
            boolean missing = i % 11 == 5 || (i > 160 && i < 170);
            rows.add(missing ? new Observation(series.get(i).time(), Double.NaN) : series.get(i));
            if (!missing) {
                noRows.add(series.get(i));
                kept.add(i);
            }
        }
        List<Judgement> withRows = judgeAll(rows);
        assertThat(kept.stream().map(withRows::get).toList())
                .as("seed %d", SEED)
                .isEqualTo(judgeAll(noRows));
    }

    @Test
    void aShortHistoryGivesNoScore() {
        List<Judgement> judgements = judgeAll(randomSeries(daysUntilJudged() + 10, SEED));
        assertThat(judgements.get(0).score()).isEmpty();
        assertThat(judgements.get(0).reason()).isNotBlank();
        assertThat(last(judgements).score()).isPresent();
    }

    @Test
    void boundsEncloseTheExpectedValue() {
        assertThat(judgeAll(randomSeries(400, SEED)))
                .filteredOn(Judgement::judged)
                .isNotEmpty()
                .allSatisfy(j -> assertThat(j.expected()).isBetween(j.lower(), j.upper()));
    }

    @Test
    void aFarOutlierIsAnAnomalyOfItsDirectionInWords() {
        assumeTrue(judgesSingleValues());
        List<Observation> series = new ArrayList<>(randomSeries(200, SEED));
        Observation last = series.get(199);
        series.set(199, new Observation(last.time(), 500));
        Judgement spike = last(judgeAll(series));
        assertThat(spike.shape()).contains(Shape.SPIKE);
        assertThat(spike.reason()).isNotBlank();
        series.set(199, new Observation(last.time(), -300));
        assertThat(last(judgeAll(series)).shape()).contains(Shape.DIP);
    }

    @Test
    void anInfiniteValueIsRefused() {
        DetectorState state = detector().start(DAILY);
        assertThatThrownBy(() -> detector().judge(state, START, Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theThresholdOfTheSeriesDecides() {
        assumeTrue(judgesSingleValues());
        List<Observation> series = new ArrayList<>(randomSeries(200, SEED));
        series.set(199, new Observation(series.get(199).time(), 500));
        assertThat(last(judgeAll(detector(), series, DAILY.withThreshold(1e10))).anomaly())
                .isFalse();
        assertThat(judgeAll(detector(), series, DAILY.withThreshold(0.5)))
                .filteredOn(Judgement::anomaly)
                .hasSizeGreaterThan(20);
    }

    private List<Judgement> judgeAll(List<Observation> series) {
        return judgeAll(detector(), series);
    }

    private static List<Judgement> judgeAll(AnomalyDetector detector, List<Observation> series) {
        return judgeAll(detector, series, DAILY);
    }

    private static List<Judgement> judgeAll(AnomalyDetector detector, List<Observation> series, SeriesInfo info) {
        DetectorState state = detector.start(info);
        return series.stream().map(o -> judge(detector, state, o)).toList();
    }

    private static Judgement judge(AnomalyDetector detector, DetectorState state, Observation observation) {
        return detector.judge(state, observation.time(), observation.value());
    }

    private static Judgement last(List<Judgement> judgements) {
        return judgements.get(judgements.size() - 1);
    }

    /** A week's season, a slow trend and normal noise of sigma 3 around 100. */
    private static List<Observation> randomSeries(int days, long seed) {
        Random random = new Random(seed);
        return daily(IntStream.range(0, days)
                .mapToObj(i -> 100 + 0.02 * i + (i % 7 >= 5 ? -8 : 3) + 3 * random.nextGaussian())
                .toList());
    }

    private static List<Observation> daily(List<Double> values) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> new Observation(START.plus(Duration.ofDays(i)), values.get(i)))
                .toList();
    }
}

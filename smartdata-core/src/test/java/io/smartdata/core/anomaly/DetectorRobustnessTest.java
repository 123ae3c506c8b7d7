package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No series makes a detector of the online model fail, forget itself or say what it cannot know. */
class DetectorRobustnessTest {
    private static final long SEED = 17;
    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    private static final List<String> NAMES = List.of("auto", "seasonal", "forecast-residual", "changepoint");

    static Stream<Arguments> oddSeries() {
        Random random = new Random(SEED);
        double[] noise =
                IntStream.range(0, 800).mapToDouble(i -> random.nextGaussian()).toArray();
        return Stream.of(
                odd("constant", i -> 7),
                odd("all missing", i -> Double.NaN),
                odd("all zero", i -> 0),
                odd("two points", i -> i < 2 ? i : Double.NaN),
                odd("binary", i -> noise[i] > 0 ? 1 : 0),
                odd("90 percent zeros", i -> noise[i] > 1.28 ? 5 : 0),
                odd("one spike", i -> i == 500 ? 1e6 : 3),
                odd("huge", i -> 1e300 * (1 + 0.1 * noise[i])),
                odd("largest", i -> i % 2 == 0 ? Double.MAX_VALUE : -Double.MAX_VALUE),
                odd("tiny", i -> 1e-300 * (1 + 0.1 * noise[i])),
                odd("1e9", i -> 1e9 + noise[i]),
                odd("negative", i -> -50 + 5 * noise[i]),
                odd("half missing", i -> i % 2 == 0 ? 10 + noise[i] : Double.NaN),
                odd("level shift at the end", i -> i < 795 ? 10 + noise[i] : 1000),
                odd("perfect line", i -> 3 * i),
                odd("new season", i -> i < 400 ? i % 7 : i % 5));
    }

    private static Arguments odd(String name, IntToDoubleFunction value) {
        return Arguments.of(name, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddSeries")
    void anOddSeriesIsJudgedWithoutFailureOrNaN(String name, IntToDoubleFunction value) {
        for (String detector : NAMES) {
            for (Judgement judgement : judge(Detectors.of(detector), rows(value))) {
                assertThat(judgement.reason()).isNotBlank();
                if (judgement.judged()) {
                    assertThat(judgement.score().orElseThrow()).as(detector).isFinite();
                    assertThat(judgement.expected()).as(detector).isFinite();
                    assertThat(judgement.lower()).as(detector).isNotNaN();
                    assertThat(judgement.upper()).as(detector).isNotNaN();
                }
            }
        }
    }

    @Test
    void aShortHistorySaysSo() {
        assertThat(judge(Detectors.of("auto"), rows(i -> i).subList(0, 20)))
                .noneMatch(Judgement::judged)
                .allMatch(judgement -> judgement.reason().contains("history too short"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "seasonal", "forecast-residual", "changepoint"})
    void aPrefixIsJudgedAsTheWholeSeriesWithStopsAtEveryRow(String name) {
        Random random = new Random(SEED);
        List<Observation> rows = rows(i -> i % 90 == 60 ? 0 : 100 + 20 * (i % 7) + 10 * random.nextGaussian());
        List<Judgement> whole = judge(Detectors.of(name), rows);
        DetectorState state = Detectors.of(name).start(SeriesInfo.daily(ZoneOffset.UTC));
        for (int i = 0; i < 300; i++) {
            state = Detectors.of(name).resume(state.bytes());
            assertThat(Detectors.of(name)
                            .judge(state, rows.get(i).time(), rows.get(i).value()))
                    .as("seed %d, row %d", SEED, i)
                    .isEqualTo(whole.get(i));
        }
    }

    @Test
    void unsortedTimesAreRefusedWithTheirRow() {
        List<Observation> rows = List.of(
                new Observation(START, 1),
                new Observation(START.plusSeconds(60), 2),
                new Observation(START.plusSeconds(30), 3));
        SeriesInfo info = SeriesInfo.every(1, ChronoUnit.MINUTES, ZoneOffset.UTC);
        assertThatThrownBy(() -> Detection.run(Detectors.of("auto"), info, rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 3");
    }

    @ParameterizedTest(name = "every {0} minutes")
    @ValueSource(ints = {1, 5, 15, 20, 30, 60, 1440})
    void aStateStaysBelow16KilobytesOnEveryGrid(int minutes) {
        AnomalyDetector detector = Detectors.of("auto");
        DetectorState state = detector.start(SeriesInfo.every(minutes, ChronoUnit.MINUTES, ZoneId.of("Europe/Berlin")));
        for (int i = 0; i < 3000; i++) {
            detector.judge(state, START.plus(Duration.ofMinutes((long) minutes * i)), 100 + i % 24);
        }
        assertThat(state.bytes()).hasSizeLessThan(16 * 1024);
    }

    private static List<Observation> rows(IntToDoubleFunction value) {
        return IntStream.range(0, 800)
                .mapToObj(i -> new Observation(START.plus(Duration.ofDays(i)), value.applyAsDouble(i)))
                .toList();
    }

    private static List<Judgement> judge(AnomalyDetector detector, List<Observation> rows) {
        return Detection.run(detector, SeriesInfo.daily(ZoneOffset.UTC), rows).judgements();
    }
}

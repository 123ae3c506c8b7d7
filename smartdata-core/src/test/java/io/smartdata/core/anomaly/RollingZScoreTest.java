package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Shape;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Figures of the service that smartdata replaces, made by running its own two functions. */
class RollingZScoreTest {
    private static final double[] SPIKE = {10, 11, 9, 10, 10, 100, 10};
    private static final double[] DROP = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 4, 10};

    @Test
    void sampleDeviationFromTwoValuesOnAgreesWithTheLiveService() {
        assertScores(
                run("rolling-zscore(window=3,min-periods=2,ddof=1)", SPIKE),
                Double.NaN,
                Double.NaN,
                -2.1213203,
                0,
                0,
                156.4619230,
                -0.5773503);
    }

    @Test
    void populationDeviationOfAFullWindowAgreesWithTheService() {
        assertScores(
                run("rolling-zscore(window=3,min-periods=3,ddof=0)", SPIKE),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0,
                0,
                191.6259377,
                -0.7071068);
    }

    @Test
    void aDropAfterAFlatWindowIsNegative() {
        DetectionResult result = run("rolling-zscore(window=7,min-periods=2,ddof=1)", DROP);
        Judgement drop = result.judgements().get(10);
        assertThat(drop.score()).hasValue(-Judgement.MAX_SCORE);
        assertThat(drop.shape()).contains(Shape.DIP);
        assertThat(drop.reason())
                .isEqualTo(
                        "4 is 6 below the expected 10 (mean of the last 7 values), after a history without any change");
        assertThat(result.judgements().get(11).score().orElseThrow()).isCloseTo(0.3779645, within(1e-7));
        assertThat(result.anomalies()).hasSize(1).first().satisfies(anomaly -> {
            assertThat(anomaly.value()).isEqualTo(4);
            assertThat(anomaly.detector()).isEqualTo("rolling-zscore");
        });
    }

    @Test
    void theRangeIsTheThresholdTimesTheDeviation() {
        Judgement last =
                run("rolling-zscore(window=3,threshold=2)", SPIKE).judgements().get(3);
        assertThat(last.expected()).isEqualTo(10);
        assertThat(last.lower()).isEqualTo(8);
        assertThat(last.upper()).isEqualTo(12);
    }

    private static DetectionResult run(String spec, double[] values) {
        return Detection.run(Detectors.of(spec), TimeSeries.daily(LocalDate.of(2025, 1, 1), ZoneOffset.UTC, values));
    }

    private static void assertScores(DetectionResult result, double... expected) {
        List<Double> scores = result.judgements().stream()
                .map(judgement -> judgement.score().orElse(Double.NaN))
                .toList();
        assertThat(scores)
                .hasSameSizeAs(Arrays.asList(DoubleStream.of(expected).boxed().toArray()));
        for (int i = 0; i < expected.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(scores.get(i)).isNaN();
            } else {
                assertThat(scores.get(i)).isCloseTo(expected[i], within(1e-7));
            }
        }
    }
}

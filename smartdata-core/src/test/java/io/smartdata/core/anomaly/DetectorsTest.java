package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorsTest {
    @Test
    void everyKnownNameMakesADetectorOfThatName() {
        assertThat(Detectors.names())
                .startsWith("auto")
                .allSatisfy(name -> assertThat(Detectors.of(name).id()).isEqualTo(name));
    }

    @Test
    void optionsMayHaveSpaces() {
        assertThat(Detectors.of(" rolling-zscore ( window = 7 , ddof=0 ) ").id())
                .isEqualTo("rolling-zscore");
    }

    @Test
    void anUnknownDetectorNamesTheKnownOnes() {
        assertThatThrownBy(() -> Detectors.of("prophet"))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_detector"))
                .hasMessageContainingAll("prophet", "auto", "rolling-zscore", "robust-zscore", "isolation-forest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rolling-zscore(window=1)",
                "rolling-zscore(window=3.5)",
                "rolling-zscore(ddof=2)",
                "rolling-zscore(window=3,min-periods=4)",
                "robust-zscore(threshold=0)",
                "auto(threshold=NaN)",
                "auto(window=3)",
                "auto(threshold)",
                "auto(threshold=3,threshold=4)",
                "isolation-forest(seed=x)"
            })
    void anOptionOutOfRangeIsRefused(String spec) {
        assertThatThrownBy(() -> Detectors.of(spec))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_detector_option"));
    }

    @Test
    void aWindowTakesMemoryForTheValuesThereAre() {
        AnomalyDetector widest = Detectors.of("rolling-zscore(window=2147483647)");
        AnomalyDetector wide = Detectors.of("rolling-zscore(window=1000)");
        TimeSeries series = TimeSeries.daily(
                LocalDate.of(2026, 1, 1),
                ZoneOffset.UTC,
                IntStream.range(0, 500).mapToDouble(i -> Math.sin(i) * i).toArray());
        assertThat(Detection.run(widest, series).judgements())
                .isEqualTo(Detection.run(wide, series).judgements())
                .anyMatch(Judgement::judged);
    }

    @Test
    void aStateOfOtherOptionsIsRefused() {
        byte[] stored = Detectors.of("rolling-zscore(window=7)")
                .start(SeriesInfo.daily(ZoneOffset.UTC))
                .bytes();
        assertThatThrownBy(() -> Detectors.of("rolling-zscore(window=14)").resume(stored))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("detector_state_mismatch"));
    }
}

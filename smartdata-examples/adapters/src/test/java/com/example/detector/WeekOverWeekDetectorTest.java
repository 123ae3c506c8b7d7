package com.example.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.AnomalyDetectorContract;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.anomaly.Shape;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeekOverWeekDetectorTest extends AnomalyDetectorContract {
    private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

    @Override
    protected AnomalyDetector detector() {
        return new WeekOverWeekDetector(20);
    }

    @Override
    protected int daysUntilJudged() {
        return 7;
    }

    @Test
    void theLimitItselfIsAnAnomaly() {
        assertThat(lastOf(100, 1, 1, 1, 1, 1, 1, 119.9).anomaly()).isFalse();
        Judgement atLimit = lastOf(100, 1, 1, 1, 1, 1, 1, 120);
        assertThat(atLimit.score()).hasValue(3);
        assertThat(atLimit.shape()).contains(Shape.SPIKE);
        assertThat(atLimit.upper()).isEqualTo(120);
        assertThat(atLimit.reason()).isEqualTo("+20.0 % against 100.0 a week earlier");
    }

    @Test
    void aQuietSundayIsNoAnomalyIfTheLastOneWasQuiet() {
        assertThat(lastOf(10, 100, 100, 100, 100, 100, 100, 11).anomaly()).isFalse();
    }

    @Test
    void aSpikeMakesTheSameDayOfNextWeekLookLow() {
        assertThat(lastOf(300, 100, 100, 100, 100, 100, 100, 100).shape()).contains(Shape.DIP);
    }

    @Test
    void anythingAfterNothingIsFarAndFinite() {
        assertThat(lastOf(0, 1, 1, 1, 1, 1, 1, 5).score()).hasValue(Judgement.MAX_SCORE);
    }

    @Test
    void theSameLocalHourIsComparedAcrossAClockChange() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        DetectorState state = detector().start(SeriesInfo.every(1, ChronoUnit.HOURS, paris));
        Instant nineInWinter =
                LocalDateTime.parse("2026-03-27T09:00:00").atZone(paris).toInstant();
        Instant nineInSummer =
                LocalDateTime.parse("2026-04-03T09:00:00").atZone(paris).toInstant();
        assertThat(Duration.between(nineInWinter, nineInSummer)).isEqualTo(Duration.ofHours(7 * 24 - 1));
        detector().judge(state, nineInWinter, 50);
        assertThat(detector().judge(state, nineInSummer, 50).expected()).isEqualTo(50);
    }

    @Test
    void aStateOfAnotherPercentageIsRefused() {
        DetectorState other = new WeekOverWeekDetector(10).start(SeriesInfo.daily(ZoneOffset.UTC));
        assertThatThrownBy(() -> detector().resume(other.bytes()))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("detector_state_mismatch"));
        assertThatThrownBy(() -> detector().judge(other, MONDAY, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private Judgement lastOf(double... days) {
        DetectorState state = detector().start(SeriesInfo.daily(ZoneOffset.UTC));
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < days.length; i++) {
            judgements.add(detector().judge(state, MONDAY.plus(Duration.ofDays(i)), days[i]));
        }
        return judgements.get(days.length - 1);
    }
}

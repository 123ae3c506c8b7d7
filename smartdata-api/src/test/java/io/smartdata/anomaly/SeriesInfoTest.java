package io.smartdata.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeriesInfoTest {
    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");

    @Test
    void theStepIsTheMostFrequentDistance() {
        List<Instant> times = IntStream.of(0, 1, 3, 4, 5, 9, 10)
                .mapToObj(i -> START.plus(Duration.ofMinutes(30L * i)))
                .toList();
        assertThat(SeriesInfo.inferred(times, ZoneOffset.UTC))
                .isEqualTo(SeriesInfo.every(1800, ChronoUnit.SECONDS, ZoneOffset.UTC));
    }

    @Test
    void daysStayDaysAcrossAClockChange() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        List<Instant> days = Stream.iterate(LocalDate.of(2024, 3, 28), day -> day.plusDays(1))
                .limit(8)
                .map(day -> day.atStartOfDay(berlin).toInstant())
                .toList();
        assertThat(SeriesInfo.inferred(days, berlin)).isEqualTo(SeriesInfo.daily(berlin));
    }

    @Test
    void monthsAreMonths() {
        List<Instant> months = Stream.iterate(LocalDate.of(2024, 1, 1), month -> month.plusMonths(1))
                .limit(9)
                .map(month -> month.atStartOfDay(ZoneOffset.UTC).toInstant())
                .toList();
        assertThat(SeriesInfo.inferred(months, ZoneOffset.UTC).unit()).isEqualTo(ChronoUnit.MONTHS);
    }

    @Test
    void aSingleTimeIsTakenForADay() {
        assertThat(SeriesInfo.inferred(List.of(START), ZoneOffset.UTC)).isEqualTo(SeriesInfo.daily(ZoneOffset.UTC));
    }

    @Test
    void nonsenseIsRefused() {
        SeriesInfo daily = SeriesInfo.daily(ZoneOffset.UTC);
        assertThatThrownBy(() -> daily.withSeasons(7, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> daily.withThreshold(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SeriesInfo.every(0, ChronoUnit.DAYS, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void severityBeginsAtItsSigma() {
        assertThat(Severity.ofAnomaly(2.5)).isEqualTo(Severity.LOW);
        assertThat(Severity.ofAnomaly(-4)).isEqualTo(Severity.MEDIUM);
        assertThat(Severity.ofAnomaly(6.9)).isEqualTo(Severity.HIGH);
        assertThat(Severity.ofAnomaly(-Judgement.MAX_SCORE)).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void anInfiniteScoreIsHeldAtTheLargestOne() {
        Judgement drop = Judgement.of(Double.NEGATIVE_INFINITY, 10, 10, 10, 3, () -> "drop", "usual");
        assertThat(drop.score()).isEqualTo(OptionalDouble.of(-Judgement.MAX_SCORE));
        assertThat(drop.shape()).contains(Shape.DIP);
        assertThat(drop.reason()).isEqualTo("drop");
    }
}

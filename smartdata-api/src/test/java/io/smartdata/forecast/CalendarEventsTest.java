package io.smartdata.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalendarEventsTest {
    private static final LocalDate FIRST = LocalDate.of(2025, 12, 20);
    private static final LocalDate CHRISTMAS = LocalDate.of(2025, 12, 25);
    private static final LocalDate NEXT_CHRISTMAS = LocalDate.of(2026, 12, 25);

    private static TimeSeries days(int size) {
        return TimeSeries.daily(FIRST, ZoneOffset.UTC, new double[size]);
    }

    private static double[] column(Regressors regressors, String name) {
        int column = regressors.names().indexOf(name);
        return IntStream.range(0, regressors.rows())
                .mapToDouble(row -> regressors.value(row, column))
                .toArray();
    }

    @Test
    void anEventIsOneOnItsDaysAndEachDayAroundItIsAnInfluenceOfItsOwn() {
        Regressors regressors = CalendarEvents.none()
                .with("christmas", List.of(CHRISTMAS, NEXT_CHRISTMAS), 2, 1)
                .regressors(days(8), 2)
                .orElseThrow();
        assertThat(regressors.names()).containsExactly("christmas-2", "christmas-1", "christmas", "christmas+1");
        assertThat(column(regressors, "christmas-2")).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
        assertThat(column(regressors, "christmas")).containsExactly(0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
        assertThat(column(regressors, "christmas+1")).containsExactly(0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    }

    @Test
    void whatNeverOccurredCannotBeLearnt() {
        CalendarEvents events = CalendarEvents.none().with("new year", List.of(LocalDate.of(2026, 1, 1)));
        assertThat(events.regressors(days(12), 30)).isEmpty();
        assertThat(events.regressors(days(13), 30)).isPresent();
        assertThat(events.regressors(days(0), 30)).isEmpty();
        assertThat(CalendarEvents.none().regressors(days(400), 30)).isEmpty();
    }

    @Test
    void aModelGetsTheInfluencesItWasLearntWithAndNoOthers() {
        CalendarEvents events = CalendarEvents.none()
                .with("a", List.of(FIRST))
                .with("b", List.of(FIRST.plusDays(1)))
                .with("c", List.of(FIRST.plusDays(2)));
        Regressors regressors = events.regressors(days(2), 1, List.of("c", "a")).orElseThrow();
        assertThat(regressors.names()).containsExactly("c", "a");
        assertThat(column(regressors, "c")).containsExactly(0, 0, 1);
        assertThat(events.regressors(days(2), 1, List.of("a", "gone"))).isEmpty();
    }

    @Test
    void theHoursOfADayShareItsEvent() {
        TimeSeries hours = TimeSeries.of(
                CHRISTMAS.minusDays(1).atTime(22, 0), 1, ChronoUnit.HOURS, ZoneOffset.UTC, new double[20]);
        Regressors regressors = CalendarEvents.none()
                .with("christmas", List.of(CHRISTMAS))
                .regressors(hours, 8)
                .orElseThrow();
        assertThat(column(regressors, "christmas"))
                .containsExactly(0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
    }

    @Test
    void aMonthCountsItsEvents() {
        TimeSeries months = TimeSeries.of(
                LocalDate.of(2025, 11, 1).atStartOfDay(), 1, ChronoUnit.MONTHS, ZoneOffset.UTC, new double[2]);
        Regressors regressors = CalendarEvents.none()
                .with("holiday", List.of(CHRISTMAS, CHRISTMAS.plusDays(1), LocalDate.of(2026, 1, 1)))
                .regressors(months, 2)
                .orElseThrow();
        assertThat(column(regressors, "holiday")).containsExactly(0, 2, 1, 0);
    }

    @Test
    void afterTheLastKnownDayNothingIsKnown() {
        Regressors regressors = CalendarEvents.none()
                .with("first", List.of(FIRST))
                .withKnownUntil(FIRST.plusDays(3))
                .regressors(days(2), 3)
                .orElseThrow();
        assertThat(regressors.known(0, 4)).isTrue();
        assertThat(regressors.known(4, 5)).isFalse();
    }

    @Test
    void twoInfluencesCannotHaveOneName() {
        CalendarEvents events = CalendarEvents.none().with("sale", List.of(FIRST), 1, 0);
        assertThatThrownBy(() -> events.with("sale-1", List.of(FIRST))).hasMessageContaining("'sale-1'");
        assertThatThrownBy(() -> events.with("", List.of(FIRST))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> events.with("x", List.of(FIRST), -1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}

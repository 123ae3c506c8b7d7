package io.smartdata.core.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.storage.DerivedAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-01-10T00:00:00Z, 2026-01-10T01:15:00Z",
        "2026-01-10T01:15:00Z, 2026-01-11T01:15:00Z",
        "2026-01-10T23:30:00Z, 2026-01-11T01:15:00Z",
        "2026-03-29T00:00:00Z, 2026-03-29T01:15:00Z",
        "2026-10-25T00:00:00Z, 2026-10-25T00:15:00Z",
        "2026-10-25T00:20:00Z, 2026-10-26T01:15:00Z"
    })
    void aNightlyAnswerIsDueOnceADayAlsoWhereClocksChange(Instant after, Instant due) {
        assertThat(RefreshSchedule.daily(LocalTime.of(2, 15), BERLIN).dueAfter(after))
                .isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-10T02:15:01Z, 2026-01-11T02:25:00Z, PT10M, false",
        "2026-01-10T02:15:01Z, 2026-01-11T02:25:01Z, PT10M1S, true",
        "2026-01-10T02:15:01Z, 2026-01-11T02:00:00Z, PT0S, false",
        "2026-01-10T02:14:30Z, 2026-01-11T00:00:00Z, PT0S, false",
        "2026-01-10T02:13:59Z, 2026-01-10T02:45:00Z, PT30M, true",
        "2026-01-10T02:15:01Z, 2026-01-13T02:15:00Z, PT48H, true"
    })
    void anAnswerIsStaleTenMinutesAfterTheFirstRefreshItMissed(
            Instant dataFreshAsOf, Instant now, Duration overdue, boolean stale) {
        DerivedFreshness freshness = DerivedFreshness.of(
                DerivedAnswer.ANOMALIES, dataFreshAsOf, RefreshSchedules.nightly(ZoneOffset.UTC), now);
        assertThat(freshness.overdue()).isEqualTo(overdue);
        assertThat(freshness.stale()).isEqualTo(stale);
    }

    @Test
    void anAnswerWithoutAScheduleIsNeverOverdue() {
        DerivedFreshness old = DerivedFreshness.of(
                DerivedAnswer.FORECASTS, Instant.EPOCH, RefreshSchedules.none(), Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(old.stale()).isFalse();
        assertThat(old.due()).isNull();
    }

    @Test
    void anIntervalIsPositive() {
        assertThatThrownBy(() -> RefreshSchedule.every(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}

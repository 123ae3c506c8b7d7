package io.smartdata.core.anomaly;

import io.smartdata.anomaly.SeriesInfo;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;

/**
 * Numbers the steps of a series by local time, so that a missing row or a clock change does not shift a season.
 */
final class LocalGrid {
    private static final long SECONDS_OF_DAY = ChronoUnit.DAYS.getDuration().toSeconds();
    private static final long MONDAY = LocalDate.EPOCH
            .with(TemporalAdjusters.next(DayOfWeek.MONDAY))
            .atStartOfDay()
            .toEpochSecond(ZoneOffset.UTC);

    private final SeriesInfo series;
    /** Width of a step; 0 if it is made of months. */
    private final long seconds;

    private final long months;

    LocalGrid(SeriesInfo series) {
        this.series = series;
        this.seconds = series.unit().compareTo(ChronoUnit.MONTHS) < 0
                ? series.unit().getDuration().toSeconds() * series.step()
                : 0;
        this.months = series.unit() == ChronoUnit.YEARS ? 12 * series.step() : series.step();
    }

    /** Number of the step that holds {@code time}, counted from a Monday; consecutive steps have consecutive numbers. */
    long slot(Instant time) {
        LocalDateTime local = LocalDateTime.ofInstant(time, series.zone());
        return seconds > 0
                ? Math.floorDiv(local.toEpochSecond(ZoneOffset.UTC) - MONDAY, seconds)
                : Math.floorDiv(local.getLong(ChronoField.PROLEPTIC_MONTH), months);
    }

    /** The seasons asked for, or the usual ones of this grid: a week of days, a day and a week of hours, a year of months. */
    List<Integer> seasons(int longest) {
        return (series.seasons().isEmpty() ? usualSeasons() : series.seasons())
                .stream().filter(season -> season <= longest).toList();
    }

    /** Rows of a day, from 12 to 288, or of a week of days: how long a state of the series lasts. */
    int period() {
        return seconds == 0 || seconds >= SECONDS_OF_DAY
                ? 7
                : (int) Math.max(12, Math.min(288, SECONDS_OF_DAY / seconds));
    }

    private List<Integer> usualSeasons() {
        if (seconds == SECONDS_OF_DAY) {
            return List.of(7);
        }
        if (seconds > 0 && SECONDS_OF_DAY % seconds == 0 && seconds < SECONDS_OF_DAY / 2) {
            int day = (int) (SECONDS_OF_DAY / seconds);
            return List.of(day, 7 * day);
        }
        return seconds == 0 && months < 12 && 12 % months == 0 ? List.of((int) (12 / months)) : List.of();
    }
}

package io.smartdata.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.series.TimeSeries;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KpiSeriesTest {
    /** Clocks are put forward on 29 March. */
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static final LocalDate FIRST = LocalDate.of(2026, 3, 20);
    private static final LocalDate END = LocalDate.of(2026, 4, 8);

    private static KpiSeries answer(Grain grain, List<KpiPoint> points, LocalDate from, LocalDate to) {
        List<KpiPoint> within = points.stream()
                .filter(point -> {
                    LocalDate day = LocalDate.ofInstant(point.start(), BERLIN);
                    return !day.isBefore(from) && day.isBefore(to);
                })
                .toList();
        return new KpiSeries(Kpi.sum("x").event("x"), grain, BERLIN, within, Instant.EPOCH, false, true, 1);
    }

    /** Each bucket is there or not. */
    private static List<KpiPoint> points(Grain grain, Random random) {
        ChronoUnit unit = grain == Grain.HOUR ? ChronoUnit.HOURS : ChronoUnit.DAYS;
        List<KpiPoint> points = new ArrayList<>();
        for (ZonedDateTime start = FIRST.atStartOfDay(BERLIN);
                start.toLocalDate().isBefore(END);
                start = start.plus(1, unit)) {
            if (random.nextBoolean()) {
                BigDecimal value = BigDecimal.valueOf(random.nextInt(1000));
                points.add(new KpiPoint(start.toLocalDate().toString(), start.toInstant(), "", "", value, 1, true));
            }
        }
        return points;
    }

    @ParameterizedTest
    @EnumSource(
            value = Grain.class,
            names = {"HOUR", "DAY"})
    void whatWasReadInTwoPartsIsWhatIsReadAtOnce(Grain grain) {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            List<KpiPoint> points = points(grain, random);
            LocalDate from = FIRST.plusDays(1 + random.nextInt(17));
            LocalDate readUntil = from.plusDays(random.nextInt(5));
            TimeSeries earlier = answer(grain, points, FIRST, readUntil).toTimeSeries();
            TimeSeries whole = answer(grain, points, FIRST, END).toTimeSeries();
            assertThat(
                            earlier.size() == 0
                                    ? whole
                                    : answer(grain, points, from, END).continuing(earlier, from))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Grain.class,
            names = {"HOUR", "DAY"})
    void whatIsGoneFromTheLaterPartIsGone(Grain grain) {
        List<KpiPoint> points = points(grain, new Random(7));
        TimeSeries earlier = answer(grain, points, FIRST, END).toTimeSeries();
        LocalDate from = LocalDate.of(2026, 3, 31);
        assertThat(answer(grain, List.of(), from, END).continuing(earlier, from))
                .isEqualTo(answer(grain, points, FIRST, from).toTimeSeries());
    }
}

package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.anomaly.Anomaly;
import io.smartdata.anomaly.Shape;
import io.smartdata.series.TimeSeries;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each shape, planted into a year of days with a week's season, is found, named, and one episode. */
class ShapeTest {
    private static final long SEED = 5;
    private static final int START = 252;
    private static final int DAYS = 365;
    private static final LocalDate MONDAY = LocalDate.of(2024, 1, 1);

    /** Days in which a change that stays is reported and then adopted. */
    private static final int SOON = 14;

    /** What happens to the series from {@link #START} on; the shapes as which a causal detector may see it. */
    private enum Planted {
        DIP(1, Set.of(Shape.DIP)),
        SPIKE(1, Set.of(Shape.SPIKE)),
        OUTAGE(2, Set.of(Shape.OUTAGE)),
        STUCK(6, Set.of(Shape.STUCK)),
        VARIANCE(12, Set.of(Shape.VARIANCE)),
        SEASON_BREAK(14, Set.of(Shape.SEASON_BREAK)),
        LEVEL_UP(DAYS - START, Set.of(Shape.LEVEL_SHIFT)),
        LEVEL_DOWN(DAYS - START, Set.of(Shape.LEVEL_SHIFT)),
        TREND_BREAK(DAYS - START, Set.of(Shape.DRIFT, Shape.LEVEL_SHIFT)),
        DRIFT(DAYS - START, Set.of(Shape.DRIFT, Shape.LEVEL_SHIFT));

        private final int days;
        private final Set<Shape> names;

        Planted(int days, Set<Shape> names) {
            this.days = days;
            this.names = names;
        }

        private double value(int day, double usual, double noise) {
            int since = day - START;
            if (since < 0 || since >= days) {
                return usual + noise;
            }
            return switch (this) {
                case DIP -> 0.5 * usual;
                case SPIKE -> 1.6 * usual;
                case OUTAGE -> 0;
                case STUCK -> 1033;
                case VARIANCE -> usual + 5 * noise;
                case SEASON_BREAK -> 1000 + noise;
                case LEVEL_UP -> 1.3 * usual + noise;
                case LEVEL_DOWN -> 0.7 * usual + noise;
                case TREND_BREAK -> usual * (1 + 0.02 * since) + noise;
                case DRIFT -> usual * (1 + 0.012 * Math.min(since, 28)) + noise;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFoundAndNamedAndOneEpisode(Planted planted) {
        List<Anomaly> found = detect(planted);
        assertThat(found).as("seed %d", SEED).isNotEmpty();
        assertThat(found)
                .extracting(ShapeTest::day)
                .as("seed %d", SEED)
                .allSatisfy(day -> assertThat(day)
                        .isBetween(
                                START,
                                START + Math.min(planted.days, planted == Planted.TREND_BREAK ? 2 * SOON : SOON)));
        assertThat(found).extracting(Anomaly::shape).as("seed %d", SEED).containsAnyElementsOf(planted.names);
    }

    @Test
    void noiseAloneRaisesFewAlerts() {
        assertThat(detect(null)).as("seed %d", SEED).hasSizeLessThan(3);
    }

    private static int day(Anomaly anomaly) {
        return (int) Duration.between(MONDAY.atStartOfDay().toInstant(ZoneOffset.UTC), anomaly.time())
                .toDays();
    }

    private static List<Anomaly> detect(@Nullable Planted planted) {
        Random random = new Random(SEED);
        double[] values = new double[DAYS];
        for (int day = 0; day < DAYS; day++) {
            double usual = 1000 + (day % 7 >= 5 ? -300 : 120 - 20 * (day % 7));
            double noise = 25 * random.nextGaussian();
            values[day] = planted == null ? usual + noise : planted.value(day, usual, noise);
        }
        return Detection.run(Detectors.of("auto"), TimeSeries.daily(MONDAY, ZoneOffset.UTC, values))
                .anomalies();
    }
}

package io.smartdata.core.forecast.auto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeasonsTest {
    @Test
    void aWeekIsSeenAndACycleThatIsNotThereIsNot() {
        Random random = new Random(1);
        assertThat(Seasons.shown(series(100, i -> i % 7 + random.nextGaussian()), List.of(7, 30)))
                .containsExactly(7);
    }

    @Test
    void bothOfTwoCyclesAreSeen() {
        Random random = new Random(2);
        assertThat(Seasons.shown(
                        series(400, i -> i % 7 + 10 * Math.sin(2 * Math.PI * i / 30) + random.nextGaussian()),
                        List.of(7, 30)))
                .contains(30);
    }

    @Test
    void oneCycleIsTooFewToSeeIt() {
        assertThat(Seasons.shown(series(13, i -> i % 7), List.of(7))).isEmpty();
    }

    @Test
    void aConstantHasNoCycleAndHugeValuesDoNotOverflow() {
        assertThat(Seasons.shown(new double[50], List.of(7))).isEmpty();
        assertThat(Seasons.shown(series(70, i -> 1e300 * (i % 7)), List.of(7))).containsExactly(7);
    }

    private static double[] series(int size, IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).toArray();
    }
}

package io.smartdata.core.forecast.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShiftTest {
    private static final int SIDE = 14;

    @Test
    void aStepIsFoundWhereItIs() {
        double[] y = noise(200, 1);
        for (int t = 120; t < y.length; t++) {
            y[t] += 40;
        }
        Shift shift = Shift.largest(y, SIDE).orElseThrow();
        assertThat(shift.at()).isCloseTo(120, within(3));
        assertThat(shift.size()).isCloseTo(40, within(2.0));
        double[] undone = shift.undone(y);
        assertThat(undone[10]).isEqualTo(y[10] + shift.size());
        assertThat(undone[150]).isEqualTo(y[150]);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6, 7, 8, 9})
    void aRandomWalkHasNone(long seed) {
        double[] y = noise(300, seed);
        Arrays.parallelPrefix(y, Double::sum);
        assertThat(Shift.largest(y, SIDE)).isEmpty();
    }

    @Test
    void aTrendNoiseAndAConstantHaveNone() {
        double[] trend = noise(200, 10);
        Arrays.setAll(trend, t -> trend[t] + 2 * t);
        assertThat(Shift.largest(trend, SIDE)).isEmpty();
        assertThat(Shift.largest(noise(200, 11), SIDE)).isEmpty();
        assertThat(Shift.largest(new double[200], SIDE)).isEmpty();
    }

    @Test
    void fewObservationsOnASideDecideNothing() {
        double[] y = noise(60, 12);
        Arrays.fill(y, 0, 50, Double.NaN);
        assertThat(Shift.largest(y, SIDE)).isEmpty();
    }

    private static double[] noise(int size, long seed) {
        Random random = new Random(seed);
        return random.doubles(size).map(it -> 6 * it - 3).toArray();
    }
}

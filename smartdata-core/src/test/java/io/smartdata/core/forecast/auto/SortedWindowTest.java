package io.smartdata.core.forecast.auto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedWindowTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 14, 15})
    void whatMovesAlongIsWhatSortingEachWindowGives(int width) {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            double[] y = random.doubles(100)
                    .map(u -> u < 0.3 ? Double.NaN : u < 0.5 ? Math.rint(8 * u) - 3 : 1e6 * (u - 0.7))
                    .toArray();
            SortedWindow window = new SortedWindow(width);
            for (int t = 0; t < y.length; t++) {
                if (t >= width) {
                    window.remove(y[t - width]);
                }
                window.add(y[t]);
                double[] observed = Arrays.stream(y, Math.max(0, t - width + 1), t + 1)
                        .filter(value -> !Double.isNaN(value))
                        .toArray();
                double centre = median(observed);
                assertThat(window.size()).as("seed %d", seed).isEqualTo(observed.length);
                assertThat(window.median()).as("seed %d", seed).isEqualTo((Double) centre);
                assertThat(window.medianDeviation()).as("seed %d", seed).isEqualTo((Double)
                        median(Arrays.stream(observed)
                                .map(value -> Math.abs(value - centre))
                                .toArray()));
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int n = sorted.length;
        return n == 0 ? Double.NaN : n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
    }
}

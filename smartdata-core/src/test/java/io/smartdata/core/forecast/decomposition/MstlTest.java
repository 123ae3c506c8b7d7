package io.smartdata.core.forecast.decomposition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class MstlTest {
    @Test
    void theComponentsAreThoseOfR() throws IOException {
        List<double[]> rows;
        try (var in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(MstlTest.class.getResourceAsStream("mstl-of-r.csv.gz")), UTF_8))) {
            rows = in.lines()
                    .map(line -> Arrays.stream(line.split(",", -1))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
        }
        double[] y = rows.stream().mapToDouble(row -> row[0]).toArray();
        Mstl exact = Mstl.of(y, List.of(24, 168), true);
        Mstl quick = Mstl.of(y, List.of(24, 168));
        for (int t = 0; t < y.length; t += 37) {
            double[] expected = Arrays.copyOfRange(rows.get(t), 1, 5);
            assertThat(at(exact, t)).containsExactly(expected, within(1e-7));
            // the curves between fitted points are straight: off by a small part of a series that swings by thousands
            assertThat(at(quick, t)).containsExactly(expected, within(160.0));
        }
    }

    private static double[] at(Mstl parts, int t) {
        return new double[] {parts.trend()[t], parts.seasons()[0][t], parts.seasons()[1][t], parts.remainder()[t]};
    }

    @Test
    void theComponentsAddUp() {
        Random random = new Random(1);
        double[] y = IntStream.range(0, 400)
                .mapToDouble(t -> t + 10 * (t % 7) + 5 * (t % 30) + random.nextGaussian())
                .toArray();
        Mstl parts = Mstl.of(y, List.of(7, 30));
        for (int t = 0; t < y.length; t++) {
            assertThat(Arrays.stream(at(parts, t)).sum()).isCloseTo(y[t], within(1e-9));
        }
    }

    @Test
    void anExactCycleLeavesNextToNothing() {
        double[] y = IntStream.range(0, 140)
                .mapToDouble(t -> 3 + t % 7 + 2.0 * t / 7)
                .toArray();
        Mstl parts = Mstl.of(y, List.of(7));
        assertThat(Arrays.stream(parts.remainder()).map(Math::abs).max().orElseThrow())
                .isLessThan(0.05);
    }
}

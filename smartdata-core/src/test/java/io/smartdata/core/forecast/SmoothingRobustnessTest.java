package io.smartdata.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of every forecaster does not ask: far horizons, long seasons, hard histories that it has to master. */
class SmoothingRobustnessTest {
    static Stream<String> specs() {
        return Stream.of(
                "ets", "ets(M,A,M)", "theta", "otm", "dotm", "ces", "mstl:ets", "boxcox:dotm", "log:mstl:theta", "tsb");
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyHistoryHasAFiniteForecastNearAndFar(String spec) {
        Random random = new Random(1);
        List<double[]> histories = List.of(
                series(300, i -> (i > 290 ? 500 : 100) + random.nextGaussian()),
                series(300, i -> 1e9 * (1 + 0.1 * random.nextGaussian())),
                series(300, i -> 1e-9 * (1 + 0.1 * random.nextGaussian())),
                series(300, i -> random.nextBoolean() ? Double.NaN : 100 + 10 * (i % 7) + random.nextGaussian()),
                series(300, i -> -100 - i + random.nextGaussian()),
                series(300, i -> i == 150 ? 1 : 0),
                series(300, i -> 1 + i));
        for (double[] y : histories) {
            for (int horizon : new int[] {1, 400}) {
                for (List<Integer> seasons : List.of(List.<Integer>of(), List.of(7), List.of(24, 168))) {
                    Forecast forecast = Forecasters.of(spec).forecast(request(y, horizon, seasons));
                    assertThat(forecast.means()).hasSize(horizon).doesNotContain(Double.NaN);
                    double largest = Arrays.stream(y)
                            .filter(it -> !Double.isNaN(it))
                            .map(Math::abs)
                            .max()
                            .orElseThrow();
                    assertThat(Arrays.stream(forecast.means())
                                    .map(Math::abs)
                                    .max()
                                    .orElseThrow())
                            .isLessThan(100 * largest);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ets", "theta", "dotm", "ces", "mstl:ets"})
    void fiveThousandDaysWithAYearlySeasonAreServed(String spec) {
        Random random = new Random(2);
        double[] y = series(5000, i -> 100 + 20 * Math.sin(2 * Math.PI * i / 365) + random.nextGaussian());
        Forecast forecast = Forecasters.of(spec).forecast(request(y, 30, List.of(365)));
        assertThat(forecast.fallbackReason()).isNull();
        assertThat(Arrays.stream(forecast.means()).boxed())
                .allSatisfy(mean -> assertThat(mean).isBetween(70.0, 130.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ets", "otm", "dotm", "ces", "mstl:ets"})
    void aStraightLineGoesOn(String spec) {
        Forecast forecast = Forecasters.of(spec).forecast(request(series(120, i -> 10 + 2 * i), 10, List.of()));
        assertThat(forecast.means()[9]).isBetween(0.94 * 268, 1.06 * 268);
    }

    private static ForecastRequest request(double[] y, int horizon, List<Integer> seasons) {
        return ForecastRequest.of(TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, y), horizon)
                .withSeasons(seasons);
    }

    private static double[] series(int size, IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).toArray();
    }
}

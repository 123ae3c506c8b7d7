package io.smartdata.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Interval;
import io.smartdata.forecast.Regressors;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AutoTest {
    static Stream<Named<double[]>> hardHistories() {
        Random random = new Random(7);
        double[] weekly = weekly(200, 7);
        return Stream.of(
                Named.of("two points", new double[] {3, 4}),
                Named.of("one spike", series(100, i -> i == 50 ? 1000 : 0)),
                Named.of("billions", scaled(weekly, 1e9)),
                Named.of("billionths", scaled(weekly, 1e-9)),
                Named.of("negative", scaled(weekly, -1)),
                Named.of("half missing", series(200, i -> random.nextBoolean() ? Double.NaN : weekly[i])),
                Named.of("a level shift at the end", series(200, i -> weekly[i] + (i < 190 ? 0 : 500))),
                Named.of("a perfect line", series(100, i -> 3 + 2.0 * i)),
                Named.of("rare counts", series(200, i -> random.nextInt(12) == 0 ? 1 + random.nextInt(3) : 0)));
    }

    @ParameterizedTest
    @MethodSource("hardHistories")
    void aHardHistoryHasOneStepAndFourHundredStepsInOrder(double[] history) {
        for (int horizon : new int[] {1, 400}) {
            Forecast forecast = Forecasters.of("auto").forecast(request(history, horizon));
            assertThat(forecast.points()).hasSize(horizon).allSatisfy(AutoTest::isInOrder);
        }
    }

    private static void isInOrder(ForecastPoint point) {
        Interval narrow = point.interval(80).orElseThrow();
        Interval wide = point.interval(95).orElseThrow();
        assertThat(new double[] {wide.lower(), narrow.lower(), point.mean(), narrow.upper(), wide.upper()})
                .isSorted()
                .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void nothingObservedIsSaidSo() {
        Forecast forecast = Forecasters.of("auto").forecast(request(series(40, i -> Double.NaN), 7));
        assertThat(forecast.points()).isEmpty();
        assertThat(forecast.fallbackReason()).isEqualTo("the history has no observation");
    }

    @Test
    void aYearOfDaysInFiveThousandPointsIsFollowed() {
        Random random = new Random(5);
        double[] y = series(5000, i -> 100 + 30 * Math.sin(2 * Math.PI * i / 365) + random.nextGaussian());
        Forecast forecast = Forecasters.of("auto").forecast(request(y, 30).withSeasons(List.of(365)));
        assertThat(forecast.points()).hasSize(30).allSatisfy(AutoTest::isInOrder);
        assertThat(forecast.means()[29]).isCloseTo(100 + 30 * Math.sin(2 * Math.PI * 5029 / 365), within(8.0));
    }

    @Test
    void collinearAndConstantInfluencesLeaveAForecast() {
        double[][] rows = new double[214][3];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new double[] {t % 3, 2 * (t % 3), 1};
        }
        Forecast forecast = Forecasters.of("auto")
                .forecast(request(weekly(200, 6), 14)
                        .withRegressors(Regressors.of(List.of("a", "twice a", "one"), rows)));
        assertThat(forecast.points()).hasSize(14).allSatisfy(AutoTest::isInOrder);
        assertThat(forecast.means()[0]).isCloseTo(100 + 5 * (200 % 7), within(6.0));
    }

    @Test
    void aFewGrossOutliersHardlyMoveTheForecast() {
        double[] clean = weekly(200, 8);
        double[] soiled = clean.clone();
        for (int t : new int[] {60, 121, 150, 190}) {
            soiled[t] *= 20;
        }
        Forecast forecast = Forecasters.of("auto").forecast(request(soiled, 14));
        assertThat(forecast.means())
                .containsExactly(
                        Forecasters.of("auto").forecast(request(clean, 14)).means(), within(1.5));
        assertThat(forecast.explanation()).contains("4 outliers were replaced");
    }

    @Test
    void aShiftOfTheLevelInThePastDoesNotWreckNextWeek() {
        double[] y = weekly(365, 9);
        for (int t = 0; t < 250; t++) {
            y[t] += 400;
        }
        Forecast forecast = Forecasters.of("auto").forecast(request(y, 7));
        for (int h = 0; h < 7; h++) {
            ForecastPoint point = forecast.points().get(h);
            assertThat(point.mean()).isCloseTo(100 + 5 * ((365 + h) % 7), within(4.0));
            Interval interval = point.interval(95).orElseThrow();
            assertThat(interval.upper() - interval.lower()).isLessThan(20);
        }
        assertThat(forecast.explanation()).contains("shift of the level");
    }

    @Test
    void aSlumpThatIsOverDoesNotWreckNextWeek() {
        double[] y = weekly(365, 10);
        for (int t = 150; t < 230; t++) {
            y[t] *= 0.3;
        }
        double[] means = Forecasters.of("auto").forecast(request(y, 7)).means();
        for (int h = 0; h < 7; h++) {
            assertThat(means[h]).isCloseTo(100 + 5 * ((365 + h) % 7), within(5.0));
        }
    }

    @Test
    void aRandomWalkIsForetoldAsWellAsByItsLastValue() {
        double own = 0;
        double naive = 0;
        for (int seed = 0; seed < 40; seed++) {
            double[] walk = walk(314, seed);
            double[] means = Forecasters.of("auto")
                    .forecast(request(Arrays.copyOf(walk, 300), 14).withSeasons(List.of()))
                    .means();
            for (int h = 0; h < 14; h++) {
                own += Math.abs(walk[300 + h] - means[h]);
                naive += Math.abs(walk[300 + h] - walk[299]);
            }
        }
        assertThat(own).isLessThan(1.05 * naive);
    }

    @Test
    void intervalsHoldWhatTheyPromiseOnWeeklyNoise() {
        int inside80 = 0;
        int inside95 = 0;
        for (int seed = 0; seed < 60; seed++) {
            double[] y = weekly(134, 100 + seed);
            Forecast forecast = Forecasters.of("auto").forecast(request(Arrays.copyOf(y, 120), 14));
            for (ForecastPoint point : forecast.points()) {
                double actual = y[119 + point.step()];
                inside80 += point.interval(80).orElseThrow().contains(actual) ? 1 : 0;
                inside95 += point.interval(95).orElseThrow().contains(actual) ? 1 : 0;
            }
        }
        assertThat(inside80 / 840.0).isBetween(0.74, 0.90);
        assertThat(inside95 / 840.0).isBetween(0.92, 0.99);
    }

    @Test
    void itNamesItsMembersAndTheCyclesItDidNotFind() {
        Forecast weekly = Forecasters.of("auto").forecast(request(weekly(200, 3), 14));
        weekly.model().members().forEach(it -> assertThat(weekly.explanation()).contains(it.id()));
        assertThat(weekly.explanation()).startsWith("A mean of ").doesNotContain("no cycle");
        Random random = new Random(4);
        Forecast noise = Forecasters.of("auto").forecast(request(series(200, i -> random.nextGaussian()), 14));
        assertThat(noise.explanation()).contains("no cycle of 7 steps was found");
    }

    private static double[] weekly(int size, long seed) {
        Random random = new Random(seed);
        return series(size, i -> 100 + 5 * (i % 7) + 2 * random.nextGaussian());
    }

    private static double[] walk(int size, long seed) {
        Random random = new Random(seed);
        double[] result = new double[size];
        result[0] = 1000;
        for (int t = 1; t < size; t++) {
            result[t] = result[t - 1] + random.nextGaussian();
        }
        return result;
    }

    private static double[] scaled(double[] y, double factor) {
        return Arrays.stream(y).map(value -> factor * value).toArray();
    }

    private static double[] series(int size, IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).toArray();
    }

    private static ForecastRequest request(double[] values, int horizon) {
        return ForecastRequest.of(TimeSeries.daily(LocalDate.of(2026, 1, 5), ZoneOffset.UTC, values), horizon);
    }
}

package io.smartdata.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.SmartDataException;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Interval;
import io.smartdata.forecast.Regressors;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto|auto",
                "SARIMAX(1, 1, 1)(0, 1, 1)7|sarimax(1,1,1)(0,1,1)7",
                "sarimax(2,0,1)+c|sarimax(2,0,1)+c",
                "sarimax(1,1,1)(0,0,0)7|sarimax(1,1,1)",
                "ETS|ets",
                "ets(z,z,z)|ets",
                "ets(a, ad, m)|ets(A,Ad,M)",
                "ets(M,Z,N)|ets(M,Z,N)",
                "log:theta|log:theta",
                "DOTM|dotm",
                "seasonal-naive|seasonal-naive",
                "constant|constant"
            })
    void aSpecNamesAForecaster(String spec, String canonical) {
        assertThat(Forecasters.of(spec).spec()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prophet", "", "sarimax", "sarimax(1,1)", "sarimax(1,1,1)(0,1,1)1", "log:", "arima(1,1,1)"})
    void anUnknownSpecIsRefusedWithTheKnownOnes(String spec) {
        assertThatThrownBy(() -> Forecasters.of(spec))
                .isInstanceOf(SmartDataException.class)
                .hasMessageContaining("'" + spec + "'")
                .hasMessageContaining("seasonal-naive")
                .extracting(e -> ((SmartDataException) e).code())
                .isEqualTo("unknown_model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sarimax(1,1,1)(0,1,1)7", "sarimax(1,0,1)+c", "auto", "seasonal-naive", "constant"})
    void shiftAndScaleOfTheHistoryCarryOverToTheForecast(String spec) {
        double[] base = weekly(200, 11);
        double[] moved = Arrays.stream(base).map(y -> 1000 + 25 * y).toArray();
        // auto works on logarithms where it can, which have no shift: take values below zero for it
        double[] below = Arrays.stream(base).map(y -> y - 500).toArray();
        double[] movedBelow = Arrays.stream(below).map(y -> 25 * y - 1000).toArray();
        boolean auto = spec.equals("auto");
        Forecast plain = Forecasters.of(spec).forecast(request(auto ? below : base, 14));
        Forecast carried = Forecasters.of(spec).forecast(request(auto ? movedBelow : moved, 14));
        for (int h = 0; h < 14; h++) {
            double shift = auto ? -1000 : 1000;
            assertThat(carried.means()[h]).isCloseTo(shift + 25 * plain.means()[h], within(0.05));
            assertThat(upper(carried, h)).isCloseTo(shift + 25 * upper(plain, h), within(0.1));
        }
    }

    @Test
    void aConstantHasIntervalsOfZeroWidth() {
        for (String spec : List.of("auto", "sarimax(1,1,1)", "seasonal-naive", "constant")) {
            Forecast forecast = Forecasters.of(spec).forecast(request(series(50, i -> 42), 3));
            assertThat(forecast.points()).allSatisfy(point -> {
                assertThat(point.mean()).isEqualTo(42);
                assertThat(point.intervals())
                        .allSatisfy(it -> assertThat(it.upper() - it.lower()).isZero());
            });
        }
    }

    @Test
    void anExactWeeklyPatternGoesOn() {
        Forecast forecast = Forecasters.of("auto").forecast(request(series(70, i -> 10 + i % 7), 7));
        assertThat(forecast.means())
                .containsExactly(IntStream.range(0, 7).mapToDouble(i -> 10 + i).toArray(), within(1e-6));
    }

    @Test
    void everyStepDownSaysWhy() {
        Forecast five = Forecasters.of("auto").forecast(request(series(5, i -> i), 3));
        assertThat(five.modelId()).isEqualTo("constant");
        assertThat(five.fallbackReason()).startsWith("auto needs 6 observed values to compare models, there are 5");
        Forecast three = Forecasters.of("sarimax(1,1,1)").forecast(request(series(3, i -> i), 3));
        assertThat(three.modelId()).isEqualTo("constant");
        assertThat(three.fallbackReason())
                .contains("sarimax(1,1,1) needs", "there are 3", "seasonal-naive needs 3 pairs");
    }

    @Test
    void autoSaysWhatItChoseAndHowItDid() {
        Forecast forecast = Forecasters.of("auto").forecast(request(weekly(200, 3), 14));
        assertThat(forecast.fallbackReason()).isNull();
        assertThat(forecast.explanation())
                .startsWith("A mean of ")
                .contains("% ets(", "in 6 trials on the last 42 steps");
        assertThat(forecast.parameters().entrySet().stream()
                        .filter(it -> it.getKey().startsWith("weight."))
                        .mapToDouble(Map.Entry::getValue)
                        .sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void aGapIsNotAZero() {
        double[] y = weekly(150, 4);
        for (int t = 10; t < 140; t += 9) {
            y[t] = Double.NaN;
        }
        double[] means = Forecasters.of("auto").forecast(request(y, 14)).means();
        double[] whole =
                Forecasters.of("auto").forecast(request(weekly(150, 4), 14)).means();
        for (int h = 0; h < 14; h++) {
            assertThat(means[h]).isCloseTo(whole[h], within(3.0));
        }
    }

    @Test
    void aStoredModelIsRunNotLearntAgain() {
        double[] y = weekly(210, 5);
        var forecaster = Forecasters.of("sarimax(1,1,1)(0,1,1)7");
        FittedModel model = forecaster.fit(request(Arrays.copyOf(y, 200), 14));
        Forecast grown = forecaster.forecast(model, request(y, 14));
        assertThat(grown.parameters()).isEqualTo(model.parameters());
        assertThat(grown.means())
                .isNotEqualTo(forecaster
                        .forecast(model, request(Arrays.copyOf(y, 200), 14))
                        .means());
    }

    @Test
    void aModelOfAnotherVersionIsLearntAgainAndSaysSo() {
        double[] y = weekly(200, 6);
        var forecaster = Forecasters.of("theta");
        FittedModel now = forecaster.fit(request(y, 7));
        FittedModel old = new FittedModel(
                now.id(),
                0,
                now.parameters(),
                null,
                null,
                now.trainedFrom(),
                now.trainedUntil(),
                200,
                List.of(),
                null,
                "old");
        Forecast forecast = forecaster.forecast(old, request(y, 7));
        assertThat(forecast.model()).isEqualTo(now);
        assertThat(forecast.fallbackReason()).contains("fitted anew");
    }

    @Test
    void aKnownInfluenceIsUsed() {
        Random random = new Random(8);
        double[][] promotion = new double[214][1];
        for (double[] row : promotion) {
            row[0] = random.nextInt(4) == 0 ? 1 : 0;
        }
        double[] y = weekly(200, 9);
        for (int t = 0; t < y.length; t++) {
            y[t] += 50 * promotion[t][0];
        }
        ForecastRequest request = request(y, 14).withRegressors(Regressors.of(List.of("promotion"), promotion));
        Forecast forecast = Forecasters.of("sarimax(1,0,1)(0,1,1)7").forecast(request);
        assertThat(forecast.parameters().get("x.promotion")).isCloseTo(50, within(1.0));
        assertThat(Forecasters.of("auto").forecast(request).means()[0])
                .isCloseTo(100 + 5 * (200 % 7) + 50 * promotion[200][0], within(8.0));
    }

    @Test
    void aVeryLongHistoryIsLearntFromItsEnd() {
        double[] y = weekly(2500, 12);
        Forecast forecast = Forecasters.of("auto").forecast(request(y, 7));
        assertThat(forecast.model().observations()).isEqualTo(2000);
        assertThat(forecast.means()[0]).isCloseTo(100 + 5 * (2500 % 7), within(5.0));
    }

    @Test
    void anInfluenceUnknownInTheFutureIsLeftOutWithAReason() {
        double[] y = weekly(200, 9);
        ForecastRequest request =
                request(y, 14).withRegressors(Regressors.of(List.of("promotion"), new double[200][1]));
        for (String spec : List.of("auto", "sarimax(1,0,1)(0,1,1)7")) {
            Forecast forecast = Forecasters.of(spec).forecast(request);
            assertThat(forecast.points()).hasSize(14);
            assertThat(forecast.fallbackReason()).contains("regressors are not known for the next 14 steps");
        }
    }

    private static double upper(Forecast forecast, int h) {
        return forecast.points().get(h).interval(95).map(Interval::upper).orElseThrow();
    }

    private static double[] weekly(int size, long seed) {
        Random random = new Random(seed);
        return series(size, i -> 100 + 5 * (i % 7) + 2 * random.nextGaussian());
    }

    private static double[] series(int size, IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).toArray();
    }

    private static ForecastRequest request(double[] values, int horizon) {
        return ForecastRequest.of(TimeSeries.daily(LocalDate.of(2026, 1, 5), ZoneOffset.UTC, values), horizon);
    }
}

package io.smartdata.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Forecaster} must do; extend it and name yours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ForecasterContract {
    private static final int HORIZON = 14;

    /** The forecaster under test. */
    protected abstract Forecaster forecaster();

    static Stream<Named<TimeSeries>> histories() {
        Random random = new Random(42);
        return Stream.of(
                Named.of("one value", series(1, i -> 5)),
                Named.of("two values", series(2, i -> 5 + i)),
                Named.of("five values", series(5, i -> i * i)),
                Named.of("ten values", series(10, i -> 3 + random.nextGaussian())),
                Named.of("a season and a bit", series(9, i -> i % 7)),
                Named.of("zeros", series(60, i -> 0)),
                Named.of("a constant", series(100, i -> 1e6)),
                Named.of("a straight line", series(100, i -> i + 1)),
                Named.of("an exact weekly pattern", series(70, i -> i % 7)),
                Named.of("noise", series(120, i -> random.nextGaussian())),
                Named.of(
                        "weekly with trend and noise",
                        series(200, i -> 100 + i + 20 * (i % 7) + random.nextGaussian())),
                Named.of("gaps at random", series(150, i -> random.nextInt(5) == 0 ? Double.NaN : 10 + i % 7)),
                Named.of("a gap at either end", series(90, i -> i < 8 || i > 80 ? Double.NaN : random.nextDouble())),
                Named.of(
                        "gaps in the first season",
                        series(90, i -> i == 1 || i == 3 ? Double.NaN : i % 7 + random.nextDouble())),
                Named.of("every second value", series(80, i -> i % 2 == 0 ? Double.NaN : random.nextDouble())),
                Named.of("one value among gaps", series(50, i -> i == 20 ? 7 : Double.NaN)),
                Named.of("a level shift", series(100, i -> (i < 50 ? 0 : 1000) + random.nextGaussian())),
                Named.of("one huge outlier", series(100, i -> i == 60 ? 1e9 : random.nextGaussian())),
                Named.of("tiny values", series(100, i -> 1e-12 * random.nextGaussian())),
                Named.of("huge values", series(100, i -> 1e15 * (2 + random.nextGaussian()))),
                Named.of("values whose squares overflow", series(60, i -> 1e300 * (1 + random.nextDouble()))),
                Named.of("values near the largest double", series(60, i -> i % 2 == 0 ? 1.7e308 : -1.7e308)),
                Named.of("values whose squares vanish", series(60, i -> 1e-300 * random.nextDouble())),
                Named.of("rare events", series(150, i -> random.nextInt(20) == 0 ? 1 : 0)),
                Named.of("explosive growth", series(100, i -> Math.exp(i / 4.0))));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everyStepIsFiniteAndInOrderWhateverTheHistory(TimeSeries history) {
        Forecast forecast = forecaster().forecast(ForecastRequest.of(history, HORIZON));
        assertThat(forecast.points()).hasSize(HORIZON);
        for (int i = 0; i < HORIZON; i++) {
            ForecastPoint point = forecast.points().get(i);
            assertThat(point.step()).isEqualTo(i + 1);
            assertThat(point.localTime()).isEqualTo(history.localTime(history.size() + i));
            assertThat(point.mean()).isFinite();
            Interval narrow = point.interval(80).orElseThrow();
            Interval wide = point.interval(95).orElseThrow();
            assertThat(wide.lower()).isFinite().isLessThanOrEqualTo(narrow.lower());
            assertThat(narrow.lower()).isLessThanOrEqualTo(point.mean());
            assertThat(point.mean()).isLessThanOrEqualTo(narrow.upper());
            assertThat(narrow.upper()).isLessThanOrEqualTo(wide.upper());
            assertThat(wide.upper()).isFinite();
        }
        assertThat(forecast.explanation()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("histories")
    void theSameQuestionGetsTheSameAnswer(TimeSeries history) {
        ForecastRequest request = ForecastRequest.of(history, 3);
        assertThat(forecaster().forecast(request)).isEqualTo(forecaster().forecast(request));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void nonNegativeIsKept(TimeSeries history) {
        Forecast forecast =
                forecaster().forecast(ForecastRequest.of(history, HORIZON).withNonNegative(true));
        assertThat(forecast.points()).allSatisfy(point -> {
            assertThat(point.mean()).isNotNegative();
            assertThat(point.intervals())
                    .allSatisfy(it -> assertThat(it.lower()).isNotNegative());
        });
    }

    @Test
    void noObservationGivesNoPointsAndAReason() {
        for (TimeSeries nothing : List.of(series(0, i -> 0), series(30, i -> Double.NaN))) {
            Forecast forecast = forecaster().forecast(ForecastRequest.of(nothing, HORIZON));
            assertThat(forecast.points()).isEmpty();
            assertThat(forecast.fallbackReason()).isNotBlank();
        }
    }

    @Test
    void theHistoryIsNotModified() {
        double[] values = IntStream.range(0, 60)
                .mapToDouble(i -> i % 7 == 3 ? Double.NaN : i)
                .toArray();
        double[] before = values.clone();
        TimeSeries history = TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, values);
        forecaster().forecast(ForecastRequest.of(history, HORIZON));
        assertThat(values).isEqualTo(before);
        assertThat(history.values()).isEqualTo(before);
    }

    @Test
    void onlyRequestedLevelsAreGiven() {
        ForecastRequest request = ForecastRequest.of(series(40, i -> i % 7), 2);
        assertThat(forecaster().forecast(request.withLevels(List.of())).points())
                .allSatisfy(point -> assertThat(point.intervals()).isEmpty());
        assertThat(forecaster()
                        .forecast(request.withLevels(List.of(99.0, 50.0)))
                        .points())
                .allSatisfy(point -> assertThat(point.intervals())
                        .extracting(Interval::level)
                        .containsExactly(50.0, 99.0));
    }

    @Test
    void aStoredModelServesAGrownHistory() {
        Random random = new Random(7);
        double[] values = IntStream.range(0, 130)
                .mapToDouble(i -> 50 + 10 * (i % 7) + random.nextGaussian())
                .toArray();
        FittedModel model = forecaster()
                .fit(ForecastRequest.of(
                        TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, Arrays.copyOf(values, 120)), HORIZON));
        TimeSeries grown = TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, values);
        Forecast forecast = forecaster().forecast(model, ForecastRequest.of(grown, HORIZON));
        assertThat(forecast.model()).isEqualTo(model);
        assertThat(forecast.points()).hasSize(HORIZON);
        assertThat(forecast.points().get(0).localTime()).isEqualTo(grown.localTime(130));
    }

    @Test
    void aHorizonOfNothingIsACallersError() {
        assertThatThrownBy(() -> ForecastRequest.of(series(10, i -> i), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static TimeSeries series(int size, IntToDoubleFunction value) {
        return TimeSeries.daily(
                LocalDate.of(2026, 1, 5),
                ZoneOffset.UTC,
                IntStream.range(0, size).mapToDouble(value).toArray());
    }
}

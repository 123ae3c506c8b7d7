package io.smartdata.core.forecast.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.Forecasters;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Grade;
import io.smartdata.forecast.Reliability;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RollingOriginTest {
    @Test
    void errorsAreThoseOfAPencilCalculation() {
        // repeats the last week: 0..6 then twice the same plus 1 and plus 3
        TimeSeries history = series(28, i -> 10 + i % 7 + (i >= 21 ? 3 : i >= 14 ? 1 : 0));
        Reliability reliability = RollingOrigin.of(Forecasters.of("seasonal-naive"), request(history, 7), 2);
        ForecastErrors first = reliability.folds().get(0).errors();
        ForecastErrors second = reliability.folds().get(1).errors();
        assertThat(first.mae()).isEqualTo(1);
        assertThat(first.bias()).isEqualTo(-1);
        assertThat(second.mae()).isEqualTo(2);
        assertThat(second.rmse()).isEqualTo(2);
        assertThat(second.wape()).isCloseTo(14.0 / (7 * 16), within(1e-12));
        assertThat(second.smape())
                .isCloseTo(
                        IntStream.range(0, 7)
                                .mapToDouble(i -> 200 * 2.0 / (13 + i + 11 + i))
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(second.mape())
                .isCloseTo(
                        IntStream.range(0, 7)
                                .mapToDouble(i -> 200.0 / (13 + i))
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        // the mean absolute weekly difference before the second fold is 0.5
        assertThat(second.mase()).isCloseTo(4, within(1e-12));
        assertThat(Objects.requireNonNull(reliability.total()).points()).isEqualTo(14);
        assertThat(reliability.total().mae()).isEqualTo(1.5);
        assertThat(reliability.score()).isEqualTo((int) Math.round(100 * (1 - 21.0 / (7 * 14 + 7 * 16))));
        assertThat(reliability.grade()).isEqualTo(Grade.A);
    }

    @Test
    void everyFoldKnowsEverythingBeforeIt() {
        Reliability reliability =
                RollingOrigin.of(Forecasters.of("constant"), request(series(60, i -> 100 + i % 3), 10), 4);
        assertThat(reliability.folds())
                .extracting(Reliability.Fold::trainingSize)
                .containsExactly(20, 30, 40, 50);
        assertThat(reliability.folds().get(0).trainedUntil()).isEqualTo(LocalDateTime.of(2026, 1, 25, 0, 0));
    }

    @Test
    void aLongHistoryIsLearntFromOnceAndOnlyRunOver() {
        CountedFits counted = new CountedFits(Forecasters.of("theta"));
        Reliability reliability = RollingOrigin.of(counted, request(series(365, i -> 50 + i % 7), 14), 5);
        assertThat(reliability.folds()).hasSize(5);
        assertThat(counted.trainingSizes).containsExactly(365 - 5 * 14);
    }

    @Test
    void aShortHistoryIsLearntFromAgainWhereItHasGrownByHalf() {
        CountedFits counted = new CountedFits(Forecasters.of("theta"));
        assertThat(RollingOrigin.of(counted, request(series(60, i -> 50 + i % 7), 10), 5)
                        .folds())
                .hasSize(5);
        assertThat(counted.trainingSizes).containsExactly(10, 20, 30, 50);
    }

    private static final class CountedFits implements Forecaster {
        private final Forecaster forecaster;
        private final List<Integer> trainingSizes = new ArrayList<>();

        CountedFits(Forecaster forecaster) {
            this.forecaster = forecaster;
        }

        @Override
        public String spec() {
            return forecaster.spec();
        }

        @Override
        public FittedModel fit(ForecastRequest request) {
            trainingSizes.add(request.history().size());
            return forecaster.fit(request);
        }

        @Override
        public Forecast forecast(FittedModel model, ForecastRequest request) {
            return forecaster.forecast(model, request);
        }
    }

    @Test
    void theFoldsThatDoNotFitAreLeftOut() {
        TimeSeries history = series(30, i -> i % 7);
        assertThat(RollingOrigin.of(Forecasters.of("constant"), request(history, 10), 5)
                        .folds())
                .hasSize(2);
        Reliability none = RollingOrigin.of(Forecasters.of("constant"), request(series(10, i -> i), 7), 3);
        assertThat(none.folds()).isEmpty();
        assertThat(none.total()).isNull();
        assertThat(none.score()).isNull();
        assertThat(none.grade().label()).isEqualTo("N/A");
    }

    @Test
    void oneFoldIsNoScore() {
        Reliability reliability = RollingOrigin.of(Forecasters.of("constant"), request(series(20, i -> 5), 10), 3);
        assertThat(reliability.folds()).hasSize(1);
        assertThat(reliability.score()).isNull();
    }

    @Test
    void zerosAreScoredByMaseAndDivideNothing() {
        Reliability zeros = RollingOrigin.of(Forecasters.of("auto"), request(series(60, i -> 0), 7), 3);
        assertThat(Objects.requireNonNull(zeros.total()).wape()).isNull();
        assertThat(zeros.total().mape()).isNull();
        assertThat(zeros.total().smape()).isZero();
        assertThat(zeros.score()).isEqualTo(100);
        Reliability quiet =
                RollingOrigin.of(Forecasters.of("constant"), request(series(60, i -> i < 46 ? i % 2 : 0), 7), 2);
        assertThat(Objects.requireNonNull(quiet.total()).wape()).isNull();
        double mase = Objects.requireNonNull(quiet.total().mase());
        assertThat(quiet.score()).isEqualTo((int) Math.round(100 * (1 - Math.min(1, mase / 2))));
    }

    @Test
    void aMissingActualIsNotCompared() {
        TimeSeries history = series(40, i -> i == 35 ? Double.NaN : 100 + i % 7);
        Reliability reliability = RollingOrigin.of(Forecasters.of("seasonal-naive"), request(history, 7), 2);
        assertThat(Objects.requireNonNull(reliability.total()).points()).isEqualTo(13);
    }

    @Test
    void coverageIsThatOfTheWidestLevelAndUnknownWithoutOne() {
        ForecastRequest request = request(series(60, i -> 100 + i % 7), 7);
        assertThat(Objects.requireNonNull(RollingOrigin.of(Forecasters.of("seasonal-naive"), request, 2)
                                .total())
                        .coverage())
                .isEqualTo(1);
        assertThat(Objects.requireNonNull(
                                RollingOrigin.of(Forecasters.of("seasonal-naive"), request.withLevels(List.of()), 2)
                                        .total())
                        .coverage())
                .isNull();
    }

    private static ForecastRequest request(TimeSeries history, int horizon) {
        return ForecastRequest.of(history, horizon);
    }

    private static TimeSeries series(int size, IntToDoubleFunction value) {
        return TimeSeries.daily(
                LocalDate.of(2026, 1, 5),
                ZoneOffset.UTC,
                IntStream.range(0, size).mapToDouble(value).toArray());
    }
}

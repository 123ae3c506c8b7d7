package io.smartdata.core.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtsEngineTest {
    static List<ForecastOfR> forecastsOfR() {
        return ForecastOfR.all();
    }

    @ParameterizedTest
    @MethodSource("forecastsOfR")
    void aFormForecastsAsInR(ForecastOfR known) throws CannotFit {
        EtsEngine engine = EtsEngine.of(known.form());
        FittedModel model = engine.fit(known.request());
        double[] mean = engine.path(model, known.request()).mean();
        for (int h = 0; h < mean.length; h++) {
            assertThat(mean[h]).isCloseTo(known.ets()[h], within(0.003 * known.meanValue()));
        }
    }

    @Test
    void aLevelIsTheExponentiallyWeightedMean() throws CannotFit {
        double[] y = series(80, 1, i -> 50);
        EtsEngine engine = EtsEngine.of("ets(A,N,N)");
        FittedModel model = engine.fit(request(y, 1));
        double alpha = model.parameters().get("alpha");
        double expected = Math.pow(1 - alpha, y.length) * model.parameters().get("first.level");
        for (int age = 0; age < y.length; age++) {
            expected += alpha * Math.pow(1 - alpha, age) * y[y.length - 1 - age];
        }
        assertThat(engine.path(model, request(y, 1)).mean()).containsOnly(new double[] {expected}, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"none|ets(A,N,N)", "line|ets(A,A,N)", "added|ets(A,N,A)", "multiplied|ets(M,A,M)"})
    void theFormThatMadeTheDataIsChosen(String kind, String form) throws CannotFit {
        double[] y = series(200, 3, i -> switch (kind) {
            case "none" -> 0;
            case "line" -> 3 * i;
            case "added" -> 40 * Math.sin(2 * Math.PI * i / 7);
            default -> 0;
        });
        if (kind.equals("multiplied")) {
            Random random = new Random(3);
            Arrays.setAll(
                    y, i -> (100 + i) * (1 + 0.3 * Math.sin(2 * Math.PI * i / 7)) * (1 + 0.02 * random.nextGaussian()));
        }
        assertThat(EtsEngine.of("ets").fit(request(y, 7)).id()).isEqualTo(form);
    }

    @Test
    void aStoredModelServesAWindowThatHasMovedOn() throws CannotFit {
        double[] y = series(150, 5, i -> 10 * (i % 7));
        EtsEngine engine = EtsEngine.of("ets(A,Ad,A)");
        FittedModel model = engine.fit(request(Arrays.copyOf(y, 120), 7));
        Path whole = engine.path(model, request(y, 7));
        TimeSeries window =
                TimeSeries.daily(LocalDate.EPOCH.plusDays(60), ZoneOffset.UTC, Arrays.copyOfRange(y, 60, 150));
        Path moved = engine.path(model, request(y, 7).withHistory(window));
        assertThat(moved.mean()).containsExactly(whole.mean());
    }

    @Test
    void aStoredModelServesAnEarlierDayAsOnThatDay() throws CannotFit {
        double[] y = series(150, 5, i -> 10 * (i % 7));
        EtsEngine engine = EtsEngine.of("ets(A,N,A)");
        FittedModel model = engine.fit(request(y, 7));
        double[] next = engine.path(model, request(Arrays.copyOf(y, 149), 7)).mean();
        double[] after = engine.path(model, request(y, 7)).mean();
        double alpha = model.parameters().get("alpha");
        // one step later the level has moved by alpha times the error of the step before
        assertThat(after[0] - next[1]).isCloseTo(alpha * (y[149] - next[0]), within(1e-9));
    }

    @Test
    void aHistoryThatDoesNotMeetTheTrainingIsRefused() throws CannotFit {
        double[] y = series(100, 5, i -> 0);
        EtsEngine engine = EtsEngine.of("ets(A,N,N)");
        FittedModel model = engine.fit(request(y, 1));
        TimeSeries later = TimeSeries.daily(LocalDate.EPOCH.plusDays(200), ZoneOffset.UTC, y);
        assertThatThrownBy(() -> engine.path(model, request(y, 1).withHistory(later)))
                .isInstanceOf(CannotFit.class)
                .hasMessageContaining("does not meet the training");
    }

    @Test
    void aGapMovesOnlyTheTime() throws CannotFit {
        double[] y = series(140, 8, i -> 20 * (i % 7));
        EtsEngine engine = EtsEngine.of("ets(A,N,A)");
        FittedModel model = engine.fit(request(y, 7));
        double[] without = engine.path(model, request(y, 7)).mean();
        double[] gap = Arrays.copyOf(y, y.length + 2);
        Arrays.fill(gap, y.length, gap.length, Double.NaN);
        double[] after = engine.path(model, request(gap, 7)).mean();
        assertThat(Arrays.copyOf(after, 12)).containsExactly(Arrays.copyOfRange(without, 2, 14), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ets(M,A,M)", "ets(A,Ad,M)", "ets(M,N,N)"})
    void multiplicativeFormsRefuseValuesThatAreNotPositive(String spec) {
        double[] y = series(100, 1, i -> 10);
        y[50] = -1;
        assertThatThrownBy(() -> EtsEngine.of(spec).fit(request(y, 7)))
                .isInstanceOf(CannotFit.class)
                .hasMessageContaining("not all above zero");
    }

    @Test
    void unitsDoNotMatter() throws CannotFit {
        double[] y = series(120, 9, i -> 100 + 10 * (i % 7));
        double[] large = Arrays.stream(y).map(it -> it * 1e9).toArray();
        EtsEngine engine = EtsEngine.of("ets");
        FittedModel model = engine.fit(request(y, 7));
        FittedModel largeModel = engine.fit(request(large, 7));
        assertThat(largeModel.id()).isEqualTo(model.id());
        assertThat(largeModel.aicc()).isCloseTo(model.aicc() + 2 * 120 * Math.log(1e9), within(1e-3));
        double[] mean = engine.path(model, request(y, 7)).mean();
        double[] largeMean = engine.path(largeModel, request(large, 7)).mean();
        for (int h = 0; h < mean.length; h++) {
            assertThat(largeMean[h]).isCloseTo(mean[h] * 1e9, within(1e5));
        }
    }

    private static ForecastRequest request(double[] y, int season) {
        return ForecastOfR.request(y, season);
    }

    private static double[] series(int size, long seed, IntToDoubleFunction mean) {
        Random random = new Random(seed);
        return IntStream.range(0, size)
                .mapToDouble(i -> 100 + mean.applyAsDouble(i) + 5 * random.nextGaussian())
                .toArray();
    }
}

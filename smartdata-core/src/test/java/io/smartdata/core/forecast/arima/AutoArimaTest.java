package io.smartdata.core.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.forecast.Forecasters;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AutoArimaTest {
    private static final int SIZE = 400;

    @Test
    void whiteNoiseIsNotDifferenced() {
        double[] noise = new Random(3).doubles(SIZE).toArray();
        assertThat(Differencing.of(noise, 7)).isEqualTo(new Differencing(0, 0));
    }

    @Test
    void aRandomWalkIsDifferencedOnce() {
        assertThat(Differencing.of(walk(new Random(4)), 7)).isEqualTo(new Differencing(1, 0));
    }

    @Test
    void aStrongWeeklyPatternIsDifferencedAcrossWeeks() {
        Random random = new Random(5);
        double[] y = new double[SIZE];
        for (int t = 0; t < SIZE; t++) {
            y[t] = 10 * (t % 7) + random.nextGaussian();
        }
        assertThat(Differencing.of(y, 7)).isEqualTo(new Differencing(0, 1));
    }

    @Test
    void theOrderOfASimulatedAutoregressionIsFound() {
        Random random = new Random(6);
        double[] y = new double[2 * SIZE];
        for (int t = 2; t < y.length; t++) {
            y[t] = 0.8 * y[t - 1] - 0.5 * y[t - 2] + random.nextGaussian();
        }
        FittedModel model = fit(y, 1);
        assertThat(model.id()).startsWith("sarimax(2,0,0)");
        assertThat(model.explanation()).contains("AICc").contains(model.id());
    }

    @Test
    void theChosenModelIsServedWithoutAnotherSearch() {
        FittedModel model = fit(walk(new Random(8)), 7);
        TimeSeries grown = series(walk(new Random(9)));
        assertThat(Forecasters.of("auto-arima")
                        .forecast(model, ForecastRequest.of(grown, 5))
                        .model())
                .isEqualTo(model);
    }

    private static FittedModel fit(double[] y, int season) {
        ForecastRequest request = ForecastRequest.of(series(y), 7);
        return Forecasters.of("auto-arima").fit(season == 1 ? request.withSeasons(List.of()) : request);
    }

    private static TimeSeries series(double[] y) {
        return TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, y);
    }

    private static double[] walk(Random random) {
        double[] y = new double[SIZE];
        for (int t = 1; t < SIZE; t++) {
            y[t] = y[t - 1] + random.nextGaussian();
        }
        return y;
    }
}

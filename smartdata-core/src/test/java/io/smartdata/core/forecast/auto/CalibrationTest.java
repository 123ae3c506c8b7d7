package io.smartdata.core.forecast.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final int SIZE = 400;

    @Test
    void intervalsThatHeldTooLittleAreStretchedAndThoseThatHeldTooMuchTightened() {
        Calibration fitting = calibration(1);
        Calibration narrow = calibration(0.25);
        Calibration wide = calibration(4);
        assertThat(narrow.inner()).isGreaterThan(1.2 * fitting.inner());
        assertThat(wide.inner()).isLessThan(fitting.inner() / 1.2);
    }

    @Test
    void quantilesStayInOrderAndTheMeanWhereItWas() {
        Path path = new Calibration(1.5, 1.0).stretched(Path.normal(new double[] {7}, new double[] {2}));
        double before = Double.NEGATIVE_INFINITY;
        for (double p = 0.01; p < 1; p += 0.01) {
            double quantile = path.quantiles().at(0, p);
            assertThat(quantile).isGreaterThan(before);
            before = quantile;
        }
        assertThat(path.quantiles().at(0, 0.5)).isCloseTo(7, within(1e-9));
        assertThat(path.quantiles().at(0, 0.9)).isCloseTo(7 + 2 * 1.5 * 1.2816, within(1e-3));
        assertThat(path.quantiles().at(0, 0.975)).isCloseTo(7 + 2 * 1.96, within(1e-3));
    }

    @Test
    void aShortHistoryIsLessCertain() {
        Trials none = new Trials(request(new double[10]), new double[10], 1, List.of());
        assertThat(Calibration.of(List.of(), none, 10).outer())
                .isGreaterThan(1.3 * Calibration.of(List.of(), none, 1000).outer());
    }

    /** Of standard normal values predicted as 0 with a deviation. */
    private static Calibration calibration(double deviation) {
        Random random = new Random(3);
        double[] y = DoubleStream.generate(random::nextGaussian).limit(SIZE).toArray();
        Trials trials = Trials.of(request(y), y);
        List<Path> paths = trials.origins().stream()
                .map(origin -> {
                    int steps = Math.min(trials.stretch(), SIZE - origin);
                    double[] deviations = new double[steps];
                    Arrays.fill(deviations, deviation);
                    return Path.normal(new double[steps], deviations);
                })
                .toList();
        return Calibration.of(paths, trials, SIZE);
    }

    private static ForecastRequest request(double[] y) {
        return ForecastRequest.of(TimeSeries.daily(LocalDate.of(2026, 1, 5), ZoneOffset.UTC, y), 14);
    }
}

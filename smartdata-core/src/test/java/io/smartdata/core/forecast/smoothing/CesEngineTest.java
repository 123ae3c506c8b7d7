package io.smartdata.core.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.forecast.FittedModel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CesEngineTest {
    private final CesEngine engine = new CesEngine();

    @Test
    void anImaginaryPartOfOneIsSimpleSmoothingWithAddedSeason() {
        double[] y = values(60, 1);
        double[] season = {-3, 1, 2};
        CesFilter ces = new CesFilter(
                CesForm.PARTIAL, new CesConstants(1.3, 1, 0.2, 0), new CesState(50, 7, season, new double[3]));
        EtsFilter ets = new EtsFilter(
                new EtsForm(EtsForm.Error.ADDITIVE, EtsForm.Trend.NONE, EtsForm.Season.ADDITIVE),
                new EtsSmoothing(0.3, 0, 0.2, 1),
                new EtsState(50, 0, season));
        for (double value : y) {
            assertThat(ces.mean()).isCloseTo(ets.mean(), within(1e-9));
            ces.next(value);
            ets.next(value);
        }
    }

    @Test
    void theStableRegionIsThatOfThePaper() {
        Random random = new Random(3);
        int stable = 0;
        for (int i = 0; i < 10_000; i++) {
            double real = 3 * random.nextDouble();
            double imaginary = 2 * random.nextDouble();
            // Svetunkov, Kourentzes and Ord 2022, equation 16
            boolean expected = square(real - 2.5) + square(imaginary) > 1.25
                    && square(real - 0.5) + square(imaginary - 1) > 0.25
                    && square(real - 1.5) + square(imaginary - 0.5) < 1.5;
            assertThat(new CesConstants(real, imaginary, 0, 0).stable(CesForm.NONE))
                    .as("%s + %si", real, imaginary)
                    .isEqualTo(expected);
            stable += expected ? 1 : 0;
        }
        assertThat(stable).isBetween(1000, 9000);
    }

    private static double square(double x) {
        return x * x;
    }

    @Test
    void aTrendIsFollowedWithoutATrendComponent() throws CannotFit {
        double[] y = values(200, 2);
        Arrays.setAll(y, t -> y[t] + 2 * t);
        double[] mean = path(y, 1).mean();
        for (int h = 0; h < mean.length; h++) {
            assertThat(mean[h]).isCloseTo(50 + 2 * (y.length + h), within(16.0));
        }
    }

    @Test
    void aCycleGoesOnInItsPhase() throws CannotFit {
        double[] y = values(210, 4);
        Arrays.setAll(y, t -> y[t] + 20 * (t % 7));
        FittedModel model = engine.fit(ForecastOfR.request(Arrays.copyOf(y, 200), 7));
        double[] mean = engine.path(model, ForecastOfR.request(y, 7)).mean();
        for (int h = 0; h < mean.length; h++) {
            assertThat(mean[h]).isCloseTo(50 + 20 * ((y.length + h) % 7), within(6.0));
        }
    }

    @Test
    void theIntervalWidensByWhatAnErrorDoesToTheStepsAfter() throws CannotFit {
        Path path = path(values(150, 5), 1);
        double first = path.quantiles().at(0, 0.9) - path.mean()[0];
        double last = path.quantiles().at(13, 0.9) - path.mean()[13];
        assertThat(first).isBetween(0.8 * 1.28, 1.2 * 1.28);
        assertThat(last).isGreaterThanOrEqualTo(first);
    }

    private Path path(double[] y, int season) throws CannotFit {
        return engine.path(engine.fit(ForecastOfR.request(y, season)), ForecastOfR.request(y, season));
    }

    private static double[] values(int size, long seed) {
        Random random = new Random(seed);
        double[] y = new double[size];
        Arrays.setAll(y, t -> 50 + random.nextGaussian());
        return y;
    }
}

package io.smartdata.core.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EtsLikelihoodTest {
    private static final int SEASON = 4;

    static List<EtsForm> forms() {
        return EtsForm.all();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theGradientIsThatOfTheValue(EtsForm form) {
        EtsLayout layout = new EtsLayout(form, form.seasonal() ? SEASON : 1);
        EtsLikelihood likelihood = new EtsLikelihood(layout, values());
        double[] x = point(layout);
        double[] gradient = new double[x.length];
        likelihood.value(x);
        double squares = likelihood.squares();
        likelihood.linearise(x, gradient, new double[x.length * x.length]);
        for (int i = 0; i < x.length; i++) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[i] += 1e-6;
            down[i] -= 1e-6;
            double slope = (likelihood.value(up) - likelihood.value(down)) / 2e-6;
            // the value is n times the logarithm of the squares whose half gradient is given
            assertThat(2 * likelihood.observed() * gradient[i] / squares)
                    .isCloseTo(slope, within(1e-4 * (1 + Math.abs(slope))));
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theFilterMakesTheErrorsOfTheLikelihood(EtsForm form) {
        EtsLayout layout = new EtsLayout(form, form.seasonal() ? SEASON : 1);
        double[] y = values();
        EtsLikelihood likelihood = new EtsLikelihood(layout, y);
        double[] x = point(layout);
        likelihood.value(x);
        EtsFilter filter = new EtsFilter(form, layout.smoothing(x), layout.start(x));
        double squares = 0;
        for (double value : y) {
            double error = (value - filter.mean()) / (form.relative() ? filter.mean() : 1);
            squares += Double.isNaN(value) ? 0 : error * error;
            filter.next(value);
        }
        assertThat(likelihood.squares()).isCloseTo(squares, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theDeviationsAreThoseOfSimulatedPaths(EtsForm form) {
        EtsLayout layout = new EtsLayout(form, form.seasonal() ? SEASON : 1);
        double[] x = point(layout);
        EtsSmoothing smoothing = layout.smoothing(x);
        EtsState start = layout.start(x);
        double sigma = 0.05;
        int horizon = 9;
        double[][] paths = new double[horizon][20_000];
        Random random = new Random(1);
        for (int k = 0; k < paths[0].length; k++) {
            EtsFilter filter = new EtsFilter(form, smoothing, start);
            for (int h = 0; h < horizon; h++) {
                double value = filter.mean() + sigma * random.nextGaussian() * (form.relative() ? filter.mean() : 1);
                paths[h][k] = value;
                filter.next(value);
            }
        }
        var path = new EtsOutlook(form, smoothing, sigma).path(new EtsFilter(form, smoothing, start), horizon);
        for (int h = 0; h < horizon; h++) {
            double mean = Arrays.stream(paths[h]).average().orElseThrow();
            double deviation = Math.sqrt(Arrays.stream(paths[h])
                    .map(it -> (it - mean) * (it - mean))
                    .average()
                    .orElseThrow());
            double predicted = path.quantiles().at(h, 0.9) - path.mean()[h];
            assertThat(predicted).isCloseTo(1.2815515 * deviation, within(0.03 * deviation));
        }
    }

    private static double[] values() {
        Random random = new Random(2);
        double[] y = new double[40];
        Arrays.setAll(y, i -> 1 + 0.01 * i + 0.1 * (i % SEASON) + 0.05 * random.nextGaussian());
        y[7] = Double.NaN;
        return y;
    }

    private static double[] point(EtsLayout layout) {
        double[] season = new double[layout.season()];
        Arrays.setAll(season, k -> (layout.form().product() ? 1 : 0) + 0.1 * (k - 1.5));
        return layout.vector(0.3, 0.2, 0.25, 0.9, new EtsState(1, 0.02, season));
    }
}

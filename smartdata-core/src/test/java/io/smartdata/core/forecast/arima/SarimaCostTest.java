package io.smartdata.core.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast likelihood of the search beside the slow one that is reported. */
class SarimaCostTest {
    private static final long SEED = 20261121;
    private static final int POINTS = 10;

    static List<GoldenCase> golden() {
        return GoldenCase.all();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isTheReportedLikelihoodWhereverTheSearchGoes(GoldenCase golden) {
        SarimaLikelihood slow = new SarimaLikelihood(golden.order(), golden.y(), golden.regressors());
        SarimaCost fast = SarimaCost.exact(golden.order(), slow.differencedColumns(), slow.diffuseColumns());
        SarimaFactors factors = new SarimaFactors(golden.order());
        Random random = new Random(SEED);
        for (int i = 0; i < POINTS; i++) {
            double[] x = point(golden.order(), random);
            factors.at(x);
            double[] ar = LagPolynomials.negated(factors.autoregression().coefficients());
            double[] ma = factors.movingAverage().coefficients();
            assertThat(fast.value(x)).as("point %d of seed %d", i, SEED).isCloseTo(-slow.profile(ar, ma), within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void theGradientIsTheSlopeOfTheValue(GoldenCase golden) {
        SarimaLikelihood slow = new SarimaLikelihood(golden.order(), golden.y(), golden.regressors());
        SarimaCost cost = SarimaCost.exact(golden.order(), slow.differencedColumns(), slow.diffuseColumns());
        Random random = new Random(SEED);
        int size = golden.order().coefficients();
        double[] gradient = new double[size];
        for (int i = 0; i < POINTS; i++) {
            double[] x = point(golden.order(), random);
            cost.derivatives(x, gradient, new double[size * size]);
            for (int k = 0; k < size; k++) {
                double slope = slope(cost, x, k);
                assertThat(gradient[k])
                        .as("variable %d at point %d of seed %d", k, i, SEED)
                        .isCloseTo(slope, within(1e-3 * (1 + Math.abs(slope))));
            }
        }
    }

    private static double slope(SarimaCost cost, double[] x, int k) {
        double step = 1e-5;
        double[] above = x.clone();
        double[] below = x.clone();
        above[k] += step;
        below[k] -= step;
        return (cost.value(above) - cost.value(below)) / (2 * step);
    }

    private static double[] point(SarimaOrder order, Random random) {
        return random.doubles(order.coefficients(), -0.9, 0.9).toArray();
    }
}

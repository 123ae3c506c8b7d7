package io.smartdata.core.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SarimaEstimatorTest {
    private static final double[][] NONE = new double[0][];

    static List<GoldenCase> golden() {
        return GoldenCase.all();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void reachesTheBestLikelihoodAnyKnownEngineReached(GoldenCase golden) {
        SarimaEstimator.Estimate estimate = SarimaEstimator.estimate(golden.order(), golden.y(), golden.regressors());
        assertThat(estimate.converged()).isTrue();
        assertThat(estimate.logLikelihood()).isGreaterThan(golden.bestKnown() - 0.001);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void theConcentratedLikelihoodIsTheOneAtTheEstimates(GoldenCase golden) {
        SarimaEstimator.Estimate estimate = SarimaEstimator.estimate(golden.order(), golden.y(), golden.regressors());
        SarimaParameters at = estimate.parameters();
        assertThat(new SarimaLikelihood(golden.order(), golden.y(), golden.regressors())
                        .at(at.ar(), at.ma(), at.coefficients(), at.variance()))
                .isCloseTo(estimate.logLikelihood(), within(1e-6));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void whatWasLearntBeforeIsAsGoodAStartAsAny(GoldenCase golden) {
        SarimaEstimator.Estimate first = SarimaEstimator.estimate(golden.order(), golden.y(), golden.regressors());
        SarimaEstimator.Estimate again = SarimaEstimator.again(first.parameters(), golden.y(), golden.regressors());
        assertThat(again.logLikelihood()).isGreaterThan(golden.bestKnown() - 0.001);
    }

    @Test
    void theVariablesOfASearchComeBackFromItsParameters() {
        SarimaOrder order = SarimaOrder.of(3, 1, 2).seasonal(2, 0, 1, 7);
        double[] x = {0.3, -0.8, 0.1, 0.4, -0.7, 0.5, -0.2, 0.9};
        SarimaFactors factors = new SarimaFactors(order);
        factors.at(x);
        SarimaParameters parameters = new SarimaParameters(
                order,
                LagPolynomials.negated(factors.factor(0)),
                factors.factor(1),
                LagPolynomials.negated(factors.factor(2)),
                factors.factor(3),
                new double[0],
                1);
        assertThat(SarimaFactors.variables(parameters)).containsExactly(x, within(1e-12));
    }

    @Test
    void coefficientsOfASimulatedProcessComeBack() {
        Random random = new Random(20261121);
        double[] y = new double[4000];
        double shock = 0;
        for (int t = 1; t < y.length; t++) {
            double next = random.nextGaussian();
            y[t] = 0.6 * y[t - 1] + next + 0.4 * shock;
            shock = next;
        }
        SarimaParameters found =
                SarimaEstimator.estimate(SarimaOrder.of(1, 0, 1), y, NONE).parameters();
        assertThat(found.phi()[0]).isCloseTo(0.6, within(0.05));
        assertThat(found.theta()[0]).isCloseTo(0.4, within(0.05));
        assertThat(found.variance()).isCloseTo(1, within(0.05));
    }

    @Test
    void anOverdifferencedSeriesEndsAtTheUnitRootOfTheMovingAverage() {
        Random random = new Random(5);
        double[] noise = random.doubles(300).toArray();
        SarimaEstimator.Estimate estimate = SarimaEstimator.estimate(SarimaOrder.of(0, 1, 1), noise, NONE);
        assertThat(estimate.parameters().theta()[0]).isCloseTo(-1, within(1e-3));
    }

    @Test
    void gapsAmongTheFirstValuesAreDiffuse() {
        GoldenCase airline = golden().stream()
                .filter(it -> it.id().equals("airpassengers-log-011x011x12"))
                .findFirst()
                .orElseThrow();
        double[] gappy = airline.y().clone();
        gappy[3] = Double.NaN;
        gappy[15] = Double.NaN;
        SarimaParameters at = airline.parameters();
        // Every December-like position lost one value: the same as the marginal density of the remaining ones.
        double direct = new SarimaLikelihood(airline.order(), gappy, NONE)
                .at(at.ar(), at.ma(), at.coefficients(), at.variance());
        assertThat(direct).isCloseTo(integratedOver(airline, gappy, new int[] {3, 15}), within(1e-6));
    }

    /** The density of a gap-free series integrated over missing values: a Gaussian integral, from its second differences. */
    private static double integratedOver(GoldenCase golden, double[] gappy, int[] missing) {
        SarimaParameters at = golden.parameters();
        double[] y = golden.y().clone();
        double[][] hessian = new double[2][2];
        double[] gradient = new double[2];
        double step = 1e-2;
        double center = logDensity(golden, at, y, missing, 0, 0);
        double[] plus = {logDensity(golden, at, y, missing, step, 0), logDensity(golden, at, y, missing, 0, step)};
        double[] minus = {logDensity(golden, at, y, missing, -step, 0), logDensity(golden, at, y, missing, 0, -step)};
        for (int i = 0; i < 2; i++) {
            gradient[i] = (plus[i] - minus[i]) / (2 * step);
            hessian[i][i] = -(plus[i] - 2 * center + minus[i]) / (step * step);
        }
        hessian[0][1] = -(logDensity(golden, at, y, missing, step, step) - plus[0] - plus[1] + center) / (step * step);
        double determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[0][1];
        double peak = (hessian[1][1] * gradient[0] * gradient[0]
                        - 2 * hessian[0][1] * gradient[0] * gradient[1]
                        + hessian[0][0] * gradient[1] * gradient[1])
                / determinant
                / 2;
        assertThat(Arrays.stream(gappy).filter(Double::isNaN).count()).isEqualTo(2);
        return center + peak + Math.log(2 * Math.PI) - 0.5 * Math.log(determinant);
    }

    private static double logDensity(
            GoldenCase golden, SarimaParameters at, double[] y, int[] missing, double first, double second) {
        double[] moved = y.clone();
        moved[missing[0]] += first;
        moved[missing[1]] += second;
        return new SarimaLikelihood(golden.order(), moved, NONE).at(at.ar(), at.ma(), at.coefficients(), at.variance());
    }

    @Test
    void aLongSeasonEndsWhereTheAnalyticSearchWould() {
        Random random = new Random(11);
        double[] y = new double[400];
        for (int t = 1; t < y.length; t++) {
            y[t] = y[t - 1] + 5 * Math.sin(2 * Math.PI * t / 66) + random.nextGaussian();
        }
        SarimaOrder order = SarimaOrder.of(0, 1, 1).seasonal(0, 1, 1, 66);
        SarimaLikelihood likelihood = new SarimaLikelihood(order, y, NONE);
        ProjectedNewton search =
                new ProjectedNewton(SarimaCost.exact(order, likelihood.differencedColumns(), 0), new double[] {1, 1});
        SarimaEstimator.Estimate estimate = SarimaEstimator.estimate(order, y, NONE);
        assertThat(estimate.converged()).isTrue();
        assertThat(estimate.logLikelihood())
                .isCloseTo(-search.from(new double[] {-0.3, -0.5}, 1e-9, 100).value(), within(1e-3));
    }

    @Test
    void manyGapsEndAtAMaximumToo() {
        Random random = new Random(12);
        double[] y = new double[300];
        for (int t = 1; t < y.length; t++) {
            y[t] = 0.7 * y[t - 1] + random.nextGaussian();
        }
        for (int t = 10; t < 290; t += 3) {
            y[t] = Double.NaN;
        }
        SarimaOrder order = SarimaOrder.of(1, 0, 0);
        SarimaEstimator.Estimate estimate = SarimaEstimator.estimate(order, y, NONE);
        SarimaLikelihood likelihood = new SarimaLikelihood(order, y, NONE);
        double phi = estimate.parameters().phi()[0];
        assertThat(estimate.converged()).isTrue();
        for (double near : new double[] {phi - 1e-3, phi + 1e-3}) {
            assertThat(likelihood.profile(new double[] {near}, new double[0])).isLessThan(estimate.logLikelihood());
        }
    }
}

package io.smartdata.core.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors of an earlier service that called statsmodels SARIMAX(1,1,1) without enforcing stationarity. */
class ReferenceVectorsTest {
    private static final Percentage ONE_PERCENT = Percentage.withPercentage(1);
    private static final Percentage EXACTLY = Percentage.withPercentage(0.001);

    record Vector(
            String name,
            double[] y,
            double ar,
            double ma,
            double sigma2,
            double logLikelihood,
            double[] mean,
            double[] lower,
            double[] upper) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> vectors() {
        return Stream.concat(invertible(), Stream.of(notInvertible()));
    }

    static Stream<Vector> invertible() {
        return Stream.of(
                new Vector(
                        "five to nine, repeated",
                        IntStream.range(0, 30).mapToDouble(i -> 5 + i % 5).toArray(),
                        0.065705,
                        -1.000005,
                        2.041575,
                        -49.283776,
                        new double[] {7.204907, 7.086960, 7.079211, 7.078701, 7.078668, 7.078666},
                        new double[] {4.356556, 4.226249, 4.218038, 4.217500, 4.217464, 4.217462},
                        new double[] {10.053259, 9.947672, 9.940383, 9.939903, 9.939871, 9.939869}),
                new Vector(
                        "a saw on a stair",
                        IntStream.range(0, 60)
                                .mapToDouble(i -> 50 + 7 * i % 11 + i / 3)
                                .toArray(),
                        -0.344191,
                        -0.650678,
                        13.341288,
                        -154.817833,
                        new double[] {74.515806, 74.682461, 74.625100, 74.644843, 74.638047, 74.640386, 74.639581},
                        new double[] {67.356895, 67.523456, 67.046042, 66.889451, 66.644957, 66.439404, 66.228271},
                        new double[] {81.674717, 81.841466, 82.204158, 82.400235, 82.631138, 82.841369, 83.050892}));
    }

    private static Vector notInvertible() {
        return new Vector(
                "two weeks of growth",
                DoubleStream.of(100, 102, 101, 105, 107, 104, 103, 108, 110, 109, 112, 111, 115, 117)
                        .toArray(),
                -0.456506,
                1.536841,
                3.213676,
                -26.854968,
                new double[] {116.621833, 116.794469, 116.715660, 116.751636, 116.735213, 116.742710, 116.739288},
                new double[] {111.222005, 108.383818, 106.401778, 104.723761, 103.254157, 101.931751, 100.716318},
                new double[] {122.021661, 125.205119, 127.029541, 128.779512, 130.216269, 131.553669, 132.762257});
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void comeOutOfTheApproximateDiffuseConvention(Vector vector) {
        ApproximateDiffuseFilter filter =
                new ApproximateDiffuseFilter(vector.ar(), vector.ma(), vector.sigma2(), vector.y());
        assertThat(filter.logLikelihood()).isCloseTo(vector.logLikelihood(), EXACTLY);
        for (int h = 0; h < vector.mean().length; h++) {
            double margin = 1.959964 * Math.sqrt(filter.predictionVariance());
            assertThat(filter.prediction()).isCloseTo(vector.mean()[h], EXACTLY);
            assertThat(filter.prediction() - margin).isCloseTo(vector.lower()[h], ONE_PERCENT);
            assertThat(filter.prediction() + margin).isCloseTo(vector.upper()[h], ONE_PERCENT);
            filter.advance();
        }
    }

    /** With a moving average at the unit root, as in the first vector, the prior never fades; the exact answer differs. */
    @Test
    void theExactEngineAgreesWherePriorsFade() {
        Vector vector = invertible().skip(1).findFirst().orElseThrow();
        SarimaLikelihood.Prediction prediction = SarimaLikelihood.predict(
                SarimaOrder.of(1, 1, 1),
                vector.y(),
                new double[0][],
                new double[] {vector.ar()},
                new double[] {vector.ma()},
                new double[0],
                vector.mean().length);
        for (int h = 0; h < vector.mean().length; h++) {
            double margin = 1.959964 * Math.sqrt(vector.sigma2() * prediction.variance()[h]);
            assertThat(prediction.mean()[h]).isCloseTo(vector.mean()[h], ONE_PERCENT);
            assertThat(prediction.mean()[h] - margin).isCloseTo(vector.lower()[h], ONE_PERCENT);
            assertThat(prediction.mean()[h] + margin).isCloseTo(vector.upper()[h], ONE_PERCENT);
        }
    }
}

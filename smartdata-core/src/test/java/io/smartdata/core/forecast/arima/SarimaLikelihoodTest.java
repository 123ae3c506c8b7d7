package io.smartdata.core.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SarimaLikelihoodTest {
    private static final double Z95 = 1.959963984540054;

    static List<GoldenCase> golden() {
        return GoldenCase.all();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isTheExactOneOfStatsmodels(GoldenCase golden) {
        SarimaParameters at = golden.parameters();
        double actual = new SarimaLikelihood(golden.order(), golden.y(), golden.regressors())
                .at(at.ar(), at.ma(), at.coefficients(), at.variance());
        assertThat(actual).isCloseTo(golden.logLikelihood(), within(1e-8 * Math.abs(golden.logLikelihood())));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void predictionsAndBoundsAreThoseOfStatsmodels(GoldenCase golden) {
        SarimaParameters at = golden.parameters();
        SarimaLikelihood.Prediction prediction = SarimaLikelihood.predict(
                golden.order(), golden.y(), golden.future(), at.ar(), at.ma(), at.coefficients(), 14);
        for (int h = 0; h < 14; h++) {
            double margin = Z95 * Math.sqrt(prediction.variance()[h] * at.variance());
            Percentage tolerance = Percentage.withPercentage(1e-4);
            assertThat(prediction.mean()[h]).isCloseTo(golden.mean()[h], tolerance);
            assertThat(prediction.mean()[h] - margin).isCloseTo(golden.lower()[h], tolerance);
            assertThat(prediction.mean()[h] + margin).isCloseTo(golden.upper()[h], tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void estimatingGapsAndSkippingThemAgree(GoldenCase golden) {
        double[] y = golden.y().clone();
        for (int t : new int[] {2, 3, 5, 9, 16, 17, 18, 40, 41, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 80}) {
            y[t] = Double.NaN;
        }
        SarimaParameters at = golden.parameters();
        double estimated = new SarimaLikelihood(golden.order(), y, golden.regressors(), 100).profile(at.ar(), at.ma());
        double skipped = new SarimaLikelihood(golden.order(), y, golden.regressors(), 0).profile(at.ar(), at.ma());
        assertThat(skipped).isCloseTo(estimated, within(1e-6 * Math.abs(estimated)));
    }
}

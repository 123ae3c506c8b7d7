package io.smartdata.core.forecast;

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
        assertThat(actual).isCloseTo(golden.logLikelihood(), within(1e-6 * Math.abs(golden.logLikelihood())));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void predictionsAndBoundsAreThoseOfStatsmodels(GoldenCase golden) {
        SarimaParameters at = golden.parameters();
        SarimaLikelihood.Prediction prediction = SarimaLikelihood.predict(
                golden.order(), golden.y(), golden.future(), at.ar(), at.ma(), at.coefficients(), 14);
        for (int h = 0; h < 14; h++) {
            double margin = Z95 * Math.sqrt(prediction.variance()[h] * at.variance());
            Percentage tolerance = Percentage.withPercentage(0.01);
            assertThat(prediction.mean()[h]).isCloseTo(golden.mean()[h], tolerance);
            assertThat(prediction.mean()[h] - margin).isCloseTo(golden.lower()[h], tolerance);
            assertThat(prediction.mean()[h] + margin).isCloseTo(golden.upper()[h], tolerance);
        }
    }
}

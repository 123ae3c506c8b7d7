package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures by SciPy: {@code scipy.stats.norm.logsf(sigma) + numpy.log(2)}. */
class NormalTailTest {
    @ParameterizedTest
    @CsvSource({
        "0.5, -0.4827645810336735",
        "1, -1.147874464449318",
        "2, -3.0900371531220863",
        "3, -5.914579040950405",
        "6, -20.043621769414766",
        "8, -34.32028997935461",
        "30, -453.6280967757833",
        "100, -5004.831061513645"
    })
    void sigmaAndChanceAgreeWithTheNormalDistribution(double sigma, double logP) {
        assertThat(NormalTail.sigma(logP)).isCloseTo(sigma, within(1e-4));
        assertThat(NormalTail.logP(sigma)).isCloseTo(logP, within(1e-4 * Math.abs(logP)));
    }
}

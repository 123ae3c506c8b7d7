package io.smartdata.core.forecast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxCoxTest {
    /** Monthly airline passengers in thousands, Box and Jenkins 1970, series G. */
    private static final double[] PASSENGERS = {
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133,
                114, 140,
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191,
                172, 194,
        196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229,
                203, 229,
        242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306,
                271, 306,
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359,
                310, 337,
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461,
                390, 432
    };

    @Test
    void theLambdaIsThatOfR() {
        // R: BoxCox.lambda(AirPassengers), package forecast
        assertThat(BoxCox.guerrero(PASSENGERS, 12, -1, 2).lambda()).isCloseTo(-0.2947156, within(2e-5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.5, 0, 0.3, 1, 2})
    void theInverseGivesTheValueBack(double lambda) {
        BoxCox power = new BoxCox(lambda);
        for (double value : new double[] {1e-3, 1, 42, 1e6}) {
            assertThat(power.inverse(power.of(value))).isCloseTo(value, within(1e-6 * value));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void theMeanIsThatOfSimulatedValues(double lambda) {
        BoxCox power = new BoxCox(lambda);
        Random random = new Random(1);
        double center = power.of(100);
        double deviation = 0.1 * Math.pow(100, lambda);
        double mean = IntStream.range(0, 100_000)
                .mapToDouble(i -> power.inverse(center + deviation * random.nextGaussian()))
                .average()
                .orElseThrow();
        assertThat(power.inverseMean(center, deviation)).isCloseTo(mean, within(0.15));
    }
}

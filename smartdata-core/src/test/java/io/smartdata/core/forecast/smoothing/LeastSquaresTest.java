package io.smartdata.core.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LeastSquaresTest {
    /** Rosenbrock's banana as two errors. */
    private static final NumericSquares BANANA = new NumericSquares(
            (x, errors) -> {
                errors[0] = 10 * (x[1] - x[0] * x[0]);
                errors[1] = 1.1 - x[0];
            },
            2,
            2);

    @Test
    void aCurvedValleyIsFollowedToItsEnd() {
        double[] x = {-1.2, 1};
        LeastSquares search = search(5);
        search.minimise(x, 1e-9, 200);
        assertThat(search.converged()).isTrue();
        assertThat(x).containsExactly(new double[] {1.1, 1.21}, within(1e-5));
    }

    @Test
    void aMinimumBehindABoundIsFoundOnTheBound() {
        double[] x = {-1.2, 0.5};
        LeastSquares search = search(0.8);
        search.minimise(x, 1e-12, 200);
        // on x0 = 0.8 the best x1 is 0.64
        assertThat(x).containsExactly(new double[] {0.8, 0.64}, within(1e-5));
    }

    @Test
    void whatRunsOutOfStepsHasNotConverged() {
        LeastSquares search = search(5);
        search.minimise(new double[] {-1.2, 1}, 1e-9, 2);
        assertThat(search.converged()).isFalse();
    }

    private static LeastSquares search(double upper) {
        return new LeastSquares(BANANA, new double[] {-5, -5}, new double[] {upper, upper});
    }
}

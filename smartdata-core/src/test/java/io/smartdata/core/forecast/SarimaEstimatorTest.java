package io.smartdata.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SarimaEstimatorTest {
    static List<GoldenCase> golden() {
        return GoldenCase.all();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void reachesTheBestKnownLikelihood(GoldenCase golden) {
        SarimaEstimator.Estimate estimate = SarimaEstimator.estimate(golden.order(), golden.y(), golden.regressors());
        long t0 = System.nanoTime();
        int reps = 5;
        for (int i = 0; i < reps; i++) SarimaEstimator.estimate(golden.order(), golden.y(), golden.regressors());
        System.out.printf(
                "%-40s %12.5f best %12.5f gap %9.5f conv %s %.2f ms%n",
                golden.id(),
                estimate.logLikelihood(),
                golden.bestKnown(),
                golden.bestKnown() - estimate.logLikelihood(),
                estimate.converged(),
                (System.nanoTime() - t0) / 1e6 / reps);
        assertThat(estimate.logLikelihood()).isGreaterThan(golden.bestKnown() - 0.001);
    }
}

package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AlertBudgetTest {
    private static final long SEED = 11;
    private static final int SERIES = 10_000;

    @Test
    void ofFewValuesTheBudgetPerThousandDecides() {
        AlertBudget budget = new AlertBudget(1, 1);
        assertThat(budget.leastScore(1, new double[] {-3.3})).isEqualTo(3.3);
        assertThat(budget.leastScore(1, new double[] {3.28})).isInfinite();
    }

    /** Benjamini and Hochberg 1995, table 1: 15 p-values, of which the first four are rejected at 0.05. */
    @Test
    void ofManyValuesTheShareOfFalseAlertsDecidesAsInThePaper() {
        double[] pValues = {
            .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1
        };
        double[] scores =
                Arrays.stream(pValues).map(p -> NormalTail.sigma(Math.log(p))).toArray();
        assertThat(new AlertBudget(1000, 0.05).leastScore(15, scores)).isCloseTo(scores[3], within(1e-12));
        assertThat(new AlertBudget(1, 0.05).leastScore(15, scores)).isCloseTo(scores[1], within(1e-12));
    }

    @Test
    void aQuietNightOverTenThousandSeriesHasHardlyAnAlert() {
        Random random = new Random(SEED);
        int nightsWithAlerts = 0;
        for (int night = 0; night < 50; night++) {
            double[] scores = random.doubles(SERIES)
                    .map(p -> NormalTail.sigma(Math.log(p)))
                    .toArray();
            nightsWithAlerts += Double.isInfinite(AlertBudget.defaults().leastScore(SERIES, scores)) ? 0 : 1;
        }
        assertThat(nightsWithAlerts).as("seed %d", SEED).isLessThanOrEqualTo(12);
    }

    @Test
    void aBadNightKeepsTheShareOfFalseAlerts() {
        Random random = new Random(SEED);
        double falseAlerts = 0;
        double alerts = 0;
        for (int night = 0; night < 50; night++) {
            double[] quiet = random.doubles(SERIES)
                    .map(p -> NormalTail.sigma(Math.log(p)))
                    .toArray();
            double[] bad = random.doubles(100, 3.5, 7).toArray();
            double least = AlertBudget.defaults()
                    .leastScore(
                            SERIES + 100,
                            DoubleStream.concat(Arrays.stream(quiet), Arrays.stream(bad))
                                    .toArray());
            falseAlerts += Arrays.stream(quiet).filter(score -> score >= least).count();
            alerts += Arrays.stream(quiet).filter(score -> score >= least).count()
                    + Arrays.stream(bad).filter(score -> score >= least).count();
        }
        assertThat(alerts).as("seed %d", SEED).isGreaterThan(50 * 70);
        assertThat(falseAlerts / alerts).as("seed %d", SEED).isLessThan(0.1);
    }

    @Test
    void scoresBeyondAnyProbabilityAreAlerts() {
        assertThat(AlertBudget.defaults().leastScore(1_000_000, new double[] {-1e9}))
                .isEqualTo(1e9);
        assertThat(AlertBudget.defaults().leastScore(0, new double[0])).isInfinite();
    }

    @Test
    void limitsOutOfTheirRangeAreRefused() {
        for (double wrong : new double[] {0, -1, 1001, Double.NaN}) {
            assertThatThrownBy(() -> new AlertBudget(wrong, 0.1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new AlertBudget(1, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IsolationForestTest {
    private static final long SEED = 7;

    @Test
    void outliersScoreHigherThanTheBulk() {
        Random random = new Random(SEED);
        double[][] rows = new double[5000][];
        for (int i = 0; i < rows.length; i++) {
            double shift = i % 100 == 0 ? 5 : 0;
            rows[i] =
                    new double[] {random.nextGaussian() + shift, random.nextGaussian() - shift, random.nextGaussian()};
        }
        double[] scores = IsolationForest.fit(rows, 100, 256, SEED).scores(rows);
        assertThat(areaUnderRoc(scores)).as("seed %d", SEED).isGreaterThan(0.99);
        assertThat(Arrays.stream(scores)).allMatch(score -> score > 0 && score < 1);
    }

    @Test
    void theSameSeedGrowsTheSameForest() {
        double[] values = new Random(SEED).doubles(4000).toArray();
        double[] scores = IsolationForest.fit(values, 4, 50, 128, SEED).scores(values);
        assertThat(IsolationForest.fit(values, 4, 50, 128, SEED).scores(values)).isEqualTo(scores);
        assertThat(IsolationForest.fit(values, 4, 50, 128, SEED + 1).scores(values))
                .isNotEqualTo(scores);
    }

    @Test
    void constantColumnsChangeNothingButTheDraws() {
        Random random = new Random(SEED);
        double[][] rows = IntStream.range(0, 1000)
                .mapToObj(i -> new double[] {3, i == 500 ? 9 : random.nextGaussian(), 3})
                .toArray(double[][]::new);
        double[] scores = IsolationForest.fit(rows, 100, 256, SEED).scores(rows);
        assertThat(scores[500]).isEqualTo(Arrays.stream(scores).max().orElseThrow());
    }

    @Test
    void equalRowsAllScoreOneHalf() {
        double[] scores =
                IsolationForest.fit(new double[300], 3, 100, 256, SEED).scores(new double[300]);
        assertThat(Arrays.stream(scores))
                .hasSize(100)
                .allSatisfy(score -> assertThat(score).isCloseTo(0.5, within(1e-9)));
    }

    /** With two rows a tree is one cut, so both paths are 1 = c(2) and the score is 2^-1. */
    @Test
    void twoRowsHaveThePathOfThePaper() {
        IsolationForest forest = IsolationForest.fit(new double[][] {{1}, {2}}, 10, 256, SEED);
        assertThat(forest.score(1)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void aStoredForestScoresAsBefore() {
        double[] values = new Random(SEED).doubles(3000).toArray();
        IsolationForest forest = IsolationForest.fit(values, 3, 20, 100, SEED);
        IsolationForest stored = IsolationForest.of(forest.bytes());
        assertThat(stored.scores(values)).isEqualTo(forest.scores(values));
        assertThat(stored.contributions(0.5, 2, 0.5)).isEqualTo(forest.contributions(0.5, 2, 0.5));
        assertThat(stored.bytes()).isEqualTo(forest.bytes());
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] bytes =
                IsolationForest.fit(new double[] {1, 2, 3}, 1, 5, 3, SEED).bytes();
        byte[] huge = bytes.clone();
        huge[11] = 127; // trees
        huge[8] = 127;
        assertThatThrownBy(() -> IsolationForest.of(huge)).isInstanceOf(IllegalArgumentException.class);
        byte[] wrongColumn = bytes.clone();
        wrongColumn[16] = 1; // first column of the first cut
        assertThatThrownBy(() -> IsolationForest.of(wrongColumn)).isInstanceOf(IllegalArgumentException.class);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> IsolationForest.of(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void threadsShareTheRowsOfATable() {
        double[] values = new Random(SEED).doubles(60_000).toArray();
        IsolationForest forest = IsolationForest.fit(values, 3, 20, 256, SEED);
        double[] scores = new double[20_000];
        IntStream.range(0, 4)
                .parallel()
                .forEach(part -> forest.scores(values, part * 5000, part * 5000 + 5000, scores));
        assertThat(scores).isEqualTo(forest.scores(values));
        assertThatThrownBy(() -> forest.scores(values, 0, 20_001, scores))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theColumnThatIsolatesARowContributesMost() {
        Random random = new Random(SEED);
        double[][] rows = IntStream.range(0, 2000)
                .mapToObj(i -> new double[] {random.nextGaussian(), random.nextGaussian(), 1})
                .toArray(double[][]::new);
        double[] contributions = IsolationForest.fit(rows, 100, 256, SEED).contributions(0, 12, 1);
        assertThat(contributions[1]).isGreaterThan(2).isGreaterThan(2 * contributions[0]);
        assertThat(contributions[2]).isZero();
    }

    /** The score is 2^(-path / c(n)), c(256) of the paper, so paths follow from scores. */
    @Test
    void contributionsAddUpToTheDifferenceOfThePaths() {
        double[] values = new Random(SEED).doubles(6000).toArray();
        IsolationForest forest = IsolationForest.fit(values, 3, 50, 256, SEED);
        double usual = 2 * (Math.log(255) + 0.5772156649015329) - 2 * 255 / 256.0;
        double[] inside = {0.5, 0.5, 0.5};
        double[] outside = {3, 0.5, -2};
        double shorter = usual * (Math.log(forest.score(outside)) - Math.log(forest.score(inside))) / Math.log(2);
        assertThat(Arrays.stream(forest.contributions(outside)).sum()
                        - Arrays.stream(forest.contributions(inside)).sum())
                .isCloseTo(shorter, within(1e-9));
    }

    @Test
    void numbersOnBothSidesOfZeroAreOrdered() {
        double[] values = {-2, -1, -0.0, 0.0, 1, 50};
        double[] scores = IsolationForest.fit(values, 1, 200, 6, SEED).scores(values);
        assertThat(scores[2]).isEqualTo(scores[3]);
        assertThat(scores[5]).isEqualTo(Arrays.stream(scores).max().orElseThrow());
    }

    @Test
    void hugeValuesDoNotOverflow() {
        double[] values = {-Double.MAX_VALUE, Double.MAX_VALUE, 0, 1};
        assertThat(Arrays.stream(IsolationForest.fit(values, 1, 20, 4, SEED).scores(values)))
                .allMatch(Double::isFinite);
    }

    @Test
    void wrongTablesAreRefused() {
        assertThatThrownBy(() -> IsolationForest.fit(new double[5], 2, 10, 10, SEED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IsolationForest.fit(new double[][] {{1, 2}, {3}}, 10, 10, SEED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IsolationForest.fit(new double[] {1, Double.NaN}, 1, 10, 10, SEED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IsolationForest.fit(new double[][] {}, 10, 10, SEED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Every hundredth row is an outlier. */
    private static double areaUnderRoc(double[] scores) {
        long pairs = 0;
        long right = 0;
        for (int outlier = 0; outlier < scores.length; outlier += 100) {
            for (int row = 0; row < scores.length; row++) {
                if (row % 100 != 0) {
                    pairs++;
                    right += scores[outlier] > scores[row] ? 1 : 0;
                }
            }
        }
        return (double) right / pairs;
    }
}

package io.smartdata.core.forecast.auto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomWalkTest {
    @Test
    void mostRandomWalksAreTakenForOneEvenIfTheirStepsComeInClusters() {
        long taken = IntStream.range(0, 100)
                .filter(seed -> RandomWalk.plausible(walk(300, seed)))
                .count();
        long clustered = IntStream.range(0, 100)
                .filter(seed -> RandomWalk.plausible(clusteredWalk(300, seed)))
                .count();
        assertThat(taken).isGreaterThan(80);
        assertThat(clustered).isGreaterThan(80);
    }

    @Test
    void noiseATrendAndAShortWalkAreNot() {
        Random random = new Random(1);
        double[] noise = DoubleStream.generate(random::nextGaussian).limit(300).toArray();
        assertThat(RandomWalk.plausible(noise)).isFalse();
        double[] drifting = walk(300, 2);
        Arrays.setAll(drifting, t -> drifting[t] + 0.5 * t);
        assertThat(RandomWalk.plausible(drifting)).isFalse();
        assertThat(RandomWalk.plausible(walk(60, 3))).isFalse();
        assertThat(RandomWalk.plausible(new double[300])).isFalse();
    }

    private static double[] walk(int size, long seed) {
        double[] result = DoubleStream.generate(new Random(seed)::nextGaussian)
                .limit(size)
                .toArray();
        Arrays.parallelPrefix(result, Double::sum);
        return result;
    }

    private static double[] clusteredWalk(int size, long seed) {
        double[] steps = new Random(seed).doubles(size).map(u -> u - 0.5).toArray();
        Arrays.setAll(steps, t -> steps[t] * (t / 40 % 2 == 0 ? 1 : 6));
        Arrays.parallelPrefix(steps, Double::sum);
        return steps;
    }
}

package io.smartdata.core.anomaly;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An {@link IsolationForest} over what surrounds each value. A value outside of all that the forest has seen counts as
 * isolated the sooner, the farther it is.
 */
final class IsolationForestDetector extends SurroundingsDetector {
    /** Lower than elsewhere, for the scores of a forest grow slowly. */
    static final double THRESHOLD = 3;

    static final long SEED = 42;

    private static final int TREES = 50;

    /** The scores lie between 0 and 1, and trees are drawn by chance. */
    private static final double NOISE = 0.01;

    private final long seed;

    /** @param threshold sigma from which a value is an anomaly, above 0 */
    IsolationForestDetector(double threshold, long seed) {
        super("isolation-forest", "2", "seed=" + seed, threshold, NOISE);
        this.seed = seed;
    }

    @Override
    Model fit(double[] rows, int columns, int count) {
        return new Forest(IsolationForest.fit(rows, columns, TREES, rows.length / columns, seed + count), rows);
    }

    /** A forest and the box around the rows it was grown from. */
    private static final class Forest implements Model {
        private final IsolationForest forest;
        private final double[] lowest;
        private final double[] highest;

        Forest(IsolationForest forest, double[] rows) {
            this.forest = forest;
            this.lowest = new double[forest.columns()];
            this.highest = new double[forest.columns()];
            Arrays.fill(lowest, Double.POSITIVE_INFINITY);
            Arrays.fill(highest, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < rows.length; i++) {
                int feature = i % forest.columns();
                lowest[feature] = Math.min(lowest[feature], rows[i]);
                highest[feature] = Math.max(highest[feature], rows[i]);
            }
        }

        @Override
        public double strangeness(double[] features) {
            return Math.pow(forest.score(features), 1 - outside(features));
        }

        /**
         * Chance that the first cut through the fitted rows and this one would set this one apart: the forest, which was
         * grown without it, cannot tell a far value from one just beyond all others.
         */
        private double outside(double[] features) {
            double chance = 0;
            for (int i = 0; i < features.length; i++) {
                double beyond = Math.max(0, Math.max(lowest[i] - features[i], features[i] - highest[i]));
                chance += beyond == 0 ? 0 : beyond / (highest[i] - lowest[i] + beyond) / features.length;
            }
            return chance;
        }

        /** The feature that shortened the path most. */
        @Override
        public int strangest(double[] features) {
            double[] contributions = forest.contributions(features);
            return IntStream.range(0, contributions.length)
                    .reduce((a, b) -> contributions[b] > contributions[a] ? b : a)
                    .orElseThrow();
        }
    }
}

package io.smartdata.core.anomaly;

import java.util.Arrays;
import java.util.stream.IntStream;
import smile.neighbor.KDTree;

/**
 * Distance to the fifth nearest of the earlier values, by what surrounds them, each feature in units of its spread. The fifth
 * and not the first, so that an anomaly seen before does not make its repetition usual. Source: Ramaswamy, Rastogi and Shim,
 * "Efficient algorithms for mining outliers from large data sets", SIGMOD 2000. Uses the k-d tree of Smile, an optional
 * dependency; nothing else of smartdata refers to this class, and {@link Detectors} only if Smile is there.
 */
final class NearestNeighbour extends SurroundingsDetector {
    static final double THRESHOLD = 3.5;

    private static final int NEIGHBOURS = 5;

    /** Of logarithms: distances differ by a tenth by chance. */
    private static final double NOISE = 0.1;

    /** In units of the spread; keeps the logarithm finite where values repeat. */
    private static final double SMALLEST_DISTANCE = 1e-3;

    /** @param threshold sigma from which a value is an anomaly, above 0 */
    NearestNeighbour(double threshold) {
        super("nearest-neighbour", "1", "", threshold, NOISE);
    }

    @Override
    Model fit(double[] rows, int columns, int count) {
        return new Neighbours(rows, columns);
    }

    /** The earlier values in a tree. */
    private static final class Neighbours implements Model {
        private final double[] center;
        private final double[] spread;
        private final KDTree<double[]> tree;

        Neighbours(double[] rows, int columns) {
            center = new double[columns];
            spread = new double[columns];
            for (int column = 0; column < columns; column++) {
                int feature = column;
                double[] values = IntStream.range(0, rows.length / columns)
                        .mapToDouble(row -> rows[row * columns + feature])
                        .toArray();
                center[column] = Robust.median(values);
                double sigma = Robust.sigma(values, center[column]);
                double magnitude = Arrays.stream(values).map(Math::abs).max().orElse(0);
                spread[column] = Robust.negligible(sigma, magnitude) ? Math.max(magnitude, Double.MIN_NORMAL) : sigma;
            }
            double[][] points = IntStream.range(0, rows.length / columns)
                    .mapToObj(row -> scaled(Arrays.copyOfRange(rows, row * columns, (row + 1) * columns)))
                    .toArray(double[][]::new);
            tree = new KDTree<>(points, points);
        }

        private double[] scaled(double[] features) {
            double[] scaled = new double[features.length];
            Arrays.setAll(scaled, i -> features[i] / spread[i] - center[i] / spread[i]);
            return scaled;
        }

        @Override
        public double strangeness(double[] features) {
            double farthest = Arrays.stream(tree.knn(scaled(features), NEIGHBOURS))
                    .mapToDouble(neighbour -> neighbour.distance)
                    .max()
                    .orElseThrow();
            return Math.log(Math.max(SMALLEST_DISTANCE, Math.min(farthest, Double.MAX_VALUE)));
        }

        /** The feature farthest from its centre. */
        @Override
        public int strangest(double[] features) {
            double[] scaled = scaled(features);
            return IntStream.range(0, scaled.length)
                    .reduce((a, b) -> Math.abs(scaled[b]) > Math.abs(scaled[a]) ? b : a)
                    .orElseThrow();
        }
    }
}

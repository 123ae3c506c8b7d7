package io.smartdata.core.anomaly;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Isolation forest for rows of numbers: rows that random cuts set apart after few cuts are anomalous.
 * Source: Liu, Ting and Zhou, "Isolation Forest", ICDM 2008. Immutable and thread-safe; the same seed gives the same
 * forest.
 *
 * <p>A cut is made through columns that differ among the rows of a node only, so constant columns are harmless; where all
 * rows are equal every score is 0.5. Trees live in flat arrays: a node's children are neighbours, a leaf holds its path
 * length.
 *
 * @since 0.1.0
 */
public final class IsolationForest {
    /** Trees of the paper, after which path lengths have settled. */
    public static final int TREES = 100;

    /** Rows for each tree in the paper, enough to tell anomalies from the bulk. */
    public static final int SUBSAMPLE = 256;

    private static final double EULER_MASCHERONI = 0.5772156649015329;

    /** Rows scored together, so that a tree stays in the cache while they pass. */
    private static final int BLOCK = 2048;

    private final int columns;
    private final int trees;
    private final int nodesPerTree;
    private final double usualPath;
    /** Column to cut, or -1 for a leaf. */
    private final int[] cutColumn;
    /** Where to cut; in a leaf the path length from the root. */
    private final double[] cut;
    /** Child below the cut; the other one is next to it. */
    private final int[] child;

    private IsolationForest(int columns, int trees, int subsample) {
        this.columns = columns;
        this.trees = trees;
        this.nodesPerTree = 2 * subsample - 1;
        this.usualPath = Math.max(averagePath(subsample), Double.MIN_NORMAL);
        this.cutColumn = new int[trees * nodesPerTree];
        this.cut = new double[trees * nodesPerTree];
        this.child = new int[trees * nodesPerTree];
    }

    /**
     * @param rows at least one, all of the same positive length, finite
     * @param trees at least 1
     * @param subsample rows for each tree, at least 1; all rows if there are fewer
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static IsolationForest fit(double[][] rows, int trees, int subsample, long seed) {
        return fit(flat(rows), rows.length == 0 ? 1 : rows[0].length, trees, subsample, seed);
    }

    /**
     * @param values row after row; finite, not modified
     * @param columns values in a row, at least 1
     * @param trees at least 1
     * @param subsample rows for each tree, at least 1; all rows if there are fewer
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static IsolationForest fit(double[] values, int columns, int trees, int subsample, long seed) {
        if (columns < 1 || values.length == 0 || values.length % columns != 0) {
            throw new IllegalArgumentException(
                    "need whole rows of %d columns, had %d values".formatted(columns, values.length));
        }
        if (trees < 1 || subsample < 1) {
            throw new IllegalArgumentException(
                    "trees and subsample must be at least 1, were %d and %d".formatted(trees, subsample));
        }
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("values must be finite");
        }
        int rows = values.length / columns;
        int sample = Math.min(subsample, rows);
        IsolationForest forest = new IsolationForest(columns, trees, sample);
        int[] order = IntStream.range(0, rows).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int tree = 0; tree < trees; tree++) {
            drawToFront(order, sample, random);
            forest.new Grower(values, order, tree * forest.nodesPerTree, sample, random).grow(sample);
        }
        return forest;
    }

    /** Values in a row. */
    public int columns() {
        return columns;
    }

    /**
     * @param row finite values, {@link #columns()} of them
     * @return near 1 = isolated at once, about 0.5 and below = like the bulk
     * @throws IllegalArgumentException if the row has another length
     */
    public double score(double... row) {
        return scores(row)[0];
    }

    /** Scores of all rows, see {@link #score}. */
    public double[] scores(double[][] rows) {
        return scores(flat(rows));
    }

    /**
     * Scores of all rows, see {@link #score}.
     *
     * @param values row after row
     * @throws IllegalArgumentException if these are not whole rows
     */
    public double[] scores(double[] values) {
        if (values.length % columns != 0) {
            throw new IllegalArgumentException(
                    "need whole rows of %d columns, had %d values".formatted(columns, values.length));
        }
        double[] paths = new double[values.length / columns];
        for (int from = 0; from < paths.length; from += BLOCK) {
            int to = Math.min(paths.length, from + BLOCK);
            for (int tree = 0; tree < trees; tree++) {
                addPaths(tree * nodesPerTree, values, from, to, paths);
            }
        }
        for (int row = 0; row < paths.length; row++) {
            paths[row] = Math.pow(2, -paths[row] / (trees * usualPath));
        }
        return paths;
    }

    private void addPaths(int root, double[] values, int from, int to, double[] paths) {
        for (int row = from; row < to; row++) {
            int node = root;
            int offset = row * columns;
            for (int column = cutColumn[node]; column >= 0; column = cutColumn[node]) {
                node = child[node] + (values[offset + column] < cut[node] ? 0 : 1);
            }
            paths[row] += cut[node];
        }
    }

    /** Average path to a row among {@code rows} in a random search tree; the paper's c(n). */
    private static double averagePath(int rows) {
        return rows <= 1 ? 0 : rows == 2 ? 1 : 2 * (Math.log(rows - 1) + EULER_MASCHERONI) - 2.0 * (rows - 1) / rows;
    }

    private static double[] flat(double[][] rows) {
        if (Arrays.stream(rows).anyMatch(row -> row.length != rows[0].length)) {
            throw new IllegalArgumentException("rows must have the same length");
        }
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /** A random sample without repetition becomes the first elements of {@code order}. */
    private static void drawToFront(int[] order, int sample, SplittableRandom random) {
        for (int i = 0; i < sample; i++) {
            swap(order, i, random.nextInt(i, order.length));
        }
    }

    private static void swap(int[] order, int i, int j) {
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }

    /** Grows one tree over the first rows of {@code order}. */
    private final class Grower {
        private final double[] values;
        private final int[] order;
        private final int root;
        private final int highest;
        private final SplittableRandom random;
        private final int[] candidates = IntStream.range(0, columns).toArray();
        private int free;

        Grower(double[] values, int[] order, int root, int sample, SplittableRandom random) {
            this.values = values;
            this.order = order;
            this.root = root;
            this.highest = (int) Math.ceil(Math.log(Math.max(1, sample)) / Math.log(2));
            this.random = random;
            this.free = root + 1;
        }

        void grow(int sample) {
            grow(root, 0, sample, 0);
        }

        private void grow(int node, int from, int to, int depth) {
            if (to - from <= 1 || depth >= highest || !chooseCut(node, from, to)) {
                cutColumn[node] = -1;
                cut[node] = depth + averagePath(to - from);
                return;
            }
            int middle = partition(node, from, to);
            int below = free;
            free += 2;
            child[node] = below;
            grow(below, from, middle, depth + 1);
            grow(below + 1, middle, to, depth + 1);
        }

        /** Tries the columns in random order; false if all are constant here. */
        private boolean chooseCut(int node, int from, int to) {
            for (int tried = 0; tried < columns; tried++) {
                swap(candidates, tried, random.nextInt(tried, columns));
                int column = candidates[tried];
                double min = Double.POSITIVE_INFINITY;
                double max = Double.NEGATIVE_INFINITY;
                for (int i = from; i < to; i++) {
                    double value = values[order[i] * columns + column];
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                }
                if (min < max) {
                    double share = random.nextDouble();
                    double between = min * (1 - share) + max * share;
                    cutColumn[node] = column;
                    cut[node] = between > min && between <= max ? between : max;
                    return true;
                }
            }
            return false;
        }

        private int partition(int node, int from, int to) {
            int middle = from;
            for (int i = from; i < to; i++) {
                if (values[order[i] * columns + cutColumn[node]] < cut[node]) {
                    swap(order, i, middle++);
                }
            }
            return middle;
        }
    }
}

package io.smartdata.core.anomaly;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Isolation forest for rows of numbers: rows that random cuts set apart after few cuts are anomalous.
 * Source: Liu, Ting and Zhou, "Isolation Forest", ICDM 2008. Immutable and thread-safe; the same seed gives the same
 * forest. Growing takes a hundredth of the time of scoring a large table, and {@link #scores(double[], int, int, double[])}
 * lets threads share the rows.
 *
 * <p>A cut is made through columns that differ among the rows of a node only, so constant columns are harmless; where all
 * rows are equal every score is 0.5. Numbers that differ in their last bit only count as equal.
 *
 * <p>All trees are complete and as high as the paper allows, with short paths repeated below their leaf: the children of a
 * node follow from its index, every row takes the same number of steps, and a step has no branch to mispredict.
 *
 * @since 0.1.0
 */
public final class IsolationForest {
    /** Trees of the paper, after which path lengths have settled. */
    public static final int TREES = 100;

    /** Rows for each tree in the paper, enough to tell anomalies from the bulk. */
    public static final int SUBSAMPLE = 256;

    private static final int FORMAT = 1;
    private static final double EULER_MASCHERONI = 0.5772156649015329;

    /** Values scored together, so that they stay in the nearest cache while the trees pass. */
    private static final int BLOCK = 2048;

    private final int columns;
    private final int trees;
    private final int sample;
    private final int height;
    /** Cuts of a tree. */
    private final int cuts;
    /** Column to cut; tree after tree, each from the root down, level by level. */
    private final int[] cutColumn;
    /** Greatest {@linkplain #key key} below the cut. */
    private final long[] cutKey;
    /** Mean path length of the sampled rows that pass a node. */
    private final double[] meanPath;
    /** Path length of each leaf; tree after tree, from left to right. */
    private final double[] leafPath;

    private IsolationForest(int columns, int trees, int sample) {
        this.columns = columns;
        this.trees = trees;
        this.sample = sample;
        this.height = Integer.SIZE - Integer.numberOfLeadingZeros(sample - 1);
        this.cuts = (1 << height) - 1;
        this.cutColumn = new int[Math.multiplyExact(trees, cuts)];
        this.cutKey = new long[trees * cuts];
        this.meanPath = new double[trees * cuts];
        this.leafPath = new double[Math.multiplyExact(trees, cuts + 1)];
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
        IsolationForest forest = new IsolationForest(columns, trees, Math.min(subsample, rows));
        Grower grower = forest.new Grower(new SplittableRandom(seed));
        int[] order = IntStream.range(0, rows).toArray();
        for (int tree = 0; tree < trees; tree++) {
            grower.grow(tree, values, order);
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
        requireRow(row);
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
        double[] scores = new double[values.length / columns];
        scores(values, 0, scores.length, scores);
        return scores;
    }

    /**
     * Scores of some rows of a table, see {@link #score}; threads may share one table.
     *
     * @param values row after row
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @param scores by row of the table; only the places of these rows are written
     * @throws IndexOutOfBoundsException if there are no such rows
     */
    public void scores(double[] values, int from, int to, double[] scores) {
        Objects.checkFromToIndex(from, to, Math.min(scores.length, values.length / columns));
        Arrays.fill(scores, from, to, 0);
        int blockRows = Math.max(1, BLOCK / columns);
        long[] keys = new long[Math.min(blockRows, to - from) * columns];
        for (int first = from; first < to; first += blockRows) {
            int rows = Math.min(blockRows, to - first);
            for (int i = 0; i < rows * columns; i++) {
                keys[i] = key(values[first * columns + i]);
            }
            for (int tree = 0; tree < trees; tree++) {
                addPaths(tree, keys, rows, scores, first);
            }
        }
        double usual = trees * averagePath(sample);
        for (int row = from; row < to; row++) {
            scores[row] = usual == 0 ? 0.5 : Math.pow(2, -scores[row] / usual);
        }
    }

    private void addPaths(int tree, long[] keys, int rows, double[] paths, int first) {
        int root = tree * cuts;
        int firstLeaf = tree * (cuts + 1);
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            int node = 0;
            for (int level = 0; level < height; level++) {
                node = child(node, keys[offset + cutColumn[root + node]], cutKey[root + node]);
            }
            paths[first + row] += leafPath[firstLeaf + node - cuts];
        }
    }

    /** Left up to the cut, right beyond it: the sign bit of the difference, which cannot overflow, says which. */
    private static int child(int node, long key, long cutKey) {
        return 2 * node + 1 + (int) ((cutKey - key) >>> 63);
    }

    /**
     * What each column has to do with the score of a row: by how many steps its cuts made the path shorter (+) or longer (-)
     * than that of the sampled rows which reached the same cut, on average over the trees. Together they are the mean path
     * of the sampled rows less the path of this one.
     *
     * @param row finite values, {@link #columns()} of them
     * @return one figure for each column
     * @throws IllegalArgumentException if the row has another length
     */
    public double[] contributions(double... row) {
        requireRow(row);
        double[] steps = new double[columns];
        for (int tree = 0; tree < trees; tree++) {
            int node = 0;
            while (node < cuts) {
                int column = cutColumn[tree * cuts + node];
                int next = child(node, key(row[column]), cutKey[tree * cuts + node]);
                steps[column] += (path(tree, node) - path(tree, next)) / trees;
                node = next;
            }
        }
        return steps;
    }

    private double path(int tree, int node) {
        return node < cuts ? meanPath[tree * cuts + node] : leafPath[tree * (cuts + 1) + node - cuts];
    }

    /** The forest itself, for {@link #of}; equal forests give equal bytes. */
    public byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(4 * Integer.BYTES
                + cutColumn.length * (Integer.BYTES + Long.BYTES + Double.BYTES)
                + leafPath.length * Double.BYTES);
        out.putInt(FORMAT).putInt(columns).putInt(trees).putInt(sample);
        Arrays.stream(cutColumn).forEach(out::putInt);
        Arrays.stream(cutKey).forEach(out::putLong);
        Arrays.stream(meanPath).forEach(out::putDouble);
        Arrays.stream(leafPath).forEach(out::putDouble);
        return out.array();
    }

    /**
     * A stored forest.
     *
     * @throws IllegalArgumentException if these are not the {@link #bytes} of a forest
     */
    public static IsolationForest of(byte[] stored) {
        try {
            ByteBuffer in = ByteBuffer.wrap(stored);
            require(in.getInt() == FORMAT);
            int columns = in.getInt();
            int trees = in.getInt();
            int sample = in.getInt();
            // a sampled row takes several bytes in each tree, so damaged sizes cannot fill the memory
            require(columns >= 1 && trees >= 1 && sample >= 1 && (long) trees * sample <= stored.length);
            IsolationForest forest = new IsolationForest(columns, trees, sample);
            Arrays.setAll(forest.cutColumn, i -> Objects.checkIndex(in.getInt(), columns));
            Arrays.setAll(forest.cutKey, i -> in.getLong());
            Arrays.setAll(forest.meanPath, i -> in.getDouble());
            Arrays.setAll(forest.leafPath, i -> in.getDouble());
            require(!in.hasRemaining());
            return forest;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new IllegalArgumentException("not the bytes of an isolation forest", e);
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("not the bytes of an isolation forest");
        }
    }

    private void requireRow(double[] row) {
        if (row.length != columns) {
            throw new IllegalArgumentException("a row has %d columns, had %d".formatted(columns, row.length));
        }
    }

    /** Average path to a row among {@code rows} in a random search tree; the paper's c(n). */
    private static double averagePath(int rows) {
        return rows <= 1 ? 0 : rows == 2 ? 1 : 2 * (Math.log(rows - 1) + EULER_MASCHERONI) - 2.0 * (rows - 1) / rows;
    }

    /** An integer that orders as the numbers do, so narrow that the difference of two cannot overflow. */
    private static long key(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return (bits ^ (bits >> 63 & Long.MAX_VALUE)) >> 1;
    }

    /** The number of a key, but for its last bit. */
    private static double value(long key) {
        long bits = key << 1;
        return Double.longBitsToDouble(bits ^ (bits >> 63 & Long.MAX_VALUE));
    }

    private static double[] flat(double[][] rows) {
        if (Arrays.stream(rows).anyMatch(row -> row.length != rows[0].length)) {
            throw new IllegalArgumentException("rows must have the same length");
        }
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static void swap(int[] order, int i, int j) {
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }

    /** Grows one tree after the other. */
    private final class Grower {
        private final SplittableRandom random;
        private final long[] keys = new long[sample * columns];
        private final int[] rows = new int[sample];
        private final int[] candidates = IntStream.range(0, columns).toArray();
        private int root;
        private int firstLeaf;

        Grower(SplittableRandom random) {
            this.random = random;
        }

        /** @param order all rows of the table in any order; a random sample becomes the first of them */
        void grow(int tree, double[] values, int[] order) {
            for (int i = 0; i < sample; i++) {
                swap(order, i, random.nextInt(i, order.length));
                for (int column = 0; column < columns; column++) {
                    keys[i * columns + column] = key(values[order[i] * columns + column]);
                }
                rows[i] = i;
            }
            root = tree * cuts;
            firstLeaf = tree * (cuts + 1);
            grow(0, 0, 0, sample);
        }

        /** @return mean path of the rows */
        private double grow(int node, int depth, int from, int to) {
            if (depth == height || to - from <= 1 || !chooseCut(root + node, from, to)) {
                double path = depth + averagePath(to - from);
                end(node, path);
                return path;
            }
            int middle = partition(root + node, from, to);
            double left = grow(2 * node + 1, depth + 1, from, middle);
            double right = grow(2 * node + 2, depth + 1, middle, to);
            double mean = ((middle - from) * left + (to - middle) * right) / (to - from);
            meanPath[root + node] = mean;
            return mean;
        }

        /** All below a node has the same path. */
        private void end(int node, double path) {
            int first = node;
            int count = 1;
            for (; first < cuts; first = 2 * first + 1, count *= 2) {
                Arrays.fill(meanPath, root + first, root + first + count, path);
            }
            Arrays.fill(leafPath, firstLeaf + first - cuts, firstLeaf + first - cuts + count, path);
        }

        /** Tries the columns in random order; false if all are constant here. */
        private boolean chooseCut(int cut, int from, int to) {
            for (int tried = 0; tried < columns; tried++) {
                swap(candidates, tried, random.nextInt(tried, columns));
                int column = candidates[tried];
                long min = Long.MAX_VALUE;
                long max = Long.MIN_VALUE;
                for (int i = from; i < to; i++) {
                    long key = keys[rows[i] * columns + column];
                    min = Math.min(min, key);
                    max = Math.max(max, key);
                }
                if (min < max) {
                    double share = random.nextDouble();
                    long between = key(value(min) * (1 - share) + value(max) * share);
                    cutColumn[cut] = column;
                    cutKey[cut] = Math.max(min, Math.min(max, between) - 1);
                    return true;
                }
            }
            return false;
        }

        private int partition(int cut, int from, int to) {
            int middle = from;
            for (int i = from; i < to; i++) {
                if (keys[rows[i] * columns + cutColumn[cut]] <= cutKey[cut]) {
                    swap(rows, i, middle++);
                }
            }
            return middle;
        }
    }
}

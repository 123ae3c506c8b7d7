package io.smartdata.benchmarks.anomaly;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Rows of numbers of which some are known to be outliers.
 *
 * @param values row after row
 * @param outlier one for each row
 */
record OutlierTable(String name, double[] values, boolean[] outlier) {
    private static final int SYNTHETIC_ROWS = 100_000;
    private static final int SYNTHETIC_COLUMNS = 4;

    int rows() {
        return outlier.length;
    }

    int columns() {
        return values.length / outlier.length;
    }

    /** For peers that take them so. */
    double[][] asRows() {
        int columns = columns();
        return IntStream.range(0, rows())
                .mapToObj(row -> Arrays.copyOfRange(values, row * columns, (row + 1) * columns))
                .toArray(double[][]::new);
    }

    /** A header, then numbers; the last column is 1 for an outlier. */
    static OutlierTable read(Path gzippedCsv) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(gzippedCsv)), StandardCharsets.UTF_8))) {
            List<double[]> rows = reader.lines()
                    .skip(1)
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
            int columns = rows.get(0).length - 1;
            double[] values = new double[rows.size() * columns];
            boolean[] outlier = new boolean[rows.size()];
            for (int row = 0; row < outlier.length; row++) {
                System.arraycopy(rows.get(row), 0, values, row * columns, columns);
                outlier[row] = rows.get(row)[columns] != 0;
            }
            String file = String.valueOf(gzippedCsv.getFileName());
            return new OutlierTable(file.substring(0, file.indexOf('.')), values, outlier);
        }
    }

    /** One normal cloud of 100 000 x 4 and one percent of rows anywhere in a box around it. */
    static OutlierTable synthetic() {
        SplittableRandom random = new SplittableRandom(20260101);
        double[] values = new double[SYNTHETIC_ROWS * SYNTHETIC_COLUMNS];
        boolean[] outlier = new boolean[SYNTHETIC_ROWS];
        for (int row = 0; row < SYNTHETIC_ROWS; row++) {
            outlier[row] = row % 100 == 0;
            for (int i = row * SYNTHETIC_COLUMNS; i < (row + 1) * SYNTHETIC_COLUMNS; i++) {
                values[i] = outlier[row] ? random.nextDouble(-6, 6) : random.nextGaussian();
            }
        }
        return new OutlierTable("synthetic", values, outlier);
    }

    /** Chance that an outlier scores higher than another row, a tie counting half (Mann and Whitney 1947). */
    double areaUnderRoc(double[] scores) {
        Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
        double rankSum = 0;
        long outliers = 0;
        for (int from = 0, to; from < order.length; from = to) {
            for (to = from; to < order.length && scores[order[to]] == scores[order[from]]; ) {
                to++;
            }
            for (int i = from; i < to; i++) {
                if (outlier[order[i]]) {
                    rankSum += (from + 1 + to) / 2.0;
                    outliers++;
                }
            }
        }
        return (rankSum - outliers * (outliers + 1) / 2.0) / ((double) outliers * (order.length - outliers));
    }
}

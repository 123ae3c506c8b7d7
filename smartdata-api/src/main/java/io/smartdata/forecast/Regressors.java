package io.smartdata.forecast;

import java.util.Arrays;
import java.util.List;

/**
 * Known influences on a series, such as holidays or prices: one row a step, one column an influence.
 *
 * <p>Row 0 belongs to the first value of the history. Rows after the history belong to the steps to predict and must be
 * known in advance. A NaN in the past makes that observation a gap; a NaN, or no row, in the future makes a forecaster do
 * without regressors and say so.
 *
 * @since 0.1.0
 */
public final class Regressors {
    private final List<String> names;
    private final double[][] values;

    private Regressors(List<String> names, double[][] values) {
        this.names = List.copyOf(names);
        this.values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : this.values) {
            if (row.length != this.names.size()) {
                throw new IllegalArgumentException(
                        "a row has %d values for %d names".formatted(row.length, this.names.size()));
            }
        }
    }

    /**
     * Regressors by name.
     *
     * @param names of the influences, one a column
     * @param values row by row, past then future; copied
     * @throws IllegalArgumentException if a row does not have one value a name
     */
    public static Regressors of(List<String> names, double[][] values) {
        return new Regressors(names, values);
    }

    /** Names of the influences, in column order. */
    public List<String> names() {
        return names;
    }

    /** Number of rows, past and future. */
    public int rows() {
        return values.length;
    }

    /** Value of influence {@code column} at step {@code row}. */
    public double value(int row, int column) {
        return values[row][column];
    }

    /** The rows from {@code row} on, for a history that begins there. */
    public Regressors from(int row) {
        return new Regressors(names, Arrays.copyOfRange(values, row, values.length));
    }

    /** True if every value of the rows {@code from} (inclusive) to {@code to} (exclusive) is there and finite. */
    public boolean known(int from, int to) {
        return to <= values.length
                && Arrays.stream(values, from, to)
                        .flatMapToDouble(Arrays::stream)
                        .allMatch(Double::isFinite);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regressors that && names.equals(that.names) && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return "Regressors[names=%s, rows=%d]".formatted(names, values.length);
    }
}

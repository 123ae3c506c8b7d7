package io.smartdata.core.forecast.auto;

import java.util.Arrays;

/** Values of a window that moves along a series, kept in order: a step costs a shift of a few values and no sorting. */
final class SortedWindow {
    private final double[] sorted;
    private int size;

    /** @param most values at once */
    SortedWindow(int most) {
        this.sorted = new double[most];
    }

    /** Missing values are left out. */
    void add(double value) {
        if (!Double.isNaN(value)) {
            int found = Arrays.binarySearch(sorted, 0, size, value);
            int at = found < 0 ? -found - 1 : found;
            System.arraycopy(sorted, at, sorted, at + 1, size - at);
            sorted[at] = value;
            size++;
        }
    }

    /** @param value one that was added */
    void remove(double value) {
        if (!Double.isNaN(value)) {
            int at = Arrays.binarySearch(sorted, 0, size, value);
            System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
            size--;
        }
    }

    int size() {
        return size;
    }

    /** NaN if nothing is in it. */
    double median() {
        if (size == 0) {
            return Double.NaN;
        }
        return size % 2 == 1 ? sorted[size / 2] : sorted[size / 2 - 1] / 2 + sorted[size / 2] / 2;
    }

    /** Median distance to the median: the nearest values to it are found from the middle outwards. NaN if nothing is in it. */
    double medianDeviation() {
        double centre = median();
        int right = size / 2;
        int left = right - 1;
        double previous = Double.NaN;
        double last = Double.NaN;
        for (int taken = 0; taken <= size / 2 && taken < size; taken++) {
            double below = left < 0 ? Double.POSITIVE_INFINITY : Math.abs(sorted[left] - centre);
            double above = right == size ? Double.POSITIVE_INFINITY : Math.abs(sorted[right] - centre);
            previous = last;
            if (below <= above) {
                last = below;
                left--;
            } else {
                last = above;
                right++;
            }
        }
        return size % 2 == 1 ? last : previous / 2 + last / 2;
    }
}

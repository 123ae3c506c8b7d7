package io.smartdata.benchmarks.anomaly;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Rows from the most to the least anomalous. */
final class Ranking {
    private Ranking() {}

    static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Area under the precision-recall curve by rows, without any adjustment: average precision. */
    static double averagePrecision(double[] scores, boolean[] labels, int[] order) {
        int positives =
                (int) IntStream.range(0, labels.length).filter(i -> labels[i]).count();
        double area = 0;
        int hits = 0;
        for (int next = 0; next < order.length; ) {
            int before = hits;
            double threshold = scores[order[next]];
            while (next < order.length && scores[order[next]] == threshold) {
                hits += labels[order[next++]] ? 1 : 0;
            }
            area += (double) hits / next * (hits - before) / positives;
        }
        return area;
    }

    /** Concatenation, to rank the rows of many series by one threshold. */
    static double[] pooled(Iterable<double[]> parts) {
        double[] all = {};
        for (double[] part : parts) {
            int offset = all.length;
            all = Arrays.copyOf(all, offset + part.length);
            System.arraycopy(part, 0, all, offset, part.length);
        }
        return all;
    }
}

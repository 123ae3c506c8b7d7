package io.smartdata.benchmarks.anomaly;

import io.smartdata.benchmarks.anomaly.LabelledSeries.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * VUS-PR: the area under the range-based precision-recall curve, averaged over buffers from 0 to the widest around each
 * event. Source: Paparrizos et al., "Volume under the surface", VLDB 2022; 250 thresholds, as TSB-AD 2024 takes.
 */
final class VolumeUnderSurface {
    private static final int THRESHOLDS = 250;

    private final double[] scores;
    private final boolean[] labels;
    private final int[] order;
    private final List<Event> segments;
    private final double[] thresholds = new double[THRESHOLDS];
    private final int[] flagged = new int[THRESHOLDS];

    private VolumeUnderSurface(double[] scores, boolean[] labels, int[] order) {
        this.scores = scores;
        this.labels = labels;
        this.order = order;
        this.segments = segments(labels);
        for (int k = 0; k < THRESHOLDS; k++) {
            int rank = (int) ((double) (scores.length - 1) * k / (THRESHOLDS - 1));
            thresholds[k] = scores[order[rank]];
            while (rank + 1 < scores.length && scores[order[rank + 1]] == thresholds[k]) {
                rank++;
            }
            flagged[k] = rank + 1;
        }
    }

    /** @param order rows by descending score; @param widest buffer in rows */
    static double of(double[] scores, boolean[] labels, int[] order, int widest) {
        VolumeUnderSurface surface = new VolumeUnderSurface(scores, labels, order);
        double sum = 0;
        for (int buffer = 0; buffer <= widest; buffer++) {
            sum += surface.area(buffer);
        }
        return sum / (widest + 1);
    }

    private double area(int buffer) {
        double[] weights = weights(buffer);
        double[] hits = cumulated(weights);
        double[] outside = weights.clone();
        double positives = 0;
        for (int i = 0; i < labels.length; i++) {
            positives += labels[i] ? 1 : 0;
            outside[i] = labels[i] ? 0 : weights[i];
        }
        double[] outsideHits = cumulated(outside);
        double[] peaks = peaks(buffer / 2);
        double area = 0;
        double before = 0;
        for (int k = 0; k < THRESHOLDS; k++) {
            double threshold = thresholds[k];
            double existence = (double) Arrays.stream(peaks)
                            .filter(peak -> peak >= threshold)
                            .count()
                    / peaks.length;
            double expected = (2 * positives + outsideHits[flagged[k]]) / 2;
            double recall = Math.min(1, hits[flagged[k]] / expected) * existence;
            area += (recall - before) * hits[flagged[k]] / flagged[k];
            before = recall;
        }
        return area;
    }

    /** 1 in an event, falling off over half a buffer on either side. */
    private double[] weights(int buffer) {
        double[] weights = new double[labels.length];
        for (Event event : segments) {
            Arrays.fill(weights, event.first(), event.last() + 1, 1);
            for (int distance = 1; distance <= buffer / 2; distance++) {
                double weight = Math.sqrt(1 - (double) distance / buffer);
                add(weights, event.last() + distance, weight);
                add(weights, event.first() - distance, weight);
            }
        }
        return weights;
    }

    private static void add(double[] weights, int row, double weight) {
        if (row >= 0 && row < weights.length) {
            weights[row] = Math.min(1, weights[row] + weight);
        }
    }

    private double[] cumulated(double[] weights) {
        double[] sums = new double[order.length + 1];
        for (int i = 0; i < order.length; i++) {
            sums[i + 1] = sums[i] + weights[order[i]];
        }
        return sums;
    }

    /** Highest score of each event with its buffers; events whose buffers touch are one. */
    private double[] peaks(int half) {
        List<Double> peaks = new ArrayList<>();
        int from = Math.max(0, segments.get(0).first() - half);
        for (int k = 0; k < segments.size(); k++) {
            int to = segments.get(k).last() + half;
            boolean last = k + 1 == segments.size();
            if (last || to < segments.get(k + 1).first() - half) {
                peaks.add(Arrays.stream(scores, from, Math.min(to, scores.length - 1) + 1)
                        .max()
                        .orElseThrow());
                from = last ? 0 : segments.get(k + 1).first() - half;
            }
        }
        return peaks.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static List<Event> segments(boolean[] labels) {
        List<Event> segments = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            int first = i;
            while (i < labels.length && labels[i]) {
                i++;
            }
            if (i > first) {
                segments.add(new Event(first, i - 1, ""));
            }
        }
        return segments;
    }
}

package io.smartdata.benchmarks.anomaly;

import io.smartdata.benchmarks.anomaly.LabelledSeries.Event;
import java.util.Arrays;
import java.util.List;

/**
 * The Numenta score, standard profile: each window is worth more the earlier it is found, each row outside the windows
 * costs up to 0.11, a missed window 1. Source: Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms",
 * ICMLA 2015.
 *
 * @param score 0 = never an alert, 100 = perfect
 * @param threshold from which a row is an alert
 */
record NabScore(double score, double threshold) {
    private static final double FALSE_ALERT = 0.11;
    private static final double BEST = sigmoid(-1);

    /** With the one threshold for all series that scores highest. */
    static NabScore best(List<LabelledSeries> corpus, List<double[]> scores) {
        return of(corpus, scores, Double.NaN);
    }

    /** With this threshold. */
    static NabScore at(double threshold, List<LabelledSeries> corpus, List<double[]> scores) {
        return of(corpus, scores, threshold);
    }

    private static NabScore of(List<LabelledSeries> corpus, List<double[]> scores, double fixed) {
        int windows = corpus.stream().mapToInt(series -> series.events().size()).sum();
        double[] judged = Ranking.pooled(corpusScores(corpus, scores));
        int[] window = new int[judged.length];
        double[] worth = new double[judged.length];
        int row = 0;
        int firstWindow = 0;
        for (LabelledSeries series : corpus) {
            for (int i = series.probation(); i < series.size(); i++, row++) {
                int event = lastEvent(series.events(), i);
                boolean inside = event >= 0 && series.events().get(event).holds(i);
                window[row] = inside ? firstWindow + event : -1;
                worth[row] = event < 0 ? -1 : worth(series.events().get(event), i);
            }
            firstWindow += series.events().size();
        }
        return sweep(judged, window, worth, windows, fixed);
    }

    private static NabScore sweep(double[] scores, int[] window, double[] worth, int windows, double fixed) {
        double[] found = new double[windows];
        Arrays.fill(found, -1);
        double total = -windows;
        double best = total;
        double at = Double.POSITIVE_INFINITY;
        int[] order = Ranking.descending(scores);
        for (int next = 0; next < order.length && !(scores[order[next]] < fixed); ) {
            double threshold = scores[order[next]];
            while (next < order.length && scores[order[next]] == threshold) {
                int i = order[next++];
                if (window[i] < 0) {
                    total += FALSE_ALERT * worth[i];
                } else if (worth[i] > found[window[i]]) {
                    total += worth[i] - found[window[i]];
                    found[window[i]] = worth[i];
                }
            }
            if (total > best) {
                best = total;
                at = threshold;
            }
        }
        boolean free = Double.isNaN(fixed);
        return new NabScore(100 * ((free ? best : total) + windows) / (2.0 * windows), free ? at : fixed);
    }

    private static List<double[]> corpusScores(List<LabelledSeries> corpus, List<double[]> scores) {
        return java.util.stream.IntStream.range(0, corpus.size())
                .mapToObj(k -> Arrays.copyOfRange(
                        scores.get(k), corpus.get(k).probation(), corpus.get(k).size()))
                .toList();
    }

    /** The event of this row or the latest before it; -1 if there is none. */
    private static int lastEvent(List<Event> events, int row) {
        int last = -1;
        for (int k = 0; k < events.size(); k++) {
            last = events.get(k).first() <= row ? k : last;
        }
        return last;
    }

    private static double worth(Event event, int row) {
        int length = event.last() - event.first() + 1;
        return event.holds(row)
                ? sigmoid(-(double) (event.last() - row + 1) / length) / BEST
                : sigmoid((double) (row - event.last()) / (length - 1));
    }

    private static double sigmoid(double x) {
        return x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
    }
}

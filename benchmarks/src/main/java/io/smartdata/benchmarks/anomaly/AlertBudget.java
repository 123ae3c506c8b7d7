package io.smartdata.benchmarks.anomaly;

import io.smartdata.benchmarks.anomaly.LabelledSeries.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The events found by one threshold for all series whose false alert episodes stay within a budget. An alarm that stands
 * outside the events counts again every half buffer.
 *
 * @param recall found events as a share of all
 * @param precision found events as a share of them and the false episodes
 * @param byType {found, all}
 */
record AlertBudget(double recall, double precision, double threshold, Map<String, int[]> byType) {
    private static final int CANDIDATES = 400;

    /** @param perThousand false episodes per 1 000 judged rows */
    static AlertBudget of(double perThousand, List<LabelledSeries> corpus, List<double[]> scores) {
        AlertBudget best = new AlertBudget(0, 0, Double.POSITIVE_INFINITY, Map.of());
        for (double threshold : candidates(corpus, scores)) {
            Count count = count(threshold, corpus, scores);
            if (1000.0 * count.falseEpisodes / count.rows <= perThousand && count.recall() > best.recall) {
                best = new AlertBudget(count.recall(), count.precision(), threshold, count.byType);
            }
        }
        return best;
    }

    /** Quantiles of all scores, dense at the top. */
    private static TreeSet<Double> candidates(List<LabelledSeries> corpus, List<double[]> scores) {
        double[][] judged = new double[corpus.size()][];
        for (int k = 0; k < judged.length; k++) {
            judged[k] = Arrays.copyOfRange(
                    scores.get(k), corpus.get(k).probation(), corpus.get(k).size());
        }
        double[] pool = Ranking.pooled(Arrays.asList(judged));
        Arrays.sort(pool);
        TreeSet<Double> candidates = new TreeSet<>();
        for (int k = 0; k < CANDIDATES; k++) {
            double share = Math.pow(10, -5.5 + 5.2 * k / (CANDIDATES - 1));
            int rank = (int) Math.max(0, Math.floor(pool.length * (1 - share)));
            candidates.add(pool[Math.min(pool.length - 1, rank)]);
        }
        return candidates;
    }

    static Count count(double threshold, List<LabelledSeries> corpus, List<double[]> scores) {
        Count count = new Count();
        for (int k = 0; k < corpus.size(); k++) {
            count.add(threshold, corpus.get(k), scores.get(k));
        }
        return count;
    }

    /** What one threshold finds. */
    static final class Count {
        private final Map<String, int[]> byType = new TreeMap<>();
        private long rows;
        private int found;
        private int events;
        private int falseEpisodes;

        private void add(double threshold, LabelledSeries series, double[] scores) {
            boolean[] hit = new boolean[series.events().size()];
            int gap = Math.max(1, series.buffer() / 2);
            int lastFalse = -gap - 1;
            for (int i = series.probation(); i < series.size(); i++) {
                if (scores[i] < threshold) {
                    continue;
                }
                int event = holding(series.events(), i);
                if (event >= 0) {
                    hit[event] = true;
                } else if (i - lastFalse > gap) {
                    falseEpisodes++;
                    lastFalse = i;
                }
            }
            rows += series.size() - series.probation();
            for (int k = 0; k < hit.length; k++) {
                Event event = series.events().get(k);
                if (event.last() >= series.probation()) {
                    int[] type = byType.computeIfAbsent(event.type(), name -> new int[2]);
                    type[0] += hit[k] ? 1 : 0;
                    type[1]++;
                    found += hit[k] ? 1 : 0;
                    events++;
                }
            }
        }

        private static int holding(List<Event> events, int row) {
            for (int k = 0; k < events.size(); k++) {
                if (events.get(k).holds(row)) {
                    return k;
                }
            }
            return -1;
        }

        double recall() {
            return (double) found / events;
        }

        double precision() {
            return found == 0 ? 0 : (double) found / (found + falseEpisodes);
        }

        /** False episodes per 1 000 judged rows. */
        double falseRate() {
            return 1000.0 * falseEpisodes / rows;
        }
    }
}

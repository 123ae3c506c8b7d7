package io.smartdata.benchmarks.anomaly;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.core.anomaly.Detectors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many labelled anomalies does a detector find, at what price in false alerts, CPU and memory? Run: {@code java -cp
 * benchmarks/target/benchmarks.jar io.smartdata.benchmarks.anomaly.QualityRunner --data DIR --detectors auto}.
 *
 * <p>Row by row on one thread; CPU time of that thread. All measures as defined in their classes.
 */
public final class QualityRunner {
    private static final List<String> CORPORA =
            List.of("nab", "cloudmon", "kpi-daily", "kpi-hourly", "typed", "kpi-real");

    private QualityRunner() {}

    /** @param scores size of the score of each row, -1e300 where there is none */
    private record Run(List<double[]> scores, double threshold, double pointsPerCpuSecond, int largestState) {}

    public static void main(String[] args) throws IOException {
        Map<String, String> options = options(args);
        Path data = Path.of(options.get("--data"));
        String corpora = options.getOrDefault("--corpora", String.join(",", CORPORA));
        double threshold = Double.parseDouble(options.getOrDefault("--threshold", "3.25"));
        for (String corpus : corpora.split(",")) {
            List<LabelledSeries> series = Corpus.read(data, corpus);
            for (String spec :
                    options.getOrDefault("--detectors", Detectors.DEFAULT).split(";")) {
                report(corpus, spec, series, run(Detectors.of(spec), series, threshold));
            }
        }
    }

    private static Map<String, String> options(String[] args) {
        return IntStream.range(0, args.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> args[2 * i], i -> args[2 * i + 1]));
    }

    private static Run run(AnomalyDetector detector, List<LabelledSeries> corpus, double threshold) {
        List<double[]> scores = new ArrayList<>();
        long nanos = 0;
        long rows = 0;
        int largest = 0;
        for (LabelledSeries series : corpus) {
            SeriesInfo info = SeriesInfo.inferred(
                    series.rows().stream().map(Observation::time).toList(), ZoneOffset.UTC);
            DetectorState state = detector.start(info);
            double[] sizes = new double[series.size()];
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < sizes.length; i++) {
                Observation row = series.rows().get(i);
                Judgement judgement = detector.judge(state, row.time(), row.value());
                sizes[i] = judgement.judged() ? Math.abs(judgement.score().getAsDouble()) : -1e300;
            }
            nanos += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            rows += sizes.length;
            largest = Math.max(largest, state.bytes().length);
            scores.add(sizes);
        }
        return new Run(scores, threshold, rows / (nanos / 1e9), largest);
    }

    private static void report(String corpus, String detector, List<LabelledSeries> series, Run run) {
        NabScore best = NabScore.best(series, run.scores);
        NabScore usual = NabScore.at(run.threshold, series, run.scores);
        double vus = 0;
        double precision = 0;
        int labelled = 0;
        for (int k = 0; k < series.size(); k++) {
            if (!series.get(k).events().isEmpty()) {
                boolean[] labels = series.get(k).labels();
                int[] order = Ranking.descending(run.scores.get(k));
                vus += VolumeUnderSurface.of(
                        run.scores.get(k), labels, order, series.get(k).buffer());
                precision += Ranking.averagePrecision(run.scores.get(k), labels, order);
                labelled++;
            }
        }
        AlertBudget one = AlertBudget.of(1, series, run.scores);
        AlertBudget five = AlertBudget.of(5, series, run.scores);
        AlertBudget.Count count = AlertBudget.count(run.threshold, series, run.scores);
        System.out.printf(
                Locale.ROOT,
                "%-10s %-16s NAB %5.1f (at %.2f; %5.1f at %.2f)  VUS-PR %.3f  AUC-PR %.3f  recall@1 %.3f (%.2f) @5 %.3f (%.2f)"
                        + "  default: recall %.3f false %.2f/1000  %,.0f points/CPU s  %d bytes%n",
                corpus,
                detector,
                best.score(),
                best.threshold(),
                usual.score(),
                usual.threshold(),
                vus / labelled,
                precision / labelled,
                one.recall(),
                one.threshold(),
                five.recall(),
                five.threshold(),
                count.recall(),
                count.falseRate(),
                run.pointsPerCpuSecond,
                run.largestState);
        System.out.println("    found at 5/1000: "
                + five.byType().entrySet().stream()
                        .map(type -> "%s %d/%d".formatted(type.getKey(), type.getValue()[0], type.getValue()[1]))
                        .collect(Collectors.joining(", ")));
    }
}

package io.smartdata.cli;

import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** The end of a judged series, the usual range around it, and a mark at each anomaly, as a PNG. */
final class DetectPlot {
    /** More rows than pixels show nothing more. */
    private static final int MOST_ROWS = 2000;

    private static final double BAND = 0.25;

    private DetectPlot() {}

    static void write(Path file, String title, DetectionResult result) throws IOException {
        XYChart chart = Plots.chart(title);
        int from = Math.max(0, result.observations().size() - MOST_ROWS);
        List<Observation> shown =
                result.observations().subList(from, result.observations().size());
        List<Judgement> judgements =
                result.judgements().subList(from, result.judgements().size());
        List<Date> times = shown.stream().map(row -> Date.from(row.time())).toList();
        bands(chart, times, judgements);
        if (!shown.isEmpty()) {
            Plots.line(
                    chart,
                    "value",
                    times,
                    shown.stream().map(Observation::value).toList(),
                    Plots.INK);
        }
        int[] anomalies = IntStream.range(0, shown.size())
                .filter(i -> judgements.get(i).anomaly())
                .toArray();
        if (anomalies.length > 0) {
            Plots.marks(
                    chart,
                    "anomaly",
                    IntStream.of(anomalies).mapToObj(times::get).toList(),
                    IntStream.of(anomalies).mapToObj(i -> shown.get(i).value()).toList());
        }
        Plots.write(chart, file);
    }

    /** A band for each stretch of rows with a usual range; the first stands for all in the legend. */
    private static void bands(XYChart chart, List<Date> times, List<Judgement> judgements) {
        int bands = 0;
        for (int from = 0; from < judgements.size(); ) {
            int to = from;
            List<Double> upper = new ArrayList<>();
            List<Double> lower = new ArrayList<>();
            for (; to < judgements.size() && Double.isFinite(judgements.get(to).expected()); to++) {
                upper.add(judgements.get(to).upper());
                lower.add(judgements.get(to).lower());
            }
            if (to > from) {
                bands++;
                Plots.ribbon(
                                chart,
                                bands == 1 ? "usual range" : "usual range " + bands,
                                times.subList(from, to),
                                upper,
                                lower,
                                BAND)
                        .setShowInLegend(bands == 1);
            }
            from = to + 1;
        }
    }
}

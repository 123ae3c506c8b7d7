package io.smartdata.benchmarks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Medians of the rounds, and the ratios of each round. */
record IngestReport(String place, int events, int batch, List<Map<String, Cost>> rounds, List<Bar> bars) {
    String text() {
        StringBuilder out = new StringBuilder();
        line(out, "%s; %,d events in batches of %,d; medians of %d rounds", place, events, batch, rounds.size());
        line(out, "");
        line(
                out,
                "%-21s %7s %9s %12s %12s %12s %9s %9s",
                "leg",
                "wall s",
                "events/s",
                "client CPU s",
                "server CPU s",
                "CPU us/event",
                "WAL B/ev",
                "table B/ev");
        for (String leg : legs()) {
            line(
                    out,
                    "%-21s %7.2f %,9.0f %12.2f %12.2f %12.2f %9.0f %9.0f",
                    leg,
                    median(leg, Cost::seconds),
                    median(leg, Cost::eventsPerSecond),
                    median(leg, Cost::clientCpu),
                    median(leg, Cost::serverCpu),
                    median(leg, Cost::cpuMicrosPerEvent),
                    median(leg, Cost::walBytesPerEvent),
                    median(leg, Cost::databaseBytesPerEvent));
        }
        line(out, "");
        line(out, "%-55s %6s %12s %6s %6s", "ratio (median of the rounds' ratios)", "ratio", "range", "bar", "reach");
        for (Bar bar : bars) {
            double[] ratios = bar.ratios(rounds);
            line(
                    out,
                    "%-55s %6.2f %5.2f - %4.2f %6s %6s",
                    bar.question(),
                    Figures.median(ratios),
                    Figures.quantile(0, ratios),
                    Figures.quantile(1, ratios),
                    orDash(bar.bar()),
                    orDash(bar.reach()));
        }
        return out.toString();
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String orDash(double figure) {
        return Double.isNaN(figure) ? "-" : String.valueOf(figure);
    }

    private Set<String> legs() {
        return rounds.get(0).keySet();
    }

    private double median(String leg, ToDoubleFunction<Cost> figure) {
        return Figures.median(rounds.stream()
                .mapToDouble(round -> figure.applyAsDouble(requireNonNull(round.get(leg))))
                .toArray());
    }

    ObjectNode json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("place", place).put("events", events).put("batch", batch).put("rounds", rounds.size());
        ObjectNode medians = root.putObject("medians");
        for (String leg : legs()) {
            medians.putObject(leg)
                    .put("seconds", median(leg, Cost::seconds))
                    .put("eventsPerSecond", median(leg, Cost::eventsPerSecond))
                    .put("clientCpuSeconds", median(leg, Cost::clientCpu))
                    .put("serverCpuSeconds", median(leg, Cost::serverCpu))
                    .put("cpuMicrosPerEvent", median(leg, Cost::cpuMicrosPerEvent))
                    .put("walBytesPerEvent", median(leg, Cost::walBytesPerEvent))
                    .put("databaseBytesPerEvent", median(leg, Cost::databaseBytesPerEvent));
        }
        ObjectNode ratios = root.putObject("ratios");
        for (Bar bar : bars) {
            double[] values = bar.ratios(rounds);
            ratios.putObject(bar.question())
                    .put("ratio", Figures.median(values))
                    .put("lowest", Figures.quantile(0, values))
                    .put("highest", Figures.quantile(1, values))
                    .put("bar", bar.bar())
                    .put("reach", bar.reach());
        }
        return root;
    }
}

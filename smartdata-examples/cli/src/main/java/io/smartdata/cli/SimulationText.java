package io.smartdata.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.anomaly.Simulation;
import java.io.PrintWriter;
import java.util.Locale;

/** A {@link Simulation} for people and for programs. */
final class SimulationText {
    private SimulationText() {}

    static void print(String series, Simulation simulation, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %s judged, %.1f weeks%n  threshold  by chance/1000  anomalies  alerts  alerts/week  most in a week%n",
                series,
                Counted.of(simulation.judged(), "value"),
                simulation.weeks());
        for (Simulation.Row row : simulation.rows()) {
            out.printf(
                    Locale.ROOT,
                    "  %9.1f %15s %10d %7d %12.2f %15d%n",
                    row.threshold(),
                    row.falsePerThousand() < 0.001
                            ? "< 0.001"
                            : String.format(Locale.ROOT, "%.3f", row.falsePerThousand()),
                    row.anomalies(),
                    row.alerts(),
                    row.alertsPerWeek(),
                    row.mostInAWeek());
        }
    }

    static void json(Simulation simulation, ObjectNode node) {
        node.put("judged", simulation.judged());
        node.put("weeks", simulation.weeks());
        ArrayNode rows = node.putArray("sensitivities");
        for (Simulation.Row row : simulation.rows()) {
            ObjectNode one = rows.addObject();
            one.put("threshold", row.threshold());
            one.put("falsePerThousand", row.falsePerThousand());
            one.put("anomalies", row.anomalies());
            one.put("alerts", row.alerts());
            one.put("alertsPerWeek", row.alertsPerWeek());
            one.put("mostInAWeek", row.mostInAWeek());
        }
    }
}

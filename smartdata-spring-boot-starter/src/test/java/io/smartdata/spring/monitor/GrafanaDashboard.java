package io.smartdata.spring.monitor;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.core.health.AlertRule;
import io.smartdata.core.health.AlertRules;
import io.smartdata.core.health.Health;
import io.smartdata.core.observe.Meter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dashboard of every meter, in the JSON model of Grafana 10 and later. */
final class GrafanaDashboard {
    private static final int SCHEMA_VERSION = 39;
    private static final int COLUMNS = 24;
    private static final int HEIGHT = 8;

    /** Every node of the chosen jobs. */
    private static final String NODES = "{job=~\"$job\"}";

    private static final Map<String, Object> DATA_SOURCE = ordered("type", "prometheus", "uid", "${datasource}");

    private final List<Object> panels = new ArrayList<>();
    private int x;
    private int y;

    private GrafanaDashboard() {}

    /** One line, or one for each value of a label, in a panel. */
    private record Line(String expression, String legend) {}

    static String json(AlertRules rules) throws IOException {
        GrafanaDashboard dashboard = new GrafanaDashboard();
        dashboard.health(rules);
        dashboard.ingest();
        dashboard.queries();
        dashboard.derivedAnswers();
        dashboard.jobs();
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        return new ObjectMapper().writer(printer).writeValueAsString(dashboard.model()) + "\n";
    }

    private void health(AlertRules rules) {
        row("Health");
        statuses();
        alarming("Lag", Meter.KPI_LAG, "s", rules.lag());
        alarming("Backlog", Meter.KPI_BACKLOG, "short", rules.backlog());
        alarming("Derived answers overdue", Meter.DERIVED_OVERDUE, "s", rules.overdue());
    }

    private void ingest() {
        row("Ingest");
        panel("Events", Meter.INGEST_EVENTS, "eps", 12, rate(Meter.INGEST_EVENTS));
        panel("Time of a call", Meter.INGEST_DURATION, "s", 12, meanAndGreatest(Meter.INGEST_DURATION));
        panel("Events of a call", Meter.INGEST_BATCH_SIZE, "short", 12, meanAndGreatest(Meter.INGEST_BATCH_SIZE));
        panel(
                "Memory of running calls",
                Meter.INGEST_IN_FLIGHT,
                "bytes",
                12,
                new Line(
                        "sum by (instance) (%s)".formatted(Metric.of(Meter.INGEST_IN_FLIGHT) + NODES), "{{instance}}"));
        panel("Calls turned away", Meter.INGEST_THROTTLED, "ops", 12, rate(Meter.INGEST_THROTTLED));
        panel("Dead letters", Meter.DEAD_LETTERS, "eps", 12, rate(Meter.DEAD_LETTERS));
    }

    private void queries() {
        row("Queries");
        panel("Queries", Meter.QUERY_DURATION, "ops", 8, calls(Meter.QUERY_DURATION));
        panel("Mean time", Meter.QUERY_DURATION, "s", 8, mean(Meter.QUERY_DURATION));
        panel("Longest time", Meter.QUERY_DURATION, "s", 8, greatest(Meter.QUERY_DURATION));
    }

    private void derivedAnswers() {
        row("Anomalies and forecasts");
        panel("Anomalies found", Meter.ANOMALY_FOUND, "eps", 8, rate(Meter.ANOMALY_FOUND));
        panel("Fits of forecasts", Meter.FORECAST_FIT, "ops", 8, calls(Meter.FORECAST_FIT));
        panel("Mean time of a fit", Meter.FORECAST_FIT, "s", 8, mean(Meter.FORECAST_FIT));
    }

    private void jobs() {
        row("Jobs");
        panel("Runs", Meter.JOBS_RUN, "ops", 8, calls(Meter.JOBS_RUN));
        panel("Mean time of a run", Meter.JOBS_RUN, "s", 8, mean(Meter.JOBS_RUN));
        panel("Longest run", Meter.JOBS_RUN, "s", 8, greatest(Meter.JOBS_RUN));
    }

    private static Line rate(Meter counter) {
        return by(counter, "sum", "rate(%s[$__rate_interval])".formatted(Metric.of(counter) + NODES), "");
    }

    private static Line calls(Meter timer) {
        return by(timer, "sum", "rate(%s[$__rate_interval])".formatted(Metric.count(timer) + NODES), "");
    }

    private static Line mean(Meter timer) {
        Line sum = by(timer, "sum", "rate(%s[$__rate_interval])".formatted(Metric.sum(timer) + NODES), "mean");
        return new Line(sum.expression() + " / " + calls(timer).expression(), sum.legend());
    }

    private static Line greatest(Meter timer) {
        return by(timer, "max", Metric.greatest(timer) + NODES, "max");
    }

    private static Line[] meanAndGreatest(Meter timer) {
        return new Line[] {mean(timer), greatest(timer)};
    }

    /** Adds up nodes, and tells apart by the meter's own tags. */
    private static Line by(Meter meter, String aggregation, String inner, String legend) {
        List<String> labels = meter.tags().stream().map(GrafanaDashboard::label).toList();
        String grouping = labels.isEmpty() ? "" : "by (" + String.join(", ", labels) + ") ";
        String legends = String.join(
                " ", labels.stream().map(label -> "{{" + label + "}}").toList());
        return new Line("%s %s(%s)".formatted(aggregation, grouping, inner), legends.isEmpty() ? legend : legends);
    }

    /** Prometheus keeps {@code job} for the application it asks, and renames the label of ours. */
    private static String label(String tag) {
        return tag.equals("job") ? "exported_job" : tag;
    }

    private void statuses() {
        Map<String, Object> texts = new LinkedHashMap<>();
        List<String> colors = List.of("green", "orange", "red");
        for (Health.Status status : Health.Status.values()) {
            texts.put(
                    String.valueOf(status.ordinal()),
                    ordered("text", status.name().toLowerCase(Locale.ROOT), "color", colors.get(status.ordinal())));
        }
        Map<String, Object> defaults =
                ordered("mappings", List.of(ordered("type", "value", "options", texts)), "noValue", "not measured");
        String health = Metric.of(Meter.HEALTH) + NODES;
        add(
                "stat",
                "Components",
                Meter.HEALTH,
                6,
                defaults,
                ordered(
                        "colorMode",
                        "background",
                        "graphMode",
                        "none",
                        "reduceOptions",
                        ordered("calcs", List.of("lastNotNull"), "fields", "", "values", false)),
                new Line("max by (component) (%s)".formatted(health), "{{component}}"));
    }

    /** A figure with the lines at which its alert is cleared and raised. */
    private void alarming(String title, Meter meter, String unit, AlertRule rule) {
        List<Object> steps = new ArrayList<>();
        steps.add(step("green", null));
        if (rule.clearBelow() < rule.raiseAbove()) {
            steps.add(step("orange", rule.clearBelow()));
        }
        steps.add(step("red", rule.raiseAbove()));
        Map<String, Object> defaults = defaults(unit);
        defaults.put("custom", ordered("thresholdsStyle", ordered("mode", "line")));
        defaults.put("thresholds", ordered("mode", "absolute", "steps", steps));
        String figure = "max by (job) (%s)".formatted(Metric.of(meter) + NODES);
        add("timeseries", title, meter, 6, defaults, ordered(), new Line(figure, "{{job}}"));
    }

    private static Map<String, Object> step(String color, @Nullable Double value) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("color", color);
        step.put("value", value);
        return step;
    }

    private void panel(String title, Meter meter, String unit, int width, Line... lines) {
        add("timeseries", title, meter, width, defaults(unit), ordered(), lines);
    }

    private static Map<String, Object> defaults(String unit) {
        return ordered("unit", unit, "min", 0);
    }

    private void add(
            String type,
            String title,
            Meter meter,
            int width,
            Map<String, Object> defaults,
            Map<String, Object> options,
            Line... lines) {
        List<Object> targets = new ArrayList<>();
        for (Line line : lines) {
            targets.add(ordered(
                    "refId", String.valueOf((char) ('A' + targets.size())),
                    "datasource", DATA_SOURCE,
                    "expr", line.expression(),
                    "legendFormat", line.legend()));
        }
        Map<String, Object> panel = at(type, title, width, HEIGHT);
        panel.put("description", meter.description());
        panel.put("datasource", DATA_SOURCE);
        panel.put("fieldConfig", ordered("defaults", defaults, "overrides", List.of()));
        panel.put("options", options);
        panel.put("targets", targets);
        panels.add(panel);
    }

    private void row(String title) {
        Map<String, Object> row = at("row", title, COLUMNS, 1);
        row.put("collapsed", false);
        row.put("panels", List.of());
        panels.add(row);
        y++;
    }

    /** From left to right, in lines of equal height. */
    private Map<String, Object> at(String type, String title, int width, int height) {
        if (x + width > COLUMNS || type.equals("row")) {
            y += x > 0 ? HEIGHT : 0;
            x = 0;
        }
        Map<String, Object> panel = ordered(
                "id",
                panels.size() + 1,
                "type",
                type,
                "title",
                title,
                "gridPos",
                ordered("x", x, "y", y, "w", width, "h", height));
        x += type.equals("row") ? 0 : width;
        return panel;
    }

    private Map<String, Object> model() {
        Map<String, Object> dataSource =
                ordered("name", "datasource", "label", "Data source", "type", "datasource", "query", "prometheus");
        Map<String, Object> job = ordered(
                "name",
                "job",
                "label",
                "Application",
                "type",
                "query",
                "datasource",
                DATA_SOURCE,
                "query",
                "label_values(%s, job)".formatted(Metric.of(Meter.KPI_BACKLOG)),
                "refresh",
                2,
                "multi",
                true,
                "includeAll",
                true,
                "allValue",
                ".*");
        return ordered(
                "uid",
                "smartdata",
                "title",
                "smartdata",
                "description",
                "Health, ingest, queries, anomalies, forecasts and jobs of smartdata.",
                "tags",
                List.of("smartdata"),
                "schemaVersion",
                SCHEMA_VERSION,
                "version",
                1,
                "editable",
                true,
                "graphTooltip",
                1,
                "timezone",
                "browser",
                "refresh",
                "1m",
                "time",
                ordered("from", "now-6h", "to", "now"),
                "annotations",
                ordered("list", List.of()),
                "templating",
                ordered("list", List.of(dataSource, job)),
                "panels",
                panels);
    }

    /** A map in the order it is written down here. */
    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}

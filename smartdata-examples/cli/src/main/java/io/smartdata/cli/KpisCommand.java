package io.smartdata.cli;

import io.smartdata.core.SmartData;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.export.KpiRows;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "kpis",
        mixinStandardHelpOptions = true,
        description = {
            "Answers a KPI query, fresh at commit. Without --kpi it lists the KPIs that have data.",
            "CSV columns: org,source,kpi,bucket,dimension,value,events; values are exact decimals; source is empty when merged."
        },
        footer = {
            "",
            "Every event name has KPIs of its own: NAME.sum, NAME.avg, NAME.count, NAME.distinct (subjects).",
            "Example: smartdata kpis --org acme --kpi order_placed.sum --from 2026-01-01 --to 2026-02-01"
        })
final class KpisCommand implements Callable<Integer> {
    enum OutputFormat {
        TABLE,
        CSV,
        JSON
    }

    @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
    private String org = "";

    @Option(names = "--kpi", paramLabel = "KPI", description = "Which KPI. Default: list their names")
    private @Nullable String kpi;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only this source. Default: all, merged")
    private @Nullable String source;

    @Option(names = "--by-source", description = "Keep sources apart.")
    private boolean bySource;

    @Option(names = "--from", paramLabel = "DAY", description = "First local day. Default: the first with events")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Local day after the last. Default: after all events")
    private @Nullable LocalDate to;

    @Option(names = "--grain", paramLabel = "GRAIN", description = "hour, day, week, month, quarter or year.")
    private @Nullable Grain grain;

    @Option(names = "--dimension", paramLabel = "NAME", description = "Break the KPI down by this dimension.")
    private @Nullable String dimension;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "With --dimension: the N greatest values, the rest as other.")
    private int top;

    @Option(names = "--format", defaultValue = "table", description = "table, csv or json. Default: table")
    private OutputFormat format = OutputFormat.TABLE;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    @Mixin
    private Database database = new Database();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        try (SmartData smartData = database.open()) {
            OrgScope scope = Database.operator(smartData, org);
            if (kpi == null) {
                names(smartData.kpis(scope).names());
            } else {
                KpiSeries series = smartData.kpis(scope).series(query(kpi));
                print(series);
                if (series.points().isEmpty()) {
                    hint(smartData.kpis(scope).names());
                }
            }
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    private void hint(List<String> names) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(names.isEmpty() ? "No KPI has data yet." : "No data. KPIs with data: " + String.join(", ", names));
        err.flush();
    }

    private KpiQuery query(String name) {
        KpiQuery query = KpiQuery.of(name)
                .between(from == null ? CellRange.FIRST_DAY : from, to == null ? CellRange.END : to)
                .grain(grain)
                .source(source)
                .dimension(dimension)
                .top(top);
        return bySource ? query.keepSources() : query;
    }

    private void names(List<String> names) {
        PrintWriter out = spec.commandLine().getOut();
        if (json || format == OutputFormat.JSON) {
            var root = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
            var array = root.putArray("kpis");
            names.forEach(array::add);
            out.println(root);
        } else {
            names.forEach(out::println);
        }
    }

    private void print(KpiSeries series) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json || format == OutputFormat.JSON) {
            out.println(
                    "{\"kpi\":%s,\"grain\":\"%s\",\"zone\":\"%s\",\"dataFreshAsOf\":\"%s\",\"truncated\":%b,\"exact\":%b,\"points\":%s}"
                            .formatted(
                                    com.fasterxml.jackson.databind.node.TextNode.valueOf(
                                            series.kpi().name()),
                                    series.grain().name().toLowerCase(Locale.ROOT),
                                    series.zone(),
                                    series.dataFreshAsOf(),
                                    series.truncated(),
                                    series.exact(),
                                    points(series)));
        } else if (format == OutputFormat.CSV) {
            write(series, ExportFormat.CSV, out);
        } else {
            table(series, out);
        }
    }

    /** The rows as a JSON array. */
    private String points(KpiSeries series) {
        StringWriter lines = new StringWriter();
        write(series, ExportFormat.NDJSON, lines);
        return lines.toString().lines().collect(Collectors.joining(",", "[", "]"));
    }

    private void write(KpiSeries series, ExportFormat rowFormat, Writer out) {
        KpiRows rows = new KpiRows(OrgId.of(org), rowFormat, out);
        rows.add(series);
        rows.finish();
    }

    private static void table(KpiSeries series, PrintWriter out) {
        out.printf(
                "%s, per %s, %s%n", series.kpi().name(), series.grain().name().toLowerCase(Locale.ROOT), series.zone());
        for (KpiPoint point : series.points()) {
            out.printf(
                    "  %-16s %-12s %-20s %20s  %s%s%n",
                    point.bucket(),
                    point.source(),
                    point.dimension(),
                    point.valueText(),
                    Counted.of(point.events(), "event"),
                    point.complete() ? "" : "  (not complete)");
        }
        boolean oneLine = series.points().stream()
                .allMatch(point -> point.source().isEmpty() && point.dimension().isEmpty());
        if (oneLine && series.points().size() > 1) {
            out.println("  " + Sparkline.of(series.toTimeSeries().values(), 72));
        }
        out.println(series.points().isEmpty() ? "  no data in this range" : "  fresh as of " + series.dataFreshAsOf());
    }
}

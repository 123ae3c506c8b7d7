package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.FormulaSafe;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.storage.StoredForecast;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.Writer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a result with their column names, written as CSV or NDJSON.
 *
 * @param columns names
 * @param texts columns that hold text a spreadsheet might run
 * @param rows cells in column order; empty text for what is not there
 */
record ResultRows(List<String> columns, List<String> texts, Stream<List<String>> rows) {
    private static final List<String> KPI_COLUMNS =
            List.of("org", "source", "kpi", "bucket", "dimension", "value", "events");

    /** Points of one series. */
    static ResultRows points(String org, KpiSeries series) {
        return new ResultRows(
                KPI_COLUMNS,
                List.of("org", "source", "kpi", "dimension"),
                series.points().stream().map(point -> row(org, series.kpi().name(), point)));
    }

    /** Every KPI with data, per source. */
    static ResultRows kpis(
            SmartData smartData,
            OrgScope scope,
            @Nullable String source,
            @Nullable LocalDate from,
            @Nullable LocalDate to) {
        Kpis kpis = smartData.kpis(scope);
        LocalDate first = from == null ? CellRange.FIRST_DAY : from;
        LocalDate end = to == null ? CellRange.END : to;
        Stream<List<String>> rows = kpis.names().stream()
                .flatMap(name ->
                        kpis
                                .series(KpiQuery.of(name)
                                        .between(first, end)
                                        .source(source)
                                        .keepSources())
                                .points()
                                .stream()
                                .map(point -> row(scope.org().value(), name, point)));
        return new ResultRows(KPI_COLUMNS, List.of("org", "source", "kpi", "dimension"), rows);
    }

    static ResultRows anomalies(SmartData smartData, OrgScope scope, @Nullable LocalDate from, @Nullable LocalDate to) {
        List<StoredAnomaly> found = smartData
                .anomalies(scope)
                .found(Optional.empty(), from == null ? CellRange.FIRST_DAY : from, to == null ? CellRange.END : to);
        return new ResultRows(
                List.of(
                        "org",
                        "kpi",
                        "source",
                        "bucket",
                        "value",
                        "expected",
                        "lower",
                        "upper",
                        "score",
                        "severity",
                        "shape",
                        "detector",
                        "reason",
                        "incident"),
                List.of("org", "kpi", "source", "reason", "incident"),
                found.stream()
                        .map(anomaly -> List.of(
                                scope.org().value(),
                                anomaly.series().kpi(),
                                anomaly.series().source(),
                                anomaly.bucket(),
                                DetectCommand.number(anomaly.value()),
                                DetectCommand.number(anomaly.expected()),
                                DetectCommand.number(anomaly.lower()),
                                DetectCommand.number(anomaly.upper()),
                                DetectCommand.number(anomaly.score()),
                                anomaly.severity(),
                                anomaly.shape(),
                                anomaly.detector(),
                                anomaly.reason(),
                                anomaly.incident() == null ? "" : anomaly.incident())));
    }

    static ResultRows forecasts(SmartData smartData, OrgScope scope) {
        List<StoredForecast> made = smartData.forecasts(scope).latest();
        return new ResultRows(
                List.of(
                        "org",
                        "kpi",
                        "source",
                        "bucket",
                        "mean",
                        "lower_80",
                        "upper_80",
                        "lower_95",
                        "upper_95",
                        "model",
                        "score",
                        "grade"),
                List.of("org", "kpi", "source"),
                made.stream()
                        .flatMap(forecast -> forecast.points().stream()
                                .map(point -> List.of(
                                        scope.org().value(),
                                        forecast.series().kpi(),
                                        forecast.series().source(),
                                        point.bucket(),
                                        DetectCommand.number(point.mean()),
                                        DetectCommand.number(point.lower80()),
                                        DetectCommand.number(point.upper80()),
                                        DetectCommand.number(point.lower95()),
                                        DetectCommand.number(point.upper95()),
                                        forecast.model(),
                                        forecast.reliabilityScore() == null
                                                ? ""
                                                : forecast.reliabilityScore().toString(),
                                        forecast.grade()))));
    }

    private static List<String> row(String org, String kpi, KpiPoint point) {
        return List.of(
                org,
                point.source(),
                kpi,
                point.bucket(),
                point.dimension(),
                point.valueText(),
                Long.toString(point.events()));
    }

    /**
     * @return rows written
     */
    long write(ExportCommand.OutputFormat format, Writer out) throws IOException {
        return format == ExportCommand.OutputFormat.CSV ? csv(out) : ndjson(out);
    }

    private long csv(Writer out) throws IOException {
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
        csv.writeRecord(columns);
        long[] written = {0};
        rows.forEach(row -> {
            csv.writeRecord(safe(row));
            written[0]++;
        });
        csv.flush();
        return written[0];
    }

    private List<String> safe(List<String> row) {
        List<String> cells = new ArrayList<>(row);
        for (int i = 0; i < cells.size(); i++) {
            if (texts.contains(columns.get(i))) {
                cells.set(i, FormulaSafe.text(cells.get(i)));
            }
        }
        return cells;
    }

    private long ndjson(Writer out) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        long written = 0;
        for (List<String> row : (Iterable<List<String>>) rows::iterator) {
            ObjectNode node = mapper.createObjectNode();
            for (int i = 0; i < columns.size(); i++) {
                node.put(columns.get(i), row.get(i));
            }
            out.append(node.toString()).append('\n');
            written++;
        }
        return written;
    }

    /** One JSON array of objects. */
    String json() {
        ObjectMapper mapper = new ObjectMapper();
        var array = mapper.createArrayNode();
        rows.forEach(row -> {
            ObjectNode node = array.addObject();
            for (int i = 0; i < columns.size(); i++) {
                node.put(columns.get(i), row.get(i));
            }
        });
        return array.toString();
    }
}

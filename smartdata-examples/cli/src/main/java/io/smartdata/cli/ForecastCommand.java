package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.SmartDataException;
import io.smartdata.core.forecast.Forecasters;
import io.smartdata.core.ingest.InvalidInputException;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.Interval;
import io.smartdata.forecast.Regressors;
import io.smartdata.series.TimeSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "forecast",
        mixinStandardHelpOptions = true,
        description = {
            "Continues every series of a file.",
            "In: CSV series_id,timestamp,value or timestamp,value or series_id,t,value; plain or gzip; empty value = missing.",
            "Out: CSV series_id,step,mean,lower_80,upper_80,lower_95,upper_95,model."
        },
        footer = {
            "",
            "Examples:",
            "  smartdata forecast --in sales.csv --horizon 14",
            "  smartdata forecast --in sales.csv --horizon 28 --season 7 --model \"sarimax(1,1,1)(0,1,1)7\" --out next.csv",
            "  smartdata forecast --in y.csv --horizon 14 --xreg weather.csv --xreg-future weather-forecast.csv"
        })
final class ForecastCommand implements Callable<Integer> {
    @Option(names = "--in", required = true, paramLabel = "FILE", description = "Series to continue.")
    private Path in = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "Where the forecasts go. Default: standard output")
    private @Nullable Path out;

    @Option(names = "--horizon", required = true, paramLabel = "H", description = "Steps to predict.")
    private int horizon;

    @Option(
            names = "--season",
            paramLabel = "M",
            description = "Season in steps; may be repeated. Default: by the grid")
    private List<Integer> seasons = List.of();

    @Option(
            names = "--model",
            defaultValue = "auto",
            paramLabel = "SPEC",
            description = "auto, sarimax(p,d,q)(P,D,Q)s, theta, seasonal-naive or constant. Default: auto")
    private String model = "auto";

    @Option(names = "--levels", split = ",", defaultValue = "80,95", description = "Interval levels. Default: 80,95")
    private List<Double> levels = List.of();

    @Option(names = "--non-negative", description = "Cut means and bounds off at zero.")
    private boolean nonNegative;

    @Option(
            names = "--xreg",
            paramLabel = "FILE",
            description = "Known influences in the past: [series_id,]timestamp,x1,...")
    private @Nullable Path xreg;

    @Option(names = "--xreg-future", paramLabel = "FILE", description = "The same influences over the horizon.")
    private @Nullable Path xregFuture;

    @Option(names = "--json", description = "Print one JSON object with parameters and fit times.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What one series came to. */
    private record Result(String series, Forecast forecast, double millis) {}

    @Override
    public Integer call() throws IOException {
        Forecaster forecaster = Forecasters.of(model);
        if (!Files.isReadable(in)) {
            throw new SmartDataException("unreadable_input", in + " is not a readable file. Name a CSV file.");
        }
        if ((xreg == null) != (xregFuture == null)) {
            throw new ParameterException(spec.commandLine(), "--xreg and --xreg-future go together.");
        }
        Map<String, List<SeriesFile.Row>> series = SeriesFile.read(in).bySeries();
        Influences influences = xreg == null || xregFuture == null
                ? null
                : new Influences(SeriesFile.read(xreg), SeriesFile.read(xregFuture));
        List<Result> results = series.entrySet().parallelStream()
                .map(entry -> forecast(forecaster, entry.getKey(), entry.getValue(), influences))
                .toList();
        write(results);
        return 0;
    }

    /** Known influences of all series. */
    private record Influences(SeriesFile.Content past, SeriesFile.Content future) {
        Regressors of(String series, TimeSeries history, int horizon) {
            List<double[]> rows = new ArrayList<>();
            List<SeriesFile.Row> known = rows(past, series);
            for (int column = 0; column < past.columns().size(); column++) {
                double[] values = known.isEmpty()
                        ? new double[0]
                        : SeriesFile.onGrid(known, column).values();
                requireRows(values.length, history.size(), "--xreg");
                for (int i = 0; i < history.size(); i++) {
                    if (column == 0) {
                        rows.add(new double[past.columns().size()]);
                    }
                    rows.get(i)[column] = values[i];
                }
            }
            List<SeriesFile.Row> next = rows(future, series);
            requireRows(next.size(), horizon, "--xreg-future");
            next.stream().limit(horizon).forEach(row -> rows.add(row.values()));
            return Regressors.of(past.columns(), rows.toArray(double[][]::new));
        }

        private static List<SeriesFile.Row> rows(SeriesFile.Content content, String series) {
            Map<String, List<SeriesFile.Row>> bySeries = content.bySeries();
            return bySeries.getOrDefault(series, bySeries.getOrDefault("", List.of()));
        }

        private static void requireRows(int rows, int needed, String option) {
            if (rows < needed) {
                throw new InvalidInputException(
                        "invalid_csv",
                        0,
                        null,
                        "%s has %d rows where %d are needed: one per row of the series and step of the horizon."
                                .formatted(option, rows, needed),
                        null);
            }
        }
    }

    private Result forecast(
            Forecaster forecaster, String id, List<SeriesFile.Row> rows, @Nullable Influences influences) {
        TimeSeries history = SeriesFile.onGrid(rows, 0);
        ForecastRequest request = ForecastRequest.of(history, horizon)
                .withLevels(levels)
                .withNonNegative(nonNegative)
                .withRegressors(influences == null ? null : influences.of(id, history, horizon));
        request = seasons.isEmpty()
                ? request
                : request.withSeasons(
                        seasons.stream().filter(season -> season > 1).toList());
        long start = System.nanoTime();
        Forecast forecast = forecaster.forecast(request);
        return new Result(id, forecast, (System.nanoTime() - start) / 1e6);
    }

    private void write(List<Result> results) throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (out != null) {
            try (Writer file = Files.newBufferedWriter(out, StandardCharsets.UTF_8)) {
                csv(results, file);
            }
        } else if (!json) {
            csv(results, stdout);
        }
        if (json) {
            stdout.println(json(results));
        }
        stdout.flush();
    }

    private void csv(List<Result> results, Writer to) throws IOException {
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(to);
        List<Double> ordered = levels.stream().sorted().distinct().toList();
        List<String> header = new ArrayList<>(List.of("series_id", "step", "mean"));
        ordered.forEach(level -> header.addAll(List.of("lower_" + plain(level), "upper_" + plain(level))));
        header.add("model");
        csv.writeRecord(header);
        for (Result result : results) {
            for (ForecastPoint point : result.forecast().points()) {
                List<String> row = new ArrayList<>(
                        List.of(result.series(), Integer.toString(point.step()), DetectCommand.number(point.mean())));
                for (Interval interval : point.intervals()) {
                    row.add(DetectCommand.number(interval.lower()));
                    row.add(DetectCommand.number(interval.upper()));
                }
                row.add(result.forecast().modelId());
                csv.writeRecord(row);
            }
        }
        csv.flush();
    }

    private static String plain(double level) {
        return level == Math.rint(level) ? Integer.toString((int) level) : Double.toString(level);
    }

    private static ObjectNode json(List<Result> results) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode array = root.putArray("series");
        for (Result result : results) {
            Forecast forecast = result.forecast();
            FittedModel fitted = forecast.model();
            ObjectNode node = array.addObject();
            node.put("series_id", result.series());
            node.put("model", forecast.modelId());
            node.put("explanation", forecast.explanation());
            node.put("fallbackReason", forecast.fallbackReason());
            ObjectNode parameters = node.putObject("parameters");
            fitted.parameters().forEach(parameters::put);
            node.put("logLikelihood", fitted.logLikelihood());
            node.put("aicc", fitted.aicc());
            node.put("observations", fitted.observations());
            node.put("fitMillis", result.millis());
            ArrayNode mean = node.putArray("mean");
            Arrays.stream(forecast.means()).forEach(mean::add);
        }
        return root;
    }
}

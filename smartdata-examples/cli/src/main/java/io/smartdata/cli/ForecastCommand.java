package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.SmartDataException;
import io.smartdata.core.export.FigureText;
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
import java.util.stream.DoubleStream;
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
            "Out: CSV series_id,step,mean,lower_80,upper_80,lower_95,upper_95,model; with --out also a line a series to look at."
        },
        footer = {
            "",
            "Examples:",
            "  smartdata forecast --in sales.csv --horizon 14",
            "  smartdata forecast --in sales.csv --horizon 28 --season 7 --model \"sarimax(1,1,1)(0,1,1)7\" --out next.csv",
            "  smartdata forecast --in sales.csv --horizon 28 --out next.csv --plot next.png",
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
            description =
                    "auto, sarimax(p,d,q)(P,D,Q)s, ets, theta, dotm, ces, mstl:ets, seasonal-naive, constant and more; an "
                            + "unknown one answers with all. Default: auto")
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

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw the forecast as a PNG; of several series one each, FILE-SERIES.png.")
    private @Nullable Path plot;

    @Option(names = "--json", description = "Print one JSON object with parameters and fit times.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Series that are shown, one a line. */
    private static final int SHOWN = 20;

    /** Steps of history in a line. */
    private static final int SHOWN_PAST = 56;

    /**
     * What one series came to.
     *
     * @param numbered true if its time is a number of steps
     */
    private record Result(String series, TimeSeries history, boolean numbered, Forecast forecast, double millis) {}

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
        if (plot != null) {
            for (Result result : results) {
                ForecastPlot.write(
                        plotOf(plot, result, results.size()),
                        "%s  %s"
                                .formatted(result.series(), result.forecast().modelId())
                                .strip(),
                        result.history(),
                        result.forecast(),
                        result.numbered());
            }
        }
        return 0;
    }

    /** A series id may hold anything; a file name may not. */
    private static Path plotOf(Path plot, Result result, int series) {
        if (series == 1) {
            return plot;
        }
        String name = String.valueOf(plot.getFileName());
        int dot = name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
        String id = result.series().replaceAll("[^\\p{L}\\p{N}._-]", "_");
        return plot.resolveSibling(name.substring(0, dot) + "-" + id + name.substring(dot));
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
                        "%s has %s where %d are needed: one per row of the series and step of the horizon."
                                .formatted(option, Counted.of(rows, "row"), needed),
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
        double millis = (System.nanoTime() - start) / 1e6;
        boolean numbered = rows.get(0).text().chars().allMatch(Character::isDigit);
        return new Result(id, history, numbered, forecast, millis);
    }

    private void write(List<Result> results) throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (out != null) {
            try (Writer file = Files.newBufferedWriter(out, StandardCharsets.UTF_8)) {
                csv(results, file);
            }
            if (!json) {
                show(results, stdout);
            }
        } else if (!json) {
            csv(results, stdout);
        }
        if (json) {
            stdout.println(json(results));
        }
        stdout.flush();
    }

    /** The end of each history and, behind the bar, its forecast on the same scale. */
    private static void show(List<Result> results, PrintWriter stdout) {
        for (Result result : results.subList(0, Math.min(SHOWN, results.size()))) {
            double[] past = result.history().values();
            double[] recent = Arrays.copyOfRange(past, Math.max(0, past.length - SHOWN_PAST), past.length);
            double[] ahead = result.forecast().means();
            double[] all = DoubleStream.concat(Arrays.stream(recent), Arrays.stream(ahead))
                    .toArray();
            String line = Sparkline.of(all, all.length);
            stdout.printf(
                    "%-16s %s|%s  %s%n",
                    result.series(),
                    line.substring(0, recent.length),
                    line.substring(recent.length),
                    result.forecast().modelId());
        }
        if (results.size() > SHOWN) {
            stdout.printf("and %,d more%n", results.size() - SHOWN);
        }
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
                        List.of(result.series(), Integer.toString(point.step()), FigureText.of(point.mean())));
                for (Interval interval : point.intervals()) {
                    row.add(FigureText.of(interval.lower()));
                    row.add(FigureText.of(interval.upper()));
                }
                row.add(result.forecast().modelId());
                csv.writeRecord(row);
            }
        }
        csv.flush();
    }

    static String plain(double level) {
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
            learnt(fitted, node);
            node.put("observations", fitted.observations());
            ArrayNode members = node.putArray("members");
            fitted.members()
                    .forEach(member -> learnt(member, members.addObject().put("model", member.id())));
            node.put("fitMillis", result.millis());
            ArrayNode mean = node.putArray("mean");
            Arrays.stream(forecast.means()).forEach(mean::add);
        }
        return root;
    }

    private static void learnt(FittedModel model, ObjectNode node) {
        ObjectNode parameters = node.putObject("parameters");
        model.parameters().forEach(parameters::put);
        node.put("logLikelihood", model.logLikelihood());
        node.put("aicc", model.aicc());
    }
}

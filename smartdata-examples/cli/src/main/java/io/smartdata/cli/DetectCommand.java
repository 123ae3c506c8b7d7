package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.core.anomaly.Detection;
import io.smartdata.core.anomaly.Detectors;
import io.smartdata.core.anomaly.Simulation;
import io.smartdata.core.export.FigureText;
import io.smartdata.core.ingest.InvalidInputException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "detect",
        mixinStandardHelpOptions = true,
        description = {
            "Scores every row of a series by the rows before it.",
            "In: CSV timestamp,value (plain or gzip); a folder is mirrored file by file.",
            "Out: CSV timestamp,score,anomaly,expected,lower,upper,severity; one row per input row, same order. The score is the"
                    + " distance from the expected value in sigma; empty while the history is too short."
        },
        footer = {
            "",
            "Examples:",
            "  smartdata detect --in series/ --out verdicts/",
            "  smartdata detect --in sales.csv --simulate",
            "  smartdata detect --in sales.csv --plot sales.png --threshold 4"
        })
final class DetectCommand implements Callable<Integer> {
    @Option(names = "--in", required = true, paramLabel = "FILE|DIR", description = "Series to judge.")
    private Path in = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE|DIR",
            description = "Where the verdicts go. Required without --simulate and --plot.")
    private @Nullable Path out;

    @Option(
            names = "--detector",
            defaultValue = "auto",
            paramLabel = "NAME",
            description =
                    "A detector, with options as in rolling-zscore(window=7): ${COMPLETION-CANDIDATES}. Default: auto",
            completionCandidates = DetectorNames.class)
    private String detector = "auto";

    @Option(names = "--threshold", paramLabel = "SIGMA", description = "Sigma from which a row is an anomaly.")
    private @Nullable Double threshold;

    @Option(names = "--season", paramLabel = "STEPS", description = "Length of a season in rows; may be repeated.")
    private int[] seasons = {};

    @Option(
            names = "--simulate",
            description = "Print how many alerts a week each sensitivity would have raised over the history.")
    private boolean simulate;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the judged series as a PNG; --in is one file.")
    private @Nullable Path plot;

    @Option(names = "--json", description = "Print a summary as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Map<String, Simulation> simulations = new LinkedHashMap<>();

    private int files;
    private long rows;
    private long anomalies;

    @Override
    public Integer call() throws IOException {
        AnomalyDetector judge = Detectors.of(detector);
        if (!Files.exists(in)) {
            throw new SmartDataException(
                    "unreadable_input", in + " does not exist. Name a CSV file or a folder of them.");
        }
        if (out == null && !simulate && plot == null) {
            throw new ParameterException(
                    spec.commandLine(), "Say where the verdicts go: --out; or use --simulate or --plot.");
        }
        if (plot != null && Files.isDirectory(in)) {
            throw new ParameterException(spec.commandLine(), "--plot draws one series. Name one file in --in.");
        }
        if (out != null && Files.exists(out) && Files.isSameFile(in, out)) {
            throw new SmartDataException("usage", "--out is the input itself. Name another file or folder.");
        }
        if (Files.isDirectory(in)) {
            try (Stream<Path> tree = Files.walk(in)) {
                for (Path file : tree.filter(DetectCommand::isSeries).sorted().toList()) {
                    detect(judge, file, out == null ? null : mirrored(out, file));
                    progress(file);
                }
            }
        } else {
            detect(judge, in, out);
        }
        summary();
        return 0;
    }

    private static boolean isSeries(Path path) {
        String name = path.getFileName().toString();
        return Files.isRegularFile(path) && (name.endsWith(".csv") || name.endsWith(".csv.gz"));
    }

    private Path mirrored(Path folder, Path file) {
        String relative = in.relativize(file).toString();
        return folder.resolve(relative.endsWith(".gz") ? relative.substring(0, relative.length() - 3) : relative);
    }

    private void detect(AnomalyDetector judge, Path from, @Nullable Path to) throws IOException {
        List<SeriesFile.Row> read = SeriesFile.read(from).rows();
        requireAscending(read, from);
        List<Observation> observations = read.stream()
                .map(row -> new Observation(row.time().toInstant(ZoneOffset.UTC), row.values()[0]))
                .toList();
        DetectionResult result = Detection.run(judge, info(observations), observations);
        if (to != null) {
            write(to, read, result);
        }
        if (plot != null) {
            DetectPlot.write(plot, "%s  %s".formatted(from.getFileName(), result.detector()), result);
        }
        if (simulate) {
            simulations.put(name(from), Simulation.of(result, Instant.MIN));
        }
        files++;
        rows += read.size();
        anomalies += result.anomalies().size();
    }

    private static void write(Path to, List<SeriesFile.Row> read, DetectionResult result) throws IOException {
        Path folder = to.toAbsolutePath().getParent();
        if (folder == null) {
            throw new SmartDataException("usage", to + " is not a file that can be written.");
        }
        Files.createDirectories(folder);
        WholeFile.write(to, out -> {
            CsvWriter csv = CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            csv.writeRecord("timestamp", "score", "anomaly", "expected", "lower", "upper", "severity");
            for (int i = 0; i < read.size(); i++) {
                write(csv, read.get(i).text(), result.judgements().get(i));
            }
            csv.flush();
            return read.size();
        });
    }

    private SeriesInfo info(List<Observation> observations) {
        SeriesInfo info =
                SeriesInfo.inferred(observations.stream().map(Observation::time).toList(), ZoneOffset.UTC);
        info = seasons.length == 0 ? info : info.withSeasons(seasons);
        return threshold == null ? info : info.withThreshold(threshold);
    }

    private static void requireAscending(List<SeriesFile.Row> read, Path file) {
        for (int i = 1; i < read.size(); i++) {
            if (read.get(i).time().isBefore(read.get(i - 1).time())) {
                throw new InvalidInputException(
                        "invalid_time",
                        read.get(i).line(),
                        "timestamp",
                        "%s, line %d: times must ascend. Sort the rows."
                                .formatted(file, read.get(i).line()),
                        null);
            }
        }
    }

    private static void write(CsvWriter csv, String timestamp, Judgement judgement) {
        csv.writeRecord(
                timestamp,
                judgement.judged() ? FigureText.of(Math.abs(judgement.score().getAsDouble())) : "",
                judgement.judged() ? Boolean.toString(judgement.anomaly()) : "",
                FigureText.of(judgement.expected()),
                FigureText.of(judgement.lower()),
                FigureText.of(judgement.upper()),
                judgement.judged() ? judgement.severity().name().toLowerCase(Locale.ROOT) : "");
    }

    private void progress(Path file) {
        if (System.console() != null) {
            PrintWriter err = spec.commandLine().getErr();
            err.print("\r%s, %s   ".formatted(Counted.of(files, "file"), in.relativize(file)));
            err.flush();
        }
    }

    private String name(Path file) {
        return String.valueOf(Files.isDirectory(in) ? in.relativize(file) : file.getFileName());
    }

    private void summary() {
        if (simulate && !json) {
            PrintWriter stdout = spec.commandLine().getOut();
            simulations.forEach((series, simulation) -> SimulationText.print(series, simulation, stdout));
            stdout.flush();
        }
        PrintWriter to = json ? spec.commandLine().getOut() : spec.commandLine().getErr();
        if (json) {
            ObjectNode root = new ObjectMapper().createObjectNode();
            root.put("detector", detector);
            root.put("files", files);
            root.put("rows", rows);
            root.put("anomalies", anomalies);
            if (simulate) {
                ArrayNode array = root.putArray("simulations");
                simulations.forEach((series, simulation) ->
                        SimulationText.json(simulation, array.addObject().put("series", series)));
            }
            to.println(root);
        } else {
            to.printf(
                    "%s, %s, %s%n",
                    Counted.of(files, "file"), Counted.of(rows, "row"), Counted.of(anomalies, "anomaly", "anomalies"));
        }
        to.flush();
    }

    /** For the help text. */
    static final class DetectorNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Detectors.names().iterator();
        }
    }
}

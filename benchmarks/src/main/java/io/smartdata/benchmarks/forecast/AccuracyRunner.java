package io.smartdata.benchmarks.forecast;

import io.smartdata.benchmarks.Figures;
import io.smartdata.benchmarks.Options;
import io.smartdata.core.forecast.Forecasters;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How good and how dear is a forecaster on the recorded series, beside R and statsmodels on the first of them? Run:
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.forecast.AccuracyRunner --data DIR}.
 *
 * <p>{@code --origin train} foretells the ends of the training halves from what is before them and never reads the test
 * halves: the origin to choose settings by.
 */
public final class AccuracyRunner {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private AccuracyRunner() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Options options = Options.parse(
                args,
                Map.of(
                        "--data",
                        "",
                        "--set",
                        "all",
                        "--limit",
                        "0",
                        "--model",
                        "auto",
                        "--origin",
                        "test",
                        "--folds",
                        "1",
                        "--threads",
                        "1"));
        Path data = Path.of(options.text("--data"));
        List<String> sets = options.text("--set").equals("all") ? Folder.names() : list(options, "--set");
        boolean train = options.text("--origin").equals("train");
        ExecutorService workers = Executors.newFixedThreadPool(options.integer("--threads"));
        try {
            List<String> models = list(options, "--model");
            double[][][] figures = new double[models.size()][sets.size()][];
            for (int s = 0; s < sets.size(); s++) {
                Folder recorded = Folder.read(data, sets.get(s), options.integer("--limit"));
                Folder folder = train ? recorded.insideTraining(options.integer("--folds")) : recorded;
                List<Score> naive2 = train ? naive2(folder) : naive2(folder, Recorded.naive2(data, sets.get(s)));
                System.out.printf(
                        "%n%s, %s: %d forecasts of %d steps, season %d%n",
                        folder.name(),
                        train ? "inside the training halves" : "test halves",
                        folder.cases().size(),
                        folder.horizon(),
                        folder.season());
                System.out.println(Row.HEADER);
                List<Recorded.Method> others = train
                        ? List.of()
                        : Recorded.methods(data, sets.get(s)).stream()
                                .filter(it -> it.series() <= recorded.cases().size())
                                .toList();
                for (int m = 0; m < models.size(); m++) {
                    List<Score> scores = scores(folder, Forecasters.of(models.get(m)), workers);
                    figures[m][s] = printed(models.get(m), scores, naive2, others);
                }
                others.forEach(it -> System.out.println(Row.of(it.name(), it.series(), new double[] {
                    it.scores().smape(),
                    it.scores().mase(),
                    it.owa(),
                    it.scores().coverage80(),
                    it.scores().coverage95(),
                    it.scores().msis(),
                    it.scores().cpuSeconds(),
                    Double.NaN
                })));
            }
            summary(models, figures);
        } finally {
            workers.shutdownNow();
        }
    }

    private static List<String> list(Options options, String name) {
        // commas inside the brackets of an ARIMA order are part of the name
        return Arrays.stream(options.text(name).split(",(?![^(]*\\))"))
                .map(String::strip)
                .toList();
    }

    private static List<Score> naive2(Folder folder) {
        return folder.cases().stream()
                .map(it -> Score.of(
                        it.future(),
                        Naive2.forecast(it.history().values(), folder.season(), folder.horizon()),
                        it.scale(folder.season())))
                .toList();
    }

    private static List<Score> naive2(Folder folder, Map<String, Score> recorded) {
        return folder.cases().stream().map(it -> recorded.get(it.id())).toList();
    }

    private static List<Score> scores(Folder folder, Forecaster forecaster, ExecutorService workers)
            throws InterruptedException, ExecutionException {
        List<Future<Score>> running = new ArrayList<>();
        for (Folder.Case it : folder.cases()) {
            running.add(workers.submit(() -> score(folder, it, forecaster)));
        }
        List<Score> result = new ArrayList<>();
        for (Future<Score> score : running) {
            result.add(score.get());
        }
        return result;
    }

    private static Score score(Folder folder, Folder.Case it, Forecaster forecaster) {
        ForecastRequest request = ForecastRequest.of(it.history(), folder.horizon())
                .withSeasons(folder.season() > 1 ? List.of(folder.season()) : List.of());
        long start = THREADS.getCurrentThreadCpuTime();
        Forecast forecast = forecaster.forecast(request);
        double seconds = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
        return Score.of(it, forecast, it.scale(folder.season()), seconds);
    }

    /** Also on the first series alone where others were recorded on these only. */
    private static double[] printed(
            String model, List<Score> scores, List<Score> naive2, List<Recorded.Method> others) {
        others.stream()
                .mapToInt(Recorded.Method::series)
                .distinct()
                .filter(first -> first < scores.size())
                .forEach(first -> System.out.println(
                        Row.of(model, first, figures(scores.subList(0, first), naive2.subList(0, first)))));
        double[] all = figures(scores, naive2);
        System.out.println(Row.of(model, scores.size(), all));
        return all;
    }

    private static double[] figures(List<Score> scores, List<Score> naive2) {
        int[] used = IntStream.range(0, scores.size())
                .filter(i -> scores.get(i).comparable() && naive2.get(i).comparable())
                .toArray();
        Score mean = Score.mean(Arrays.stream(used).mapToObj(scores::get).toList());
        Score reference = Score.mean(Arrays.stream(used).mapToObj(naive2::get).toList());
        double median = Figures.median(
                Arrays.stream(used).mapToDouble(i -> scores.get(i).cpuSeconds()).toArray());
        return new double[] {
            mean.smape(),
            mean.mase(),
            mean.owa(reference),
            mean.coverage80(),
            mean.coverage95(),
            mean.msis(),
            mean.cpuSeconds(),
            median
        };
    }

    private static void summary(List<String> models, double[][][] figures) {
        System.out.printf("%nmeans over %d sets%n%s%n", figures[0].length, Row.HEADER);
        for (int m = 0; m < models.size(); m++) {
            double[][] ofModel = figures[m];
            double[] mean = IntStream.range(0, ofModel[0].length)
                    .mapToDouble(k -> Arrays.stream(ofModel)
                            .mapToDouble(row -> row[k])
                            .average()
                            .orElse(Double.NaN))
                    .toArray();
            System.out.println(Row.of(models.get(m), ofModel.length, mean));
            System.out.printf(
                    Locale.ROOT,
                    "%-28s worst set: 95 %% interval covers %.1f %%%n",
                    "",
                    Arrays.stream(ofModel).mapToDouble(row -> row[4]).min().orElse(Double.NaN));
        }
    }

    /** One line of the table; what is not known is a dash. */
    private static final class Row {
        static final String HEADER = String.format(
                "%-28s %6s %8s %8s %8s %8s %8s %8s %8s %8s",
                "", "N", "sMAPE", "MASE", "OWA", "in 80 %", "in 95 %", "MSIS", "CPU s", "median");
        private static final String[] FORMATS = {"%.3f", "%.4f", "%.4f", "%.1f", "%.1f", "%.2f", "%.4f", "%.4f"};

        static String of(String name, int series, double[] figures) {
            StringBuilder row = new StringBuilder(String.format("%-28s %6d", name, series));
            for (int k = 0; k < figures.length; k++) {
                String cell = Double.isNaN(figures[k]) ? "-" : String.format(Locale.ROOT, FORMATS[k], figures[k]);
                row.append(String.format(" %8s", cell));
            }
            return row.toString();
        }
    }
}

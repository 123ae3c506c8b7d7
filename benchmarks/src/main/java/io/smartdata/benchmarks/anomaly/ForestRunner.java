package io.smartdata.benchmarks.anomaly;

import com.amazon.randomcutforest.RandomCutForest;
import io.smartdata.benchmarks.Cost;
import io.smartdata.benchmarks.Figures;
import io.smartdata.benchmarks.Options;
import io.smartdata.core.anomaly.IsolationForest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Does our isolation forest rank outliers as well as others do, and what does it take beside them? All forests have 100
 * trees (the random cut forest its usual 50) of 256 rows. CPU seconds of the process, to grow the forest and to score every
 * row, as a median of several runs.
 *
 * <p>Run, with the peers beside our jar: {@code mvn -pl benchmarks dependency:copy-dependencies -DincludeScope=provided
 * -DoutputDirectory=target/peers}, then {@code java -cp "benchmarks/target/benchmarks.jar:benchmarks/target/peers/*"
 * io.smartdata.benchmarks.anomaly.ForestRunner --data DIR}, a folder of gzipped CSV tables whose last column is 1 for an
 * outlier.
 */
public final class ForestRunner {
    /** scikit-learn 1.2.1, IsolationForest(n_estimators=100, max_samples=256), one run on each table. */
    private static final Map<String, Double> SCIKIT_LEARN = Map.ofEntries(
            Map.entry("mammography", .864),
            Map.entry("thyroid", .975),
            Map.entry("cardio", .933),
            Map.entry("satellite", .670),
            Map.entry("annthyroid", .812),
            Map.entry("satimage-2", .992),
            Map.entry("pendigits", .956),
            Map.entry("shuttle", .998),
            Map.entry("smtp", .900),
            Map.entry("cover", .878),
            Map.entry("http", .999));

    private ForestRunner() {}

    /** Grows and scores. */
    private interface Forest {
        double[] scores(OutlierTable table, int seed);
    }

    /** What the runs on one table came to. */
    private record Outcome(double cpuSeconds, double areaUnderRoc) {
        static Outcome of(Forest forest, OutlierTable table, int runs) {
            double[] cpu = new double[runs];
            double[] area = new double[runs];
            for (int run = 0; run < runs; run++) {
                double before = Cost.cpuSeconds();
                double[] scores = forest.scores(table, 1 + run);
                cpu[run] = Cost.cpuSeconds() - before;
                area[run] = table.areaUnderRoc(scores);
            }
            return new Outcome(
                    Figures.median(cpu), Arrays.stream(area).average().orElseThrow());
        }
    }

    public static void main(String[] args) throws IOException {
        Options options =
                Options.parse(args, Map.of("--data", "", "--runs", "5", "--peer-runs", "3", "--peer-rows", "100000"));
        List<OutlierTable> tables = new ArrayList<>(List.of(OutlierTable.synthetic()));
        try (Stream<Path> files = Files.list(Path.of(options.text("--data")))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".csv.gz"))
                    .sorted()
                    .toList()) {
                tables.add(OutlierTable.read(file));
            }
        }
        System.out.println(
                "| table | smartdata | Smile 3.1.1 | random cut forest | scikit-learn |\n|---|---|---|---|---|");
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (OutlierTable table : tables) {
            Outcome own = Outcome.of(ForestRunner::smartdata, table, options.integer("--runs"));
            boolean beside = table.rows() <= options.integer("--peer-rows");
            String smile = beside ? cell(Outcome.of(ForestRunner::smile, table, options.integer("--peer-runs"))) : "";
            String cuts =
                    beside ? cell(Outcome.of(ForestRunner::randomCuts, table, options.integer("--peer-runs"))) : "";
            Double recorded = SCIKIT_LEARN.get(table.name());
            if (recorded != null) {
                ours.add(own.areaUnderRoc());
                theirs.add(recorded);
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s %dx%d | %s | %s | %s | %s |%n",
                    table.name(),
                    table.rows(),
                    table.columns(),
                    cell(own),
                    smile,
                    cuts,
                    recorded == null ? "" : recorded);
        }
        System.out.printf(
                Locale.ROOT,
                "%nMean ROC-AUC of %d tables: smartdata %.4f, scikit-learn %.4f%n",
                ours.size(),
                mean(ours),
                mean(theirs));
    }

    private static double[] smartdata(OutlierTable table, int seed) {
        return IsolationForest.fit(
                        table.values(), table.columns(), IsolationForest.TREES, IsolationForest.SUBSAMPLE, seed)
                .scores(table.values());
    }

    /** It takes the share of rows for a tree, and a greatest depth, which the paper sets at log2 of them. */
    private static double[] smile(OutlierTable table, int seed) {
        smile.math.MathEx.setSeed(seed);
        double[][] rows = table.asRows();
        int depth = 8;
        return smile.anomaly.IsolationForest.fit(
                        rows,
                        IsolationForest.TREES,
                        depth,
                        Math.min(1, (double) IsolationForest.SUBSAMPLE / rows.length),
                        0)
                .score(rows);
    }

    /** A stream to it: all rows pass before any is scored. */
    private static double[] randomCuts(OutlierTable table, int seed) {
        RandomCutForest forest = RandomCutForest.builder()
                .dimensions(table.columns())
                .sampleSize(IsolationForest.SUBSAMPLE)
                .numberOfTrees(RandomCutForest.DEFAULT_NUMBER_OF_TREES)
                .shingleSize(1)
                .randomSeed(seed)
                .build();
        double[][] rows = table.asRows();
        for (double[] row : rows) {
            forest.update(row);
        }
        return Arrays.stream(rows).mapToDouble(forest::getAnomalyScore).toArray();
    }

    private static String cell(Outcome outcome) {
        return String.format(Locale.ROOT, "%.2f s, %.3f", outcome.cpuSeconds(), outcome.areaUnderRoc());
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}

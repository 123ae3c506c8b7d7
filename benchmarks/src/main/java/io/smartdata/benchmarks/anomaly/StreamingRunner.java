package io.smartdata.benchmarks.anomaly;

import com.amazon.randomcutforest.RandomCutForest;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.benchmarks.Cost;
import io.smartdata.benchmarks.Figures;
import io.smartdata.benchmarks.Options;
import io.smartdata.core.anomaly.Detectors;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many values of daily series does each detector judge in a CPU second, and what does it remember of a series, beside a
 * random cut forest (8-step shingle, its defaults) in the same JVM? Run:
 * {@code java -Xmx2g -cp "benchmarks/target/benchmarks.jar:benchmarks/target/peers/*"
 * io.smartdata.benchmarks.anomaly.StreamingRunner}.
 *
 * <p>Bytes are what the heap holds more for each series after its last value; the last three of five rounds count for the
 * speed.
 */
public final class StreamingRunner {
    private static final int SHINGLE = 8;
    private static final int ROUNDS = 5;
    private static final long SEED = 20_260_101;
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    private StreamingRunner() {}

    /** What judges one series from its first value on. */
    private interface Stream {
        void judge(Instant time, double value);
    }

    public static void main(String[] args) {
        Options options = Options.parse(args, Map.of("--series", "100", "--peer-series", "10", "--days", "730"));
        int days = options.integer("--days");
        double cuts = row("random cut forest", options.integer("--peer-series"), days, StreamingRunner::randomCuts);
        for (String name : Detectors.names()) {
            AnomalyDetector detector = Detectors.of(name);
            double pointsPerSecond = row(name, options.integer("--series"), days, () -> ours(detector));
            System.out.printf(Locale.ROOT, "%-20s %,9.1f times the random cut forest%n", "", pointsPerSecond / cuts);
        }
    }

    private static double row(String name, int series, int days, Supplier<Stream> start) {
        double[] pointsPerSecond = new double[ROUNDS];
        double[] bytes = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            round(series, days, start, round, pointsPerSecond, bytes);
        }
        double median =
                Figures.median(pointsPerSecond[ROUNDS - 3], pointsPerSecond[ROUNDS - 2], pointsPerSecond[ROUNDS - 1]);
        System.out.printf(
                Locale.ROOT, "%-20s %,9.0f values/CPU s  %,9.0f bytes a series%n", name, median, Figures.median(bytes));
        return median;
    }

    /** In a frame of its own, so that nothing of it is left when the next one looks at the heap. */
    private static void round(
            int series, int days, Supplier<Stream> start, int round, double[] pointsPerSecond, double[] bytes) {
        double[] values = new Random(SEED).doubles(days, 80, 120).toArray();
        long heap = heapBytes();
        double cpu = Cost.cpuSeconds();
        List<Stream> streams =
                IntStream.range(0, series).mapToObj(i -> start.get()).collect(Collectors.toCollection(ArrayList::new));
        for (int day = 0; day < days; day++) {
            Instant time = START.plus(day, ChronoUnit.DAYS);
            for (Stream stream : streams) {
                stream.judge(time, values[day] + 20 * (day % 7));
            }
        }
        pointsPerSecond[round] = (double) series * days / (Cost.cpuSeconds() - cpu);
        bytes[round] = (double) (heapBytes() - heap) / streams.size();
    }

    private static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Stream ours(AnomalyDetector detector) {
        DetectorState state = detector.start(SeriesInfo.daily(ZoneOffset.UTC));
        return (time, value) -> detector.judge(state, time, value);
    }

    private static Stream randomCuts() {
        RandomCutForest forest = RandomCutForest.builder()
                .dimensions(SHINGLE)
                .shingleSize(SHINGLE)
                .internalShinglingEnabled(true)
                .randomSeed(SEED)
                .build();
        return (time, value) -> {
            double[] point = {value};
            forest.getAnomalyScore(point);
            forest.update(point);
        };
    }
}

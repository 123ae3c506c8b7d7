package io.smartdata.benchmarks;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.core.anomaly.Detection;
import io.smartdata.core.anomaly.Detectors;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of judging one value of a daily series; the rolling z-score is the baseline.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar DetectBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
public class DetectBenchmark {
    private static final int DAYS = 3650;

    @Param({"rolling-zscore", "robust-zscore", "auto", "isolation-forest"})
    private String detector = "";

    private AnomalyDetector judge = Detectors.of(Detectors.DEFAULT);
    private TimeSeries series = TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, new double[0]);

    @Setup
    public void makeSeries() {
        Random random = new Random(1);
        double[] values = new double[DAYS];
        for (int i = 0; i < DAYS; i++) {
            values[i] = 1000 + 100 * (i % 7) + random.nextGaussian() * 20;
        }
        series = TimeSeries.daily(LocalDate.of(2016, 1, 1), ZoneOffset.UTC, values);
        judge = Detectors.of(detector);
    }

    @Benchmark
    @OperationsPerInvocation(DAYS)
    public DetectionResult judge() {
        return Detection.run(judge, series);
    }
}

package io.smartdata.benchmarks.forecast;

import io.smartdata.core.forecast.Forecasters;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of fitting exponential smoothing to a daily series with a weekly season; seasonal naive is the baseline, and R's
 * {@code ets} takes 0.4 s for two years. Run: {@code java -jar benchmarks/target/benchmarks.jar SmoothingBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class SmoothingBenchmark {
    @Param({"90", "365", "730"})
    private int days;

    @Param({"seasonal-naive", "theta", "dotm", "ets(A,N,A)", "ets", "ces", "mstl:ets"})
    private String model = "";

    private Forecaster forecaster = Forecasters.of("constant");
    private ForecastRequest request =
            ForecastRequest.of(TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, new double[] {1}), 14);

    @Setup
    public void makeSeries() {
        Random random = new Random(1);
        double[] values = new double[days];
        double level = 1000;
        for (int i = 0; i < days; i++) {
            level += random.nextGaussian() * 10;
            values[i] = level * (1 + 0.1 * Math.sin(2 * Math.PI * i / 7)) + random.nextGaussian() * 20;
        }
        request = request.withHistory(TimeSeries.daily(LocalDate.of(2024, 1, 1), ZoneOffset.UTC, values));
        forecaster = Forecasters.of(model);
    }

    @Benchmark
    public FittedModel fit() {
        return forecaster.fit(request);
    }
}

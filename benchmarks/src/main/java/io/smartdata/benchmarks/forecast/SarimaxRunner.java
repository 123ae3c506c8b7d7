package io.smartdata.benchmarks.forecast;

import static java.util.Objects.requireNonNull;

import io.smartdata.benchmarks.Figures;
import io.smartdata.benchmarks.Options;
import io.smartdata.core.forecast.Forecasters;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * How fast and how good is a fixed seasonal ARIMA order, beside JDemetra+ in the same JVM and the recorded statsmodels? Run:
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.forecast.SarimaxRunner --data DIR}.
 */
public final class SarimaxRunner {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long WARM_UP_NANOS = 700_000_000L;
    /** A reading of the clock spans at least this long. */
    private static final long READING_NANOS = 4_000_000;

    private SarimaxRunner() {}

    /**
     * What one case took.
     *
     * @param gap best known log-likelihood minus ours
     * @param peerGap the same of JDemetra+
     * @param ms CPU milliseconds of our fit
     * @param path CPU milliseconds of our prediction with the fitted model
     */
    private record Row(GoldenSarimax golden, double gap, double peerGap, double ms, double peerMs, double path) {
        double ratio() {
            return peerMs / ms;
        }

        double statsmodels() {
            return 1000 * golden.statsmodelsSeconds() / ms;
        }
    }

    public static void main(String[] args) throws IOException {
        Options options = Options.parse(args, Map.of("--data", "", "--rounds", "21", "--case", "all"));
        List<Row> rows = new ArrayList<>();
        System.out.printf(
                "%-34s %9s %9s %8s %8s %7s %8s %8s%n",
                "case", "gap", "peer gap", "ms", "peer ms", "ratio", "statsm.", "path ms");
        for (GoldenSarimax golden : GoldenSarimax.all(Path.of(options.text("--data")))) {
            if (options.text("--case").equals("all") || golden.id().contains(options.text("--case"))) {
                Row row = measured(golden, options.integer("--rounds"));
                rows.add(row);
                print(row);
            }
        }
        System.out.println();
        print("all", rows, row -> true);
        print("with gaps", rows, row -> row.golden().gaps());
        print("n = 1000", rows, row -> row.golden().y().length == 1000);
        print("with regressors", rows, row -> row.golden().regressors().length > 0);
    }

    private static Row measured(GoldenSarimax golden, int rounds) {
        Forecaster forecaster = Forecasters.of(golden.spec());
        ForecastRequest request = golden.request();
        JDemetra peer = new JDemetra();
        FittedModel model = forecaster.fit(request);
        List<DoubleSupplier> legs = List.of(
                () -> requireNonNull(forecaster.fit(request).logLikelihood()),
                () -> peer.fit(golden),
                () -> forecaster.forecast(model, request).points().get(0).mean());
        int[] times = legs.stream().mapToInt(SarimaxRunner::warmed).toArray();
        double[][] ms = new double[legs.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int leg = 0; leg < times.length; leg++) {
                ms[leg][round] = milliseconds(legs.get(leg), times[leg]);
            }
        }
        return new Row(
                golden,
                golden.best() - requireNonNull(model.logLikelihood()),
                golden.best() - peer.fit(golden),
                Figures.median(ms[0]),
                Figures.median(ms[1]),
                Figures.median(ms[2]));
    }

    /** Runs until compiled; the number of runs that make one reading. */
    private static int warmed(DoubleSupplier leg) {
        long start = THREADS.getCurrentThreadCpuTime();
        int runs = 0;
        do {
            leg.getAsDouble();
            runs++;
        } while (THREADS.getCurrentThreadCpuTime() - start < WARM_UP_NANOS);
        return (int) (1 + READING_NANOS * runs / WARM_UP_NANOS);
    }

    private static double milliseconds(DoubleSupplier leg, int times) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            leg.getAsDouble();
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e6 / times;
    }

    private static void print(Row row) {
        System.out.printf(
                Locale.ROOT,
                "%-34s %9.5f %9.4f %8.3f %8.3f %7.1f %8.0f %8.3f%n",
                row.golden().id(),
                row.gap(),
                row.peerGap(),
                row.ms(),
                row.peerMs(),
                row.ratio(),
                row.statsmodels(),
                row.path());
    }

    private static void print(String what, List<Row> rows, Predicate<Row> of) {
        List<Row> some = rows.stream().filter(of).toList();
        System.out.printf(
                Locale.ROOT,
                "median, %-16s (%2d): JDemetra+ / ours %6.1f, statsmodels / ours %6.0f, ours %.3f ms, path %.3f ms%n",
                what,
                some.size(),
                median(some, Row::ratio),
                median(some, Row::statsmodels),
                median(some, Row::ms),
                median(some, Row::path));
    }

    private static double median(List<Row> rows, ToDoubleFunction<Row> figure) {
        return Figures.median(rows.stream().mapToDouble(figure).toArray());
    }
}

package io.smartdata.benchmarks;

import io.smartdata.core.kpi.KpiFold;
import io.smartdata.core.kpi.KpiPlan;
import io.smartdata.core.kpi.KpiStates;
import io.smartdata.event.Event;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiDelta;
import java.util.ArrayList;
import java.util.List;
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
 * Cost of merging one delta of a cell, as compaction does: with a distinct sketch, with a percentile sketch, beside the bare
 * sum without a sketch. A sketch of many events is estimated, one of few is exact.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar MergeBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
public class MergeBenchmark {
    private static final int DELTAS = 50;

    @Param({"100", "10000"})
    public int eventsPerDelta;

    private final KpiStates states = new KpiStates();
    private List<byte[]> sums = List.of();
    private List<byte[]> distinct = List.of();
    private List<byte[]> percentiles = List.of();

    @Setup
    public void makeDeltas() {
        sums = deltas(Kpi.sum("revenue"));
        distinct = deltas(Kpi.distinct("visits").of("visit"));
        percentiles = deltas(Kpi.percentile("p95", 95));
    }

    /** Of one cell each, as if every delta came from a transaction of its own on the same day. */
    private List<byte[]> deltas(Kpi kpi) {
        KpiPlan plan = KpiPlan.of(KpiCatalog.of(kpi.event("*")), Workload.ORG);
        List<byte[]> deltas = new ArrayList<>();
        for (int i = 0; i < DELTAS; i++) {
            KpiFold fold = plan.fold();
            for (Event event :
                    IngestWorkload.batches(eventsPerDelta, eventsPerDelta, i).get(0)) {
                fold.add(event);
            }
            KpiDelta first = fold.deltas().get(0);
            deltas.add(first.state());
        }
        return deltas;
    }

    @Benchmark
    @OperationsPerInvocation(DELTAS)
    public byte[] sum() {
        return states.merge("", sums);
    }

    @Benchmark
    @OperationsPerInvocation(DELTAS)
    public byte[] distinctSketch() {
        return states.merge("", distinct);
    }

    @Benchmark
    @OperationsPerInvocation(DELTAS)
    public byte[] percentileSketch() {
        return states.merge("", percentiles);
    }
}

package io.smartdata.benchmarks;

import io.smartdata.core.kpi.KpiFold;
import io.smartdata.core.kpi.KpiPlan;
import io.smartdata.event.Event;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of folding an event into exact KPI states, beside adding a double to a map by name and day.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar FoldBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
public class FoldBenchmark {
    private static final int EVENTS = 5000;

    private final KpiPlan automatic = KpiPlan.of(KpiCatalog.empty(), Workload.ORG);
    private final KpiPlan declared = KpiPlan.of(
            KpiCatalog.of(
                    Kpi.sum("revenue").event("event_*").dimension("country"),
                    Kpi.distinct("buyers").event("event_*")),
            Workload.ORG);
    private List<Event> events = List.of();

    @Setup
    public void makeEvents() {
        events = Workload.events(EVENTS, 1);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int automaticKpis() {
        return fold(automatic);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int sumByCountryAndDistinct() {
        return fold(declared);
    }

    private int fold(KpiPlan plan) {
        KpiFold fold = plan.fold();
        events.forEach(fold::add);
        return fold.deltas().size();
    }

    private record NameAndDay(String name, LocalDate day) {}

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int doublesInAMap() {
        Map<NameAndDay, Double> sums = new HashMap<>();
        for (Event event : events) {
            LocalDate day = LocalDate.ofInstant(event.occurredAt(), Workload.ORG.zone());
            double value = event.value() == null ? 0 : event.value().doubleValue();
            sums.merge(new NameAndDay(event.name(), day), value, Double::sum);
        }
        return sums.size();
    }
}

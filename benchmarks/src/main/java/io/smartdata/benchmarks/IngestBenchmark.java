package io.smartdata.benchmarks;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
 * Cost of an event in the library itself, from the call to the receipt, around a storage that does nothing: read, check,
 * identify, fingerprint, fold into automatic KPIs. Its baseline is {@link ParseBenchmark#cellsOnly}.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar IngestBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
public class IngestBenchmark {
    private static final int EVENTS = 10_000;
    private static final IngestOptions FILE = IngestOptions.lenient(ReadOptions.defaults("bench"));

    private final SmartData smartData = SmartData.builder()
            .storage(new IdleStorage())
            .accessPolicy(AccessPolicy.singleOperator())
            .build();
    private final OrgScope scope = smartData.access().scope(Caller.of("bench"), Workload.ORG.org(), Permission.INGEST);
    private List<Event> events = List.of();
    private byte[] csv = {};
    private byte[] csvWithoutIds = {};

    @Setup
    public void makeEvents() {
        events = Workload.events(EVENTS, 1);
        csv = Workload.csv(events).getBytes(StandardCharsets.UTF_8);
        csvWithoutIds = Workload.csvWithoutIds(events).getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public IngestReceipt javaEvents() {
        return smartData.ingest(scope).events(events);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public IngestReceipt csvRows() {
        return smartData.ingest(scope).input(() -> new ByteArrayInputStream(csv), FILE);
    }

    /** Each row is identified by a hash of its content and its number among equal rows. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public IngestReceipt csvRowsWithoutIds() {
        return smartData.ingest(scope).input(() -> new ByteArrayInputStream(csvWithoutIds), FILE);
    }
}

package io.smartdata.benchmarks;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.smartdata.core.ingest.EventReader;
import io.smartdata.core.ingest.ReadOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
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
 * Cost of a CSV row on its way to a valid, identified, fingerprinted event, beside splitting the same bytes into cells only.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar ParseBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
public class ParseBenchmark {
    private static final int ROWS = 10_000;

    private byte[] csv = {};

    @Setup
    public void makeRows() {
        csv = Workload.csv(Workload.events(ROWS, 1)).getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int events() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        int rows = 0;
        try (EventReader reader = EventReader.open(
                () -> new ByteArrayInputStream(csv),
                ReadOptions.defaults("bench"),
                Workload.ORG,
                now,
                new UUID(1, 2))) {
            while (reader.next() != null) {
                rows++;
            }
        }
        return rows;
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int cellsOnly() throws IOException {
        int cells = 0;
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(new ByteArrayInputStream(csv))) {
            for (CsvRecord row : reader) {
                cells += row.getFieldCount();
            }
        }
        return cells;
    }
}

package io.smartdata.benchmarks;

import io.smartdata.core.ingest.Fingerprint;
import io.smartdata.event.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Cost of the keyed fingerprint of an event, beside one plain SHA-256 of its properties' bytes.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar HashBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
public class HashBenchmark {
    private static final int EVENTS = 5000;

    private final byte[] key = new byte[32];
    private List<Event> events = List.of();

    @Setup
    public void makeEvents() {
        events = IngestWorkload.batches(EVENTS, EVENTS, 1).get(0);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void fingerprint(Blackhole blackhole) {
        for (Event event : events) {
            blackhole.consume(Fingerprint.of(event, key));
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void sha256(Blackhole blackhole) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Event event : events) {
            blackhole.consume(digest.digest(event.properties().json().getBytes(StandardCharsets.UTF_8)));
        }
    }
}

package io.smartdata.core.observe;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The meters of smartdata: {@code smartdata.ingest.events{outcome}}, {@code smartdata.ingest.duration},
 * {@code smartdata.ingest.batch.size}, {@code smartdata.ingest.inflight}, {@code smartdata.ingest.throttled{limit}},
 * {@code smartdata.query.duration{query}}.
 *
 * @since 0.1.0
 */
public final class Meters {
    private final MeterRegistry registry;
    private final Map<Outcome, Counter> ingested = new EnumMap<>(Outcome.class);
    private final Timer ingestDuration;
    private final DistributionSummary batchSize;
    private final Map<String, Counter> throttled = new HashMap<>();
    private final AtomicLong inFlight = new AtomicLong();

    private Meters(MeterRegistry registry) {
        this.registry = registry;
        for (Outcome outcome : Outcome.values()) {
            ingested.put(
                    outcome,
                    Counter.builder("smartdata.ingest.events")
                            .description("Events by outcome")
                            .tag("outcome", outcome.code())
                            .register(registry));
        }
        this.ingestDuration = Timer.builder("smartdata.ingest.duration")
                .description("Time of an ingest call, refused ones included")
                .register(registry);
        this.batchSize = DistributionSummary.builder("smartdata.ingest.batch.size")
                .description("Events of an ingest call")
                .register(registry);
        for (String limit : List.of("node", "org")) {
            throttled.put(
                    limit,
                    Counter.builder("smartdata.ingest.throttled")
                            .description("Ingest calls turned away because too many bytes were in flight")
                            .tag("limit", limit)
                            .register(registry));
        }
        Gauge.builder("smartdata.ingest.inflight", inFlight, AtomicLong::doubleValue)
                .description("Memory set aside for the ingest calls that run now")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Meters in the host's registry. */
    public static Meters of(MeterRegistry registry) {
        return new Meters(registry);
    }

    /** Meters that nobody reads. */
    public static Meters none() {
        return new Meters(new CompositeMeterRegistry());
    }

    /** Counts and times one ingest call; a dry run is timed and not counted, a throttled call never comes here. */
    public IngestReceipt ingest(Supplier<IngestReceipt> call) {
        Timer.Sample sample = Timer.start(registry);
        try {
            IngestReceipt receipt = call.get();
            if (!receipt.dryRun()) {
                count(Outcome.ACCEPTED, receipt.accepted());
                count(Outcome.DUPLICATE, receipt.duplicates());
                count(Outcome.CONFLICT, receipt.conflicts());
                count(Outcome.REJECTED, receipt.rejected());
                batchSize.record(receipt.received());
            }
            return receipt;
        } finally {
            sample.stop(ingestDuration);
        }
    }

    /** More bytes of ingest calls are in flight, or fewer. */
    public void inFlight(long change) {
        inFlight.addAndGet(change);
    }

    /**
     * Counts one ingest call that was turned away.
     *
     * @param limit {@code node} or {@code org}
     */
    public void throttled(String limit) {
        requireNonNull(throttled.get(limit)).increment();
    }

    /**
     * Counts one run of a job.
     *
     * @param outcome {@code done}, {@code failed}, or {@code running} if it was left to another node
     */
    public void jobRun(String job, String outcome) {
        Counter.builder("smartdata.jobs.run")
                .description("Runs of jobs by outcome")
                .tag("job", job)
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    /** Times one query. */
    public <R> R query(String query, Supplier<R> call) {
        return Timer.builder("smartdata.query.duration")
                .description("Time of a query")
                .tag("query", query)
                .register(registry)
                .record(call);
    }

    private void count(Outcome outcome, long events) {
        requireNonNull(ingested.get(outcome)).increment(events);
    }
}

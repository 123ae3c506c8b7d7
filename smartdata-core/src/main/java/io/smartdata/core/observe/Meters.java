package io.smartdata.core.observe;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The meters of smartdata: {@code smartdata.ingest.events{outcome}}, {@code smartdata.ingest.duration},
 * {@code smartdata.ingest.batch.size}, {@code smartdata.query.duration{query}}.
 *
 * @since 0.1.0
 */
public final class Meters {
    private final MeterRegistry registry;
    private final Map<Outcome, Counter> ingested = new EnumMap<>(Outcome.class);
    private final Timer ingestDuration;
    private final DistributionSummary batchSize;

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
    }

    /** Meters in the host's registry. */
    public static Meters of(MeterRegistry registry) {
        return new Meters(registry);
    }

    /** Meters that nobody reads. */
    public static Meters none() {
        return new Meters(new CompositeMeterRegistry());
    }

    /** Counts and times one ingest call; a dry run is timed and not counted. */
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

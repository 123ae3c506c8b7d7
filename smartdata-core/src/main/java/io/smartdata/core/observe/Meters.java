package io.smartdata.core.observe;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.storage.Backlog;
import io.smartdata.tenancy.OrgId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Writes every {@link Meter}, all with bounded tags, and the observations {@code smartdata.ingest} and
 * {@code smartdata.query{query}}, of which a host's tracing makes spans.
 *
 * @since 0.1.0
 */
public final class Meters {
    private static final int MOST_ORGS = 100;
    private static final String ORG = "org";

    /** Stands for every org after the first {@value #MOST_ORGS} of this process; no org can have this name. */
    private static final String OTHER_ORGS = "*";

    private static final List<String> LIMITS = List.of("node", "org", "rate");

    private final MeterRegistry registry;
    private final ObservationRegistry observations;
    private final boolean orgTag;
    private final Gauges gauges;
    private final Set<OrgId> tagged = ConcurrentHashMap.newKeySet();

    private Meters(MeterRegistry registry, ObservationRegistry observations, boolean orgTag) {
        this.registry = requireNonNull(registry, "registry");
        this.observations = requireNonNull(observations, "observations");
        this.orgTag = orgTag;
        this.gauges = Gauges.of(registry);
    }

    /** Meters in the host's registry; several may share one. */
    public static Meters of(MeterRegistry registry) {
        return new Meters(registry, ObservationRegistry.NOOP, false);
    }

    /** Meters that nobody reads. */
    public static Meters none() {
        return of(new CompositeMeterRegistry());
    }

    /**
     * Tells orgs apart in {@code smartdata.ingest.events} and {@code smartdata.deadletters}: the first 100 that this process
     * sees have their name in the tag {@code org}, all others share {@code *}. To be decided once for a registry, before
     * anything is counted in it.
     */
    public Meters withOrgTag() {
        return new Meters(registry, observations, true);
    }

    /** Also makes observations, in the host's registry of them. */
    public Meters withObservations(ObservationRegistry newObservations) {
        return new Meters(registry, newObservations, orgTag);
    }

    /** Registers what is zero until something happens, so that the first change shows as one. */
    public void register() {
        LIMITS.forEach(limit -> throttledBy(limit).register(registry));
        if (!orgTag) {
            deadLetters().register(registry);
            for (Outcome outcome : Outcome.values()) {
                events(outcome).register(registry);
            }
        }
    }

    /** Times and observes one ingest call, refused ones included; a throttled call never comes here. */
    public <R> R ingest(Supplier<R> call) {
        Timer timer = Timer.builder(Meter.INGEST_DURATION.meterName())
                .description(Meter.INGEST_DURATION.description())
                .register(registry);
        return timer.record(() -> observed(Observation.createNotStarted("smartdata.ingest", observations), call));
    }

    /**
     * Counts what a call did; not for a dry run, nor for a receipt that an earlier call was given.
     *
     * @param newLetters dead letters the call may have written
     */
    public void ingested(OrgId org, IngestReceipt receipt, long newLetters) {
        count(org, Outcome.ACCEPTED, receipt.accepted());
        count(org, Outcome.DUPLICATE, receipt.duplicates());
        count(org, Outcome.CONFLICT, receipt.conflicts());
        count(org, Outcome.REJECTED, receipt.rejected());
        tagged(deadLetters(), org).register(registry).increment(newLetters);
        DistributionSummary.builder(Meter.INGEST_BATCH_SIZE.meterName())
                .description(Meter.INGEST_BATCH_SIZE.description())
                .register(registry)
                .record(receipt.received());
    }

    private void count(OrgId org, Outcome outcome, long events) {
        tagged(events(outcome), org).register(registry).increment(events);
    }

    private static Counter.Builder events(Outcome outcome) {
        return counter(Meter.INGEST_EVENTS, outcome.code());
    }

    private static Counter.Builder deadLetters() {
        return Counter.builder(Meter.DEAD_LETTERS.meterName()).description(Meter.DEAD_LETTERS.description());
    }

    private static Counter.Builder counter(Meter meter, String tagValue) {
        return Counter.builder(meter.meterName())
                .description(meter.description())
                .tag(meter.tag(), tagValue);
    }

    private Counter.Builder tagged(Counter.Builder counter, OrgId org) {
        return orgTag ? counter.tag(ORG, nameOrOther(org)) : counter;
    }

    /** A race may let a few more in. */
    private String nameOrOther(OrgId org) {
        boolean named = tagged.contains(org) || tagged.size() < MOST_ORGS && tagged.add(org);
        return named ? org.value() : OTHER_ORGS;
    }

    /** More bytes of ingest calls are in flight, or fewer. */
    public void inFlight(long change) {
        gauges.inFlight(change);
    }

    /**
     * Counts one ingest call that was turned away.
     *
     * @param limit {@code node}, {@code org} or {@code rate}
     */
    public void throttled(String limit) {
        throttledBy(limit).register(registry).increment();
    }

    private static Counter.Builder throttledBy(String limit) {
        return counter(Meter.INGEST_THROTTLED, limit);
    }

    /**
     * Shows how far behind this node found things to be, for the next minutes.
     *
     * @param overdue time that the latest refresh of a derived answer is overdue
     */
    public void measured(Backlog ofAllOrgs, Duration overdue) {
        gauges.measured(this, ofAllOrgs, overdue);
    }

    /**
     * Shows the health of a component, for the next minutes.
     *
     * @param component one of few
     * @param status 0 up, 1 degraded, 2 down
     */
    public void health(String component, int status) {
        gauges.health(registry, this, component, status);
    }

    /**
     * Times and observes one query.
     *
     * @param query its name, one of few
     */
    public <R> R query(String query, Supplier<R> call) {
        Timer timer = timer(Meter.QUERY_DURATION, query).register(registry);
        Observation observation = Observation.createNotStarted("smartdata.query", observations)
                .contextualName("smartdata.query " + query)
                .lowCardinalityKeyValue("query", query);
        return requireNonNull(timer.record(() -> observed(observation, call)));
    }

    /** An error of ours is observed by its code only: its message may name what a caller sent. */
    private static <R> R observed(Observation observation, Supplier<R> call) {
        observation.lowCardinalityKeyValue("code", "none").start();
        try (Observation.Scope scope = observation.openScope()) {
            return call.get();
        } catch (SmartDataException e) {
            observation.lowCardinalityKeyValue("code", e.code());
            throw e;
        } catch (RuntimeException | Error e) {
            observation.error(e);
            throw e;
        } finally {
            observation.stop();
        }
    }

    /**
     * Times the fit of one forecast.
     *
     * @param model id of the model that serves, of which the tag has the name without orders
     */
    public void forecastFit(String model, Duration duration) {
        timer(Meter.FORECAST_FIT, model.replaceFirst("[^a-z:-].*", ""))
                .register(registry)
                .record(duration);
    }

    private static Timer.Builder timer(Meter meter, String tagValue) {
        return Timer.builder(meter.meterName()).description(meter.description()).tag(meter.tag(), tagValue);
    }

    /** Counts one anomaly that a run found. */
    public void anomalyFound(String severity) {
        counter(Meter.ANOMALY_FOUND, severity.toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    /**
     * Times one run of a job.
     *
     * @param job its name in the catalogue
     * @param outcome how it ended, one of few
     */
    public void jobRun(String job, String outcome, Duration duration) {
        timer(Meter.JOBS_RUN, job)
                .tag("outcome", outcome.toLowerCase(Locale.ROOT))
                .register(registry)
                .record(duration);
    }
}

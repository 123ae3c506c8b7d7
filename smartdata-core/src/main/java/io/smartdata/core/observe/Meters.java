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
 * The meters of smartdata, all with bounded tags: {@code smartdata.ingest.events{outcome}}, {@code smartdata.ingest.duration},
 * {@code smartdata.ingest.batch.size}, {@code smartdata.ingest.inflight}, {@code smartdata.ingest.throttled{limit}},
 * {@code smartdata.deadletters}, {@code smartdata.kpi.lag}, {@code smartdata.kpi.backlog},
 * {@code smartdata.query.duration{query}}, {@code smartdata.forecast.fit{model}}, {@code smartdata.anomaly.found{severity}},
 * {@code smartdata.jobs.run{job,outcome}}; and the observations {@code smartdata.ingest} and {@code smartdata.query{query}},
 * of which a host's tracing makes spans.
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
        Timer timer = Timer.builder("smartdata.ingest.duration")
                .description("Time of an ingest call, refused ones included")
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
        DistributionSummary.builder("smartdata.ingest.batch.size")
                .description("Events of an ingest call")
                .register(registry)
                .record(receipt.received());
    }

    private void count(OrgId org, Outcome outcome, long events) {
        tagged(events(outcome), org).register(registry).increment(events);
    }

    private static Counter.Builder events(Outcome outcome) {
        return Counter.builder("smartdata.ingest.events")
                .description("Events by outcome")
                .tag("outcome", outcome.code());
    }

    private static Counter.Builder deadLetters() {
        return Counter.builder("smartdata.deadletters")
                .description("Events that went to the dead letters, also those that lay there already");
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
        return Counter.builder("smartdata.ingest.throttled")
                .description(
                        "Ingest calls turned away: too many bytes in flight on the node or of the org, or too many events of the org")
                .tag("limit", limit);
    }

    /** Shows how far compaction is behind, for the next minutes. */
    public void measured(Backlog ofAllOrgs) {
        gauges.measured(this, ofAllOrgs);
    }

    /**
     * Times and observes one query.
     *
     * @param query its name, one of few
     */
    public <R> R query(String query, Supplier<R> call) {
        Timer timer = Timer.builder("smartdata.query.duration")
                .description("Time of a query")
                .tag("query", query)
                .register(registry);
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
        Timer.builder("smartdata.forecast.fit")
                .description("Time to fit a forecast and measure its reliability")
                .tag("model", model.replaceFirst("[^a-z:-].*", ""))
                .register(registry)
                .record(duration);
    }

    /** Counts one anomaly that a run found. */
    public void anomalyFound(String severity) {
        Counter.builder("smartdata.anomaly.found")
                .description("Anomalies that runs found, again those found before")
                .tag("severity", severity.toLowerCase(Locale.ROOT))
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
        Timer.builder("smartdata.jobs.run")
                .description("Time of a run of a job")
                .tag("job", job)
                .tag("outcome", outcome.toLowerCase(Locale.ROOT))
                .register(registry)
                .record(duration);
    }
}

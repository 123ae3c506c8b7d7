package io.smartdata.core.observe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of smartdata: what registries, dashboards and alert rules call it. Its description, unit and tags are the same
 * in every process; with {@link Meters#withOrgTag()} two of them have the tag {@code org} beside theirs.
 *
 * @since 0.1.0
 */
public enum Meter {
    /** Events by {@code outcome}. */
    INGEST_EVENTS("smartdata.ingest.events", Kind.COUNTER, null, "Events by outcome", "outcome"),
    /** Time of ingest calls. */
    INGEST_DURATION(
            "smartdata.ingest.duration", Kind.TIMER, "seconds", "Time of an ingest call, refused ones included"),
    /** Events of ingest calls. */
    INGEST_BATCH_SIZE("smartdata.ingest.batch.size", Kind.SUMMARY, null, "Events of an ingest call"),
    /** Memory set aside for ingest calls. */
    INGEST_IN_FLIGHT(
            "smartdata.ingest.inflight", Kind.GAUGE, "bytes", "Memory set aside for the ingest calls that run now"),
    /** Ingest calls that were turned away, by {@code limit}. */
    INGEST_THROTTLED(
            "smartdata.ingest.throttled",
            Kind.COUNTER,
            null,
            "Ingest calls turned away: too many bytes in flight on the node or of the org, or too many events of the org",
            "limit"),
    /** Events that went to the dead letters. */
    DEAD_LETTERS(
            "smartdata.deadletters",
            Kind.COUNTER,
            null,
            "Events that went to the dead letters, also those that lay there already"),
    /** How far compaction is behind, as time. */
    KPI_LAG(
            "smartdata.kpi.lag",
            Kind.GAUGE,
            "seconds",
            "Age of the oldest uncompacted delta of any org; no value if not measured of late"),
    /** How far compaction is behind, as batches. */
    KPI_BACKLOG(
            "smartdata.kpi.backlog",
            Kind.GAUGE,
            "batches",
            "Batches of all orgs that wait for compaction; no value if not measured of late"),
    /** How far derived answers are behind. */
    DERIVED_OVERDUE(
            "smartdata.derived.overdue",
            Kind.GAUGE,
            "seconds",
            "Time that the latest refresh of a derived answer is overdue; no value if not measured of late"),
    /** Health by {@code component}. */
    HEALTH(
            "smartdata.health",
            Kind.GAUGE,
            null,
            "Health of a component: 0 up, 1 degraded, 2 down; no value if not measured of late",
            "component"),
    /** Time of queries, by {@code query}. */
    QUERY_DURATION("smartdata.query.duration", Kind.TIMER, "seconds", "Time of a query", "query"),
    /** Time of fits, by {@code model}. */
    FORECAST_FIT(
            "smartdata.forecast.fit",
            Kind.TIMER,
            "seconds",
            "Time to fit a forecast and measure its reliability",
            "model"),
    /** Anomalies by {@code severity}. */
    ANOMALY_FOUND(
            "smartdata.anomaly.found",
            Kind.COUNTER,
            null,
            "Anomalies that runs found, again those found before",
            "severity"),
    /** Time of runs, by {@code job} and {@code outcome}. */
    JOBS_RUN("smartdata.jobs.run", Kind.TIMER, "seconds", "Time of a run of a job", "job", "outcome");

    /** What a meter counts or holds. */
    public enum Kind {
        /** Only grows. */
        COUNTER,
        /** Counts calls and adds up their time. */
        TIMER,
        /** Counts calls and adds up their size. */
        SUMMARY,
        /** Goes up and down. */
        GAUGE
    }

    private final String meterName;
    private final Kind kind;
    private final @Nullable String unit;
    private final String description;
    private final List<String> tags;

    Meter(String meterName, Kind kind, @Nullable String unit, String description, String... tags) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** The name in Micrometer, for example {@code smartdata.kpi.lag}. */
    public String meterName() {
        return meterName;
    }

    /** What it counts or holds. */
    public Kind kind() {
        return kind;
    }

    /** {@code seconds}, {@code bytes} or {@code batches}; null for plain numbers. */
    public @Nullable String unit() {
        return unit;
    }

    /** One line about it. */
    public String description() {
        return description;
    }

    /** Names of its tags. */
    public List<String> tags() {
        return tags;
    }

    /** The only tag of a meter that has one. */
    String tag() {
        return requireNonNull(tags.get(0));
    }
}

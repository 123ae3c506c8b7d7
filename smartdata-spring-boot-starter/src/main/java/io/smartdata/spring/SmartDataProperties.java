package io.smartdata.spring;

import io.smartdata.core.ingest.InFlightLimits;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.jobs.JobSettings;
import io.smartdata.event.IdentityScope;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.Direction;
import io.smartdata.kpi.Grain;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code smartdata}; the build makes the descriptions that editors show from these.
 *
 * @param enabled Whether smartdata is configured at all.
 * @param dataSource Name of the DataSource bean to keep everything in; needed only if there are several and none is primary.
 * @param schema Whether the tables are created and upgraded when the application starts, only checked, or neither.
 * @param orgZone Zone of the days of orgs that are created from now on.
 * @param identityScope How long an event id stays taken in orgs that are created from now on.
 * @param accessTimeout Time that the access policy and the directory of orgs have to answer.
 * @param kpis KPI definitions, beside those of KpiCatalog beans.
 * @param ingest Sizes of ingest calls.
 * @param inFlight Memory that ingest calls may take at once.
 * @param jobs How this node runs jobs.
 * @param meters What meters tell.
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata")
public record SmartDataProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String dataSource,
        @DefaultValue("migrate") JdbcStorage.SchemaMode schema,
        @DefaultValue("UTC") ZoneId orgZone,
        @DefaultValue("day") IdentityScope identityScope,
        @DefaultValue("2s") Duration accessTimeout,
        @DefaultValue Kpis kpis,
        @DefaultValue Ingest ingest,
        @DefaultValue InFlight inFlight,
        @DefaultValue Jobs jobs,
        @DefaultValue Meters meters) {
    public SmartDataProperties {
        require(!accessTimeout.isNegative() && !accessTimeout.isZero(), "access-timeout must be positive");
    }

    /**
     * KPI definitions.
     *
     * @param file JSON or YAML file of definitions, for example classpath:kpis.json. YAML needs jackson-dataformat-yaml.
     * @param declared Definitions, in the members of the file.
     * @param automatic Whether events without a definition get automatic KPIs. Unless set, as the file and the beans say.
     */
    public record Kpis(
            @Nullable Resource file,
            @DefaultValue List<Declared> declared,
            @Nullable Boolean automatic) {
        public Kpis {
            declared = List.copyOf(declared);
        }
    }

    /**
     * One KPI.
     *
     * @param name Name of the KPI.
     * @param aggregation What is made of the events.
     * @param events Event names; a trailing * stands for any rest. Of a ratio those of its numerator.
     * @param denominator Event names of a ratio's denominator.
     * @param field Property that is counted or aggregated in place of the value.
     * @param percent Which percentile.
     * @param source Only events of this source.
     * @param where Only events whose property has one of these values.
     * @param dimensions Properties to break it down by.
     * @param grain Width of its buckets.
     * @param unit Unit, for people.
     * @param direction Which way is good.
     * @param owner Who looks after it.
     * @param zeroWhenAbsent Whether a bucket without events is a zero.
     */
    public record Declared(
            @Nullable String name,
            @Nullable Aggregation aggregation,
            @DefaultValue List<String> events,
            @DefaultValue List<String> denominator,
            @Nullable String field,
            @Nullable Double percent,
            @Nullable String source,
            @DefaultValue Map<String, List<String>> where,
            @DefaultValue List<String> dimensions,
            @Nullable Grain grain,
            @Nullable String unit,
            @Nullable Direction direction,
            @Nullable String owner,
            @Nullable Boolean zeroWhenAbsent) {}

    /**
     * Sizes of ingest calls.
     *
     * @param maxBatchEvents Most events of a batch.
     * @param maxBatchBytes Most bytes of a batch.
     * @param chunkEvents Events that a piece of a lenient or validated input commits at once.
     * @param chunkBytes Original bytes after which a piece commits even with fewer events.
     * @param maxStrictRows Most rows of a strict input.
     * @param maxFileOutcomes Most outcomes that the receipt of a file lists.
     * @param compactAfterDeltas Deltas that an org may gather in this process before a piece of them is compacted.
     */
    public record Ingest(
            @DefaultValue("10000") int maxBatchEvents,
            @DefaultValue("8MB") DataSize maxBatchBytes,
            @DefaultValue("10000") int chunkEvents,
            @DefaultValue("8MB") DataSize chunkBytes,
            @DefaultValue("1000000") long maxStrictRows,
            @DefaultValue("100") int maxFileOutcomes,
            @DefaultValue("20000") int compactAfterDeltas) {
        public Ingest {
            requirePositive(maxBatchEvents, "ingest.max-batch-events");
            requireArray(maxBatchBytes, "ingest.max-batch-bytes");
            requirePositive(chunkEvents, "ingest.chunk-events");
            requireArray(chunkBytes, "ingest.chunk-bytes");
            requirePositive(maxStrictRows, "ingest.max-strict-rows");
            require(maxFileOutcomes >= 0, "ingest.max-file-outcomes must be at least 0, was " + maxFileOutcomes);
            requirePositive(compactAfterDeltas, "ingest.compact-after-deltas");
        }

        IngestSettings settings() {
            return new IngestSettings(
                    chunkEvents,
                    (int) chunkBytes.toBytes(),
                    maxBatchEvents,
                    (int) maxBatchBytes.toBytes(),
                    maxStrictRows,
                    maxFileOutcomes,
                    compactAfterDeltas);
        }
    }

    /**
     * Memory that ingest calls may take at once.
     *
     * @param node For all orgs of this node. Unless set, a quarter of the largest heap.
     * @param org For one org. Unless set, a quarter of what the node has.
     */
    public record InFlight(
            @Nullable DataSize node, @Nullable DataSize org) {
        public InFlight {
            require(node == null || node.toBytes() > 0, "in-flight.node must be positive");
            require(org == null || org.toBytes() > 0, "in-flight.org must be positive");
            require(
                    node == null || org == null || org.compareTo(node) <= 0,
                    "in-flight.org must not be greater than in-flight.node");
        }

        InFlightLimits limits(IngestSettings settings) {
            InFlightLimits defaults = InFlightLimits.defaults(settings);
            long ofNode = node == null ? Math.max(defaults.nodeBytes(), bytes(org)) : node.toBytes();
            return new InFlightLimits(ofNode, org == null ? Math.min(defaults.orgBytes(), ofNode) : org.toBytes());
        }

        private static long bytes(@Nullable DataSize size) {
            return size == null ? 0 : size.toBytes();
        }
    }

    /**
     * How this node runs jobs.
     *
     * @param enabled Whether this node runs jobs in the background. If not, the host calls SmartData.jobs().runDue().
     * @param poll How often it looks for due jobs.
     * @param lease How long a job belongs to a node that is not heard of any more.
     * @param drain How long a stop waits for pieces of jobs that are being done.
     * @param minThreads Threads that work at a job whose lag is short.
     * @param maxThreads Threads that work at jobs, all together. Unless set, four, but no more than processors.
     * @param keptRuns Runs of a job to remember.
     */
    public record Jobs(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1s") Duration poll,
            @DefaultValue("1m") Duration lease,
            @DefaultValue("20s") Duration drain,
            @DefaultValue("1") int minThreads,
            @Nullable Integer maxThreads,
            @DefaultValue("500") int keptRuns) {
        public Jobs {
            requirePositive(minThreads, "jobs.min-threads");
            require(
                    maxThreads == null || maxThreads >= minThreads,
                    "jobs.max-threads must be at least jobs.min-threads, which is " + minThreads);
            requirePositive(keptRuns, "jobs.kept-runs");
        }

        JobSettings settings() {
            int most = maxThreads == null
                    ? Math.max(minThreads, JobSettings.defaults().maxThreads())
                    : maxThreads;
            return new JobSettings(poll, lease, drain, minThreads, most, keptRuns);
        }
    }

    /**
     * What meters tell.
     *
     * @param orgTag Whether events and dead letters are told apart by org: the first 100 by name, all others together.
     */
    public record Meters(@DefaultValue("false") boolean orgTag) {}

    private static void requirePositive(long value, String name) {
        require(value > 0, "%s must be at least 1, was %d".formatted(name, value));
    }

    private static void requireArray(DataSize size, String name) {
        require(
                size.toBytes() > 0 && size.toBytes() < Integer.MAX_VALUE,
                "%s must be at least 1 byte and less than 2 GB, was %s".formatted(name, size));
    }

    private static void require(boolean fact, String otherwise) {
        if (!fact) {
            throw new IllegalArgumentException("smartdata." + otherwise);
        }
    }
}

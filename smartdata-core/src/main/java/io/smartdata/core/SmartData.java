package io.smartdata.core;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.access.Access;
import io.smartdata.core.access.OrgProfiles;
import io.smartdata.core.anomaly.AlertBudget;
import io.smartdata.core.anomaly.Alerts;
import io.smartdata.core.anomaly.Anomalies;
import io.smartdata.core.audit.AuditLog;
import io.smartdata.core.correction.Corrections;
import io.smartdata.core.crossorg.CrossOrg;
import io.smartdata.core.deadletter.DeadLetters;
import io.smartdata.core.event.Events;
import io.smartdata.core.export.ExportRunner;
import io.smartdata.core.export.Exports;
import io.smartdata.core.forecast.ForecastSettings;
import io.smartdata.core.forecast.Forecasts;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.core.freshness.FreshnessReader;
import io.smartdata.core.freshness.RefreshSchedules;
import io.smartdata.core.health.AlertRules;
import io.smartdata.core.health.Health;
import io.smartdata.core.health.HealthMonitor;
import io.smartdata.core.ingest.InFlight;
import io.smartdata.core.ingest.InFlightLimits;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.ingest.Quotas;
import io.smartdata.core.ingest.RoutedIngest;
import io.smartdata.core.ingest.SchemaChecks;
import io.smartdata.core.ingest.Sources;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobCatalogue;
import io.smartdata.core.jobs.JobScheduler;
import io.smartdata.core.jobs.JobSettings;
import io.smartdata.core.jobs.Jobs;
import io.smartdata.core.jobs.Maintenance;
import io.smartdata.core.kpi.Compactor;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.IdentityScope;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.schema.EventSchemas;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.CrossOrgScope;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgResolver;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.SystemScope;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The analytics pipeline of one application: events in, KPIs, anomalies and forecasts out, in the application's own
 * database. Thread-safe; build one and keep it.
 *
 * <pre>{@code
 * SmartData smartData = SmartData.builder()
 *         .storage(JdbcStorage.of(dataSource))
 *         .kpis(KpiCatalog.of(Kpi.sum("revenue").event("order_placed").dimension("country")))
 *         .accessPolicy(policy)
 *         .build();
 * OrgScope acme = smartData.access().scope(caller, OrgId.of("acme"), Permission.INGEST);
 * IngestReceipt receipt = smartData.ingest(acme).events(batch);
 * }</pre>
 *
 * @since 0.1.0
 */
public final class SmartData implements AutoCloseable {
    private final Storage storage;
    private final SystemScope system;
    private final OrgProfiles profiles;
    private final Access access;
    private final OrgResolver orgResolver;
    private final Generations generations;
    private final Compactor compactor;
    private final Maintenance maintenance;
    private final IngestSettings ingestSettings;
    private final ForecastSettings forecastSettings;
    private final AlertBudget alertBudget;
    private final SchemaChecks schemas;
    private final Quotas quotas;
    private final InFlight inFlight;
    private final Meters meters;
    private final Clock clock;
    private final FreshnessReader freshness;
    private final HealthMonitor health;
    private final JobScheduler scheduler;

    private SmartData(Builder builder, Storage storage, InFlight inFlight, SystemScope system) {
        this.storage = storage;
        this.system = system;
        this.profiles = new OrgProfiles(builder.orgDirectory, builder.accessTimeout);
        this.access = new Access(builder.accessPolicy, profiles, builder.accessTimeout);
        this.orgResolver = builder.orgResolver;
        this.generations =
                new Generations(storage, builder.kpis, builder.orgZone, builder.identityScope, profiles::find);
        this.compactor = new Compactor(storage, builder.ingestSettings.compactAfterDeltas());
        this.maintenance = new Maintenance(storage, compactor, system);
        this.ingestSettings = builder.ingestSettings;
        this.forecastSettings = builder.forecastSettings;
        this.alertBudget = builder.alertBudget;
        this.schemas = new SchemaChecks(builder.schemas);
        this.inFlight = inFlight;
        this.meters = builder.meters;
        this.quotas = new Quotas(profiles::find, meters);
        this.clock = builder.clock;
        this.freshness = new FreshnessReader(storage, builder.refreshSchedules());
        this.health =
                new HealthMonitor(freshness, system, builder.alertRules, () -> List.of(jobs().health()), meters, clock);
        meters.register();
        this.scheduler = new JobScheduler(
                storage,
                system,
                builder.jobs(this, system),
                builder.jobSettings,
                meters,
                health::watch,
                builder.ticks,
                builder.workers);
    }

    /** Starts a configuration; only the storage is required, and without an access policy nothing is permitted. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where scopes come from. */
    public Access access() {
        return access;
    }

    /** Zone of the org's days, if the org exists. */
    public Optional<ZoneId> zone(OrgScope scope) {
        return storage.orgs().find(scope).map(OrgSettings::zone);
    }

    /** Brings events in; needs {@link io.smartdata.tenancy.Permission#INGEST}. */
    public Ingest ingest(OrgScope scope) {
        return ingest(scope, null);
    }

    /**
     * Brings batches in whose events belong to several orgs; needs {@link io.smartdata.tenancy.Permission#INGEST} in each of
     * them.
     */
    public RoutedIngest ingest(Caller caller) {
        return new RoutedIngest(access, orgResolver, inFlight, ingestSettings, this::ingest, caller);
    }

    /** What takes part in the host's own transaction: it commits or rolls back with it. */
    public Within within(HostTransaction transaction) {
        return new Within(requireNonNull(transaction, "transaction"));
    }

    /** Answers KPI queries, proves and rebuilds them. */
    public Kpis kpis(OrgScope scope) {
        return new Kpis(storage, generations, compactor, meters, scope);
    }

    /** Finds anomalies in KPIs. */
    public Anomalies anomalies(OrgScope scope) {
        return new Anomalies(storage, kpis(scope), alertBudget, forecastSettings.events(), meters, clock, scope);
    }

    /** The anomalies that somebody should look at, and what people say about them. */
    public Alerts alerts(OrgScope scope) {
        return new Alerts(storage, kpis(scope), meters, scope);
    }

    /** Forecasts KPIs. */
    public Forecasts forecasts(OrgScope scope) {
        return new Forecasts(storage, kpis(scope), forecastSettings, meters, clock, scope);
    }

    /** Looks at events that were not accepted and tries them again. */
    public DeadLetters deadLetters(OrgScope scope) {
        return new DeadLetters(storage, generations, scope, () -> ingest(scope));
    }

    /** Takes back events that should not have been stored; needs {@link io.smartdata.tenancy.Permission#OPERATE}. */
    public Corrections corrections(OrgScope scope) {
        return new Corrections(storage, generations, scope);
    }

    /** Where the org's events come from, and whether from elsewhere too. */
    public Sources sources(OrgScope scope) {
        return new Sources(storage, generations, scope);
    }

    /** Shows stored events page by page; needs {@link io.smartdata.tenancy.Permission#VIEW_SENSITIVE}. */
    public Events events(OrgScope scope) {
        return new Events(storage, generations, meters, scope);
    }

    /** Streams events, KPIs, anomalies and forecasts out; needs {@link io.smartdata.tenancy.Permission#EXPORT}. */
    public Exports exports(OrgScope scope) {
        return new Exports(storage, generations, scope);
    }

    /** Who did what in the org; needs {@link io.smartdata.tenancy.Permission#OPERATE}. */
    public AuditLog audit(OrgScope scope) {
        return new AuditLog(storage, generations, scope);
    }

    /** Reads over all orgs and runs jobs for all of them, each written down before it is answered. */
    public CrossOrg crossOrg(CrossOrgScope scope) {
        return new CrossOrg(storage, system, profiles, this::kpis, this::freshness, jobs(), scope);
    }

    /** What a host's scheduler runs now and then, for all orgs. */
    public Maintenance maintenance() {
        return maintenance;
    }

    /**
     * How fresh the answers of an org are; needs {@link io.smartdata.tenancy.Permission#VIEW}.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted}
     */
    public Freshness freshness(OrgScope scope) {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return freshness.read(scope);
    }

    /** Whether this node and its store do their work; names no org, takes bounded time, never throws. */
    public Health health() {
        return health.health();
    }

    /** The jobs of the system: what is due, what ran, and running them by hand. */
    public Jobs jobs() {
        return scheduler.jobs();
    }

    /**
     * Begins to run jobs in the background; a second call does nothing. Until it is called no thread is started, and a host
     * with a scheduler of its own calls {@link Jobs#runDue()} instead.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public void start() {
        scheduler.start();
    }

    /**
     * Runs no more jobs in the background until {@link #start()}: begins no further piece, lets those that are being done come
     * to their end for {@linkplain JobSettings#drain() a while}, and gives leases back. Everything else goes on.
     */
    public void stop() {
        scheduler.stop();
    }

    /**
     * Stops for good: begins no further piece of a job, lets those that are being done come to their end for
     * {@linkplain JobSettings#drain() a while}, gives leases back, and closes what the storage opened; a host's own
     * DataSource stays open.
     */
    @Override
    public void close() {
        try {
            scheduler.close();
        } finally {
            storage.close();
        }
    }

    private Ingest ingest(OrgScope scope, @Nullable HostTransaction host) {
        return new Ingest(
                storage, generations, compactor, ingestSettings, schemas, quotas, inFlight, meters, clock, scope, host);
    }

    /** Operations inside the host's own transaction. */
    public final class Within {
        private final HostTransaction transaction;

        private Within(HostTransaction transaction) {
            this.transaction = transaction;
        }

        /**
         * Brings events in; the receipt is provisional until the host commits. The org must exist. Nothing is retried
         * here: a serialisation failure surfaces as {@code store_unavailable}, for the host to run its transaction again.
         */
        public Ingest ingest(OrgScope scope) {
            return SmartData.this.ingest(scope, transaction);
        }
    }

    /** Collects the parts of a {@link SmartData}. */
    public static final class Builder {
        private @Nullable Storage storage;
        private @Nullable KpiCatalog kpis;
        private AccessPolicy accessPolicy = AccessPolicy.denyAll();
        private Duration accessTimeout = Access.DEFAULT_TIMEOUT;
        private OrgDirectory orgDirectory = OrgDirectory.open();
        private OrgResolver orgResolver = OrgResolver.none();
        private ZoneId orgZone = ZoneOffset.UTC;
        private IdentityScope identityScope = IdentityScope.DAY;
        private IngestSettings ingestSettings = IngestSettings.defaults();
        private ForecastSettings forecastSettings = ForecastSettings.defaults();
        private AlertBudget alertBudget = AlertBudget.defaults();
        private EventSchemas schemas = EventSchemas.none();
        private @Nullable InFlightLimits inFlightLimits;
        private Meters meters = Meters.none();
        private Clock clock = Clock.systemUTC();
        private @Nullable RefreshSchedules refreshSchedules;
        private AlertRules alertRules = AlertRules.defaults();
        private boolean catalogue = true;
        private final List<Job> ownJobs = new ArrayList<>();
        private JobSettings jobSettings = JobSettings.defaults();
        private @Nullable ScheduledExecutorService ticks;
        private @Nullable Executor workers;

        private Builder() {}

        /** Where everything is kept. Required. */
        public Builder storage(Storage newStorage) {
            this.storage = newStorage;
            return this;
        }

        /** KPI definitions; without them every org keeps what it has, and every event name has automatic KPIs. */
        public Builder kpis(KpiCatalog newKpis) {
            this.kpis = newKpis;
            return this;
        }

        /** Who may do what; without one nothing is permitted. */
        public Builder accessPolicy(AccessPolicy newAccessPolicy) {
            this.accessPolicy = newAccessPolicy;
            return this;
        }

        /** Time that the policy and the directory have to answer; a later answer is a no. 2 seconds unless told otherwise. */
        public Builder accessTimeout(Duration newAccessTimeout) {
            this.accessTimeout = newAccessTimeout;
            return this;
        }

        /** The orgs there are, with their settings and quotas; without one every org that the policy grants may exist. */
        public Builder orgDirectory(OrgDirectory newOrgDirectory) {
            this.orgDirectory = newOrgDirectory;
            return this;
        }

        /** Tells the org of events that name none; without one such an event has none. */
        public Builder orgResolver(OrgResolver newOrgResolver) {
            this.orgResolver = newOrgResolver;
            return this;
        }

        /** Zone of the days of orgs that are created from now on; UTC unless told otherwise. */
        public Builder orgZone(ZoneId newOrgZone) {
            this.orgZone = newOrgZone;
            return this;
        }

        /** How long an event id stays taken in orgs that are created from now on; a day unless told otherwise. */
        public Builder identityScope(IdentityScope newIdentityScope) {
            this.identityScope = newIdentityScope;
            return this;
        }

        /** What events must look like, beyond the rules every event keeps; nothing unless told otherwise. */
        public Builder schemas(EventSchemas newSchemas) {
            this.schemas = newSchemas;
            return this;
        }

        /** Sizes of ingest calls. */
        public Builder ingestSettings(IngestSettings newIngestSettings) {
            this.ingestSettings = newIngestSettings;
            return this;
        }

        /**
         * Which model forecasts KPIs, from which reliability on, and the days that matter; the values of such days are no
         * anomalies.
         */
        public Builder forecastSettings(ForecastSettings newForecastSettings) {
            this.forecastSettings = newForecastSettings;
            return this;
        }

        /** How many false alerts people put up with; {@linkplain AlertBudget#defaults few} unless told otherwise. */
        public Builder alertBudget(AlertBudget newAlertBudget) {
            this.alertBudget = newAlertBudget;
            return this;
        }

        /**
         * Memory that ingest calls may take at once; unless told otherwise {@linkplain InFlightLimits#defaults a quarter of
         * the heap, and of that a quarter for each org}.
         */
        public Builder inFlightLimits(InFlightLimits newInFlightLimits) {
            this.inFlightLimits = newInFlightLimits;
            return this;
        }

        /** Where meters are registered. */
        public Builder meters(Meters newMeters) {
            this.meters = newMeters;
            return this;
        }

        /** Tells events that lie in the future, and today's date; the system clock unless told otherwise. */
        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        /** When derived answers are due, and so when they are stale; unless told otherwise when the library's jobs make them. */
        public Builder refreshSchedules(RefreshSchedules newRefreshSchedules) {
            this.refreshSchedules = newRefreshSchedules;
            return this;
        }

        /** What makes health {@code degraded}; {@linkplain AlertRules#defaults as documented} unless told otherwise. */
        public Builder alertRules(AlertRules newAlertRules) {
            this.alertRules = newAlertRules;
            return this;
        }

        /** A job of the host's own, beside those of the library. All nodes are given the same. */
        public Builder job(Job job) {
            ownJobs.add(requireNonNull(job, "job"));
            return this;
        }

        /** Leaves out the jobs of the library; what they do is then left to the host. */
        public Builder withoutLibraryJobs() {
            this.catalogue = false;
            return this;
        }

        /** How this node runs jobs. */
        public Builder jobSettings(JobSettings newJobSettings) {
            this.jobSettings = newJobSettings;
            return this;
        }

        /** Looks for due jobs and renews leases, in place of a thread of our own; the host shuts it down. */
        public Builder scheduler(ScheduledExecutorService newScheduler) {
            this.ticks = newScheduler;
            return this;
        }

        /** Does the jobs, in place of threads of our own; the host shuts it down, after {@link SmartData#close()}. */
        public Builder executor(Executor newExecutor) {
            this.workers = newExecutor;
            return this;
        }

        private RefreshSchedules refreshSchedules() {
            return refreshSchedules == null ? RefreshSchedules.nightly(orgZone) : refreshSchedules;
        }

        private List<Job> jobs(SmartData smartData, SystemScope system) {
            List<Job> all = new ArrayList<>(ownJobs);
            if (catalogue) {
                all.addAll(new JobCatalogue(
                                smartData.storage,
                                system,
                                smartData.compactor,
                                new ExportRunner(smartData.storage, system),
                                smartData::kpis,
                                smartData::anomalies,
                                smartData::forecasts,
                                clock,
                                orgZone)
                        .jobs());
            }
            return all;
        }

        /**
         * Opens the storage, which migrates or checks its tables, and activates the KPI definitions.
         *
         * @throws io.smartdata.SmartDataException {@code schema_mismatch}, {@code store_unavailable},
         *     {@code invalid_settings}
         */
        public SmartData build() {
            Storage opening =
                    requireNonNull(storage, "A SmartData needs a storage, for example JdbcStorage.of(dataSource)");
            try {
                InFlight inFlight = new InFlight(
                        inFlightLimits == null ? InFlightLimits.defaults(ingestSettings) : inFlightLimits,
                        ingestSettings,
                        meters);
                List<SystemScope> minted = new ArrayList<>(1);
                opening.open(minted::add);
                SmartData smartData = new SmartData(this, opening, inFlight, minted.get(0));
                smartData.generations.activateConfigured(minted.get(0));
                return smartData;
            } catch (RuntimeException e) {
                opening.close();
                throw e;
            }
        }
    }
}

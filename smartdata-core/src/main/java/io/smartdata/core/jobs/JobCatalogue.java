package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.anomaly.Anomalies;
import io.smartdata.core.export.ExportRunner;
import io.smartdata.core.forecast.Forecasts;
import io.smartdata.core.kpi.Compactor;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.kpi.Verification;
import io.smartdata.storage.Compaction;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that the library itself needs.
 *
 * @since 0.1.0
 */
public final class JobCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(JobCatalogue.class);

    private static final Duration COMPACTION_INTERVAL = Duration.ofSeconds(5);
    private static final Duration EXPORT_INTERVAL = Duration.ofSeconds(10);
    private static final String BEFORE_THE_NIGHT = "45 1 * * *";
    /** When derived answers are due, see {@link io.smartdata.core.freshness.RefreshSchedules#nightly}. */
    private static final String NIGHTLY = "15 2 * * *";

    private static final String SUNDAYS = "30 3 * * 0";

    /** Orgs of one run of compaction; more than these have the next one. */
    private static final int MOST_ORGS = 10_000;

    /** A week of retries and late events behind today. */
    private static final int VERIFIED_DAYS = 7;

    /** Late events may change what was found in the last month. */
    private static final int JUDGED_DAYS = 31;

    /** Four weeks of days. */
    private static final int HORIZON = 28;

    private final Storage storage;
    private final SystemScope system;
    private final Compactor compactor;
    private final ExportRunner exports;
    private final Function<OrgScope, Kpis> kpis;
    private final Function<OrgScope, Anomalies> anomalies;
    private final Function<OrgScope, Forecasts> forecasts;
    private final Clock clock;
    private final ZoneId zone;

    /**
     * @param zone of the times of day
     */
    public JobCatalogue(
            Storage storage,
            SystemScope system,
            Compactor compactor,
            ExportRunner exports,
            Function<OrgScope, Kpis> kpis,
            Function<OrgScope, Anomalies> anomalies,
            Function<OrgScope, Forecasts> forecasts,
            Clock clock,
            ZoneId zone) {
        this.storage = requireNonNull(storage, "storage");
        this.system = requireNonNull(system, "system");
        this.compactor = requireNonNull(compactor, "compactor");
        this.exports = requireNonNull(exports, "exports");
        this.kpis = requireNonNull(kpis, "kpis");
        this.anomalies = requireNonNull(anomalies, "anomalies");
        this.forecasts = requireNonNull(forecasts, "forecasts");
        this.clock = requireNonNull(clock, "clock");
        this.zone = requireNonNull(zone, "zone");
    }

    /** All of them; those that run rarely come first, so that those that run often leave them room. */
    public List<Job> jobs() {
        return List.of(
                storageUpkeep(), kpiVerification(), anomalies(), forecasts(), reestimation(), exports(), compaction());
    }

    /**
     * Each run goes round the orgs that have deltas until the next one is due, so that an org that got its first delta
     * meanwhile waits for one run and not for all that a large org has.
     */
    private Job compaction() {
        return Job.named("compaction")
                .every(COMPACTION_INTERVAL)
                .misfire(Misfire.SKIP)
                .neededWhen(() -> !uncompacted(1).isEmpty())
                .orgs(() -> uncompacted(MOST_ORGS))
                .lag(() -> storage.kpis().backlog(system).lag())
                .perOrg((context, org) -> new Iterator<>() {
                    private Compaction.End end = Compaction.End.FULL;

                    @Override
                    public boolean hasNext() {
                        return end == Compaction.End.FULL && context.running().compareTo(COMPACTION_INTERVAL) < 0;
                    }

                    @Override
                    public JobPiece next() {
                        return JobPiece.repeatable(scope -> {
                            Compaction piece = compactor.piece(scope);
                            end = piece.end();
                            return piece.deltas();
                        });
                    }
                });
    }

    private List<OrgId> uncompacted(int limit) {
        return storage.kpis().uncompacted(system, null, limit);
    }

    /** One piece is one export of an org, so that many of one org make others wait for one only. */
    private Job exports() {
        return Job.named("exports")
                .every(EXPORT_INTERVAL)
                .misfire(Misfire.SKIP)
                .neededWhen(() -> !exports.due(1).isEmpty())
                .orgs(() -> exports.due(MOST_ORGS))
                .perOrg((context, org) -> List.of(JobPiece.repeatable(scope -> exports.runNext(scope) ? 1 : 0))
                        .iterator());
    }

    private Job storageUpkeep() {
        return Job.named("storage-upkeep")
                .cron(BEFORE_THE_NIGHT, zone)
                .system(context -> storage.upkeep(system).partitions().size());
    }

    private Job kpiVerification() {
        return Job.named("kpi-verification")
                .cron(NIGHTLY, zone)
                .perOrg((context, org) ->
                        List.of(JobPiece.repeatable(this::verify)).iterator());
    }

    private long verify(OrgScope scope) {
        LocalDate today = today(scope);
        Verification verification = kpis.apply(scope).verify(today.minusDays(VERIFIED_DAYS), today.plusDays(1));
        if (!verification.clean()) {
            LOG.error(
                    "KPI cells differ from the raw events, org={} cells={}",
                    scope.org(),
                    verification.differenceCount());
            throw new SmartDataException(
                    "kpis_differ",
                    "%d cells of an org differ from its raw events. No event is lost; answers may be wrong. The log names the org: run verify for it, then rebuild."
                            .formatted(verification.differenceCount()));
        }
        return verification.cells();
    }

    /** All KPIs are judged before any alert is raised, since the budget is for all of them together. */
    private Job anomalies() {
        return Job.named("anomalies").cron(NIGHTLY, zone).perOrg((context, org) -> {
            LocalDate today = today(org);
            return new AnomalyNight(anomalies, kpis.apply(org).names(), today.minusDays(JUDGED_DAYS), today);
        });
    }

    /** Models that still fit are run over what has come since, many in a piece; the others learn, one in a piece. */
    private Job forecasts() {
        return Job.named("forecasts")
                .cron(NIGHTLY, zone)
                .perOrg((context, org) -> new ForecastUpdate(
                        forecasts,
                        HORIZON,
                        kpis.apply(org).names(),
                        forecasts.apply(org).updatable()));
    }

    private Job reestimation() {
        return Job.named("reestimation")
                .cron(SUNDAYS, zone)
                .perOrg((context, org) -> eachKpi(org, (scope, kpi) -> {
                    forecasts.apply(scope).reestimate(kpi, HORIZON);
                    return 1;
                }));
    }

    /** What a job does with one KPI. */
    @FunctionalInterface
    private interface KpiWork {
        long run(OrgScope scope, String kpi);
    }

    /** A piece for each KPI; what it stores, it stores in one transaction. */
    private Iterator<JobPiece> eachKpi(OrgScope org, KpiWork work) {
        return kpis.apply(org).names().stream()
                .map(kpi -> JobPiece.once(kpi, scope -> work.run(scope, kpi)))
                .iterator();
    }

    private LocalDate today(OrgScope scope) {
        return LocalDate.ofInstant(clock.instant(), kpis.apply(scope).settings().zone());
    }
}

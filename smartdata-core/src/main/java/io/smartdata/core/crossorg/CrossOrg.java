package io.smartdata.core.crossorg;

import static java.util.Objects.requireNonNull;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.access.OrgProfiles;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.core.jobs.Jobs;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.CrossOrgScope;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the platform's own staff does over all orgs. Figures stay apart by org: adding up what may differ in zone and definition is the reader's decision.
 *
 * <p>Each read is first written down and committed: in the log of the system, with the orgs it names, and in the log of every
 * org whose figures it shows, without the others. If that fails, nothing is answered.
 *
 * @since 0.1.0
 */
public final class CrossOrg {
    /** Most orgs of one read. */
    public static final int MAX_ORGS = 1_000;

    private final Storage storage;
    private final SystemScope system;
    private final OrgProfiles profiles;
    private final Function<OrgScope, Kpis> kpis;
    private final Function<OrgScope, Freshness> freshness;
    private final Jobs jobs;
    private final CrossOrgScope scope;

    public CrossOrg(
            Storage storage,
            SystemScope system,
            OrgProfiles profiles,
            Function<OrgScope, Kpis> kpis,
            Function<OrgScope, Freshness> freshness,
            Jobs jobs,
            CrossOrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.system = requireNonNull(system, "system");
        this.profiles = requireNonNull(profiles, "profiles");
        this.kpis = requireNonNull(kpis, "kpis");
        this.freshness = requireNonNull(freshness, "freshness");
        this.jobs = requireNonNull(jobs, "jobs");
        this.scope = requireNonNull(scope, "scope");
    }

    /** Orgs that have data here and that the host's directory knows, ordered by id. */
    public List<OrgId> orgs() {
        audit("orgs", Set.of(), Map.of());
        return known();
    }

    /**
     * One KPI of several orgs.
     *
     * @param orgs at most {@link #MAX_ORGS}
     * @return an answer for each org, ordered by id; {@code unknown_org} for one without data, {@code unknown_kpi} and the
     *     like for one that cannot answer
     * @throws IllegalArgumentException for more orgs
     */
    public List<OrgAnswer<KpiSeries>> series(KpiQuery query, Collection<OrgId> orgs) {
        return read(
                "kpi " + query.kpi(), range(query), orgs, org -> kpis.apply(org).series(query));
    }

    /**
     * How fresh the answers of several orgs are.
     *
     * @param orgs at most {@link #MAX_ORGS}
     * @return as {@link #series}
     * @throws IllegalArgumentException for more orgs
     */
    public List<OrgAnswer<Freshness>> freshness(Collection<OrgId> orgs) {
        return read("freshness", Map.of(), orgs, freshness);
    }

    private <T> List<OrgAnswer<T>> read(
            String target, Map<String, String> detail, Collection<OrgId> orgs, Function<OrgScope, T> question) {
        if (orgs.size() > MAX_ORGS) {
            throw new IllegalArgumentException("A read takes at most %d orgs, not %d".formatted(MAX_ORGS, orgs.size()));
        }
        Set<OrgId> shown = new HashSet<>(known());
        shown.retainAll(Set.copyOf(orgs));
        audit(target, shown, detail);
        Map<String, OrgAnswer<T>> answers = new TreeMap<>();
        for (OrgId org : orgs) {
            answers.put(org.value(), shown.contains(org) ? answer(org, question) : unknown(org));
        }
        return new ArrayList<>(answers.values());
    }

    /** What was read over all orgs, newest first. Reading it is such a read itself. */
    public List<AuditRecord> audit(AuditQuery query) {
        audit("audit", Set.of(), Map.of());
        return storage.audit().listAcross(system, query);
    }

    /**
     * Begins a job of the system now, as {@link Jobs#begin}; the log of the system says who did.
     *
     * @return the run as it began
     * @throws SmartDataException {@code unknown_job}, {@code job_running} if some node runs it
     */
    public JobRun runJob(String name) {
        jobs.history(name, 1);
        storage.audit()
                .addAcross(
                        system,
                        scope.caller(),
                        Set.of(),
                        AuditEntry.begun(AuditAction.RUN_JOB, name, Map.of()),
                        AuditEntry.begun(AuditAction.RUN_JOB, name, Map.of()));
        return jobs.begin(name);
    }

    private static Map<String, String> range(KpiQuery query) {
        return query.last() != null
                ? Map.of("last", query.last().toString())
                : Map.of("from", String.valueOf(query.from()), "to", String.valueOf(query.to()));
    }

    /** A store that cannot answer now is no answer of the org: the whole read is then to be made again. */
    private <T> OrgAnswer<T> answer(OrgId org, Function<OrgScope, T> question) {
        try {
            return new OrgAnswer<>(org, question.apply(system.org(org)), null);
        } catch (RetryLaterException e) {
            throw e;
        } catch (SmartDataException e) {
            return new OrgAnswer<>(org, null, e);
        }
    }

    private static <T> OrgAnswer<T> unknown(OrgId org) {
        return new OrgAnswer<>(
                org, null, new SmartDataException("unknown_org", "The org %s has no data here.".formatted(org)));
    }

    private List<OrgId> known() {
        return storage.orgs().all(system).stream()
                .filter(org -> profiles.find(org).isPresent())
                .toList();
    }

    private void audit(String target, Set<OrgId> shown, Map<String, String> detail) {
        Map<String, Object> named = new TreeMap<>(detail);
        named.put("orgs", shown.stream().map(OrgId::value).sorted().toList());
        storage.audit()
                .addAcross(
                        system,
                        scope.caller(),
                        shown,
                        AuditEntry.begun(AuditAction.CROSS_ORG_READ, target, detail),
                        AuditEntry.begun(AuditAction.CROSS_ORG_READ, target, named));
    }
}

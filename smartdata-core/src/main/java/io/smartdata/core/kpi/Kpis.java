package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.observe.Meters;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * The KPIs of one org: fresh at commit, provable from raw events.
 *
 * @since 0.1.0
 */
public final class Kpis {
    private final Storage storage;
    private final Generations generations;
    private final Compactor compactor;
    private final Meters meters;
    private final OrgScope scope;

    public Kpis(Storage storage, Generations generations, Compactor compactor, Meters meters, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.compactor = requireNonNull(compactor, "compactor");
        this.meters = requireNonNull(meters, "meters");
        this.scope = requireNonNull(scope, "scope");
    }

    /**
     * Answers a query from one snapshot; every event acknowledged before it is counted.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_kpi} if the org has no such KPI, {@code unknown_org} if it has
     *     no data, {@code not_permitted} without {@link Permission#VIEW}
     */
    public KpiSeries series(KpiQuery query) {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return meters.query(
                "kpi_series",
                () -> storage.kpis()
                        .snapshot(scope, snapshot -> KpiReader.read(snapshot, generations.catalog(snapshot), query)));
    }

    /**
     * Answers queries from one snapshot, as {@link #series(KpiQuery)} each; looks once for what several of them need.
     *
     * @return an answer a query, in their order
     * @throws io.smartdata.SmartDataException as {@link #series(KpiQuery)}
     */
    public List<KpiSeries> series(List<KpiQuery> queries) {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return meters.query(
                "kpi_series_many",
                () -> storage.kpis().snapshot(scope, snapshot -> {
                    KpiSnapshot shared = new SharedActivity(snapshot);
                    KpiCatalog catalog = generations.catalog(snapshot);
                    return queries.stream()
                            .map(query -> KpiReader.read(shared, catalog, query))
                            .toList();
                }));
    }

    /**
     * Names of the KPIs that have data, declared and automatic, in order.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<String> names() {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return meters.query(
                "kpi_names",
                () -> storage.kpis()
                        .snapshot(scope, snapshot -> KpiReader.names(snapshot, generations.catalog(snapshot))));
    }

    /**
     * Recounts a range of local days from raw events and compares exactly.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#OPERATE}
     */
    public Verification verify(LocalDate from, LocalDate to) {
        scope.require(Permission.OPERATE);
        generations.existing(scope);
        return storage.kpis()
                .snapshot(scope, snapshot -> KpiVerifier.verify(snapshot, generations.catalog(snapshot), from, to));
    }

    /**
     * Replaces the cells of a range of local days by a recount from raw events.
     *
     * @return which cells differed before
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#OPERATE}
     */
    public Verification rebuild(LocalDate from, LocalDate to) {
        scope.require(Permission.OPERATE);
        generations.existing(scope);
        return storage.kpis().rebuild(scope, rebuild -> {
            KpiCatalog catalog = generations.catalog(rebuild);
            Verification before = KpiVerifier.verify(rebuild, catalog, from, to);
            KpiRebuilder.rebuild(rebuild, catalog, from, to);
            rebuild.audit(AuditEntry.done(
                    AuditAction.REBUILD,
                    "%s to %s".formatted(from, to),
                    Map.of("cells", before.cells(), "different", before.differenceCount())));
            return before;
        });
    }

    /**
     * Merges all uncompacted deltas into their cells; changes no figure.
     *
     * @return delta rows merged
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#OPERATE}
     */
    public long compact() {
        scope.require(Permission.OPERATE);
        return compactor.compact(scope);
    }

    /**
     * Zone, generation and retained history of the org.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#VIEW}
     */
    public OrgSummary settings() {
        scope.require(Permission.VIEW);
        return OrgSummary.of(generations.existing(scope));
    }

    /**
     * Changes the zone of the org's days and recounts all KPIs in it, in one transaction.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#OPERATE}
     */
    public OrgSummary changeZone(ZoneId zone) {
        scope.require(Permission.OPERATE);
        generations.existing(scope);
        return OrgSummary.of(generations.changeZone(scope, zone));
    }
}

package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.observe.Meters;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The KPIs of one org: fresh at commit, provable from raw events.
 *
 * @since 0.1.0
 */
public final class Kpis {
    /** Most values of a top list. */
    public static final int MAX_TOP = 1_000;

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
     *     no data, {@code answer_too_large} for a breakdown of more than 300 000 figures, {@code not_permitted} without
     *     {@link Permission#VIEW}
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
     * Answers queries from one snapshot, as {@link #series(KpiQuery)} each; looks once for what several of them need. The limit
     * of breakdowns is for all of them together.
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
                    KpiReader.Room room = new KpiReader.Room();
                    return queries.stream()
                            .map(query -> KpiReader.read(shared, catalog, query, room))
                            .toList();
                }));
    }

    /**
     * The greatest values of a dimension over a range of local days, what is left over, and each one's part of the whole.
     * Memory is that of at most 10 000 values; beyond, all are merged.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @param limit most values to list, 1 to {@value #MAX_TOP}
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code unknown_kpi}, {@code unknown_dimension};
     *     {@code invalid_request} for a limit out of range or a range that ends before it starts; {@code not_permitted} without
     *     {@link Permission#VIEW}
     */
    public Top top(String kpi, String dimension, LocalDate from, LocalDate to, int limit) {
        scope.require(Permission.VIEW);
        if (limit < 1 || limit > MAX_TOP || to.isBefore(from)) {
            throw new SmartDataException(
                    "invalid_request",
                    "A top list has 1 to %d values of a range that ends after it starts. Nothing was read. Correct the request."
                            .formatted(MAX_TOP));
        }
        generations.existing(scope);
        return meters.query(
                "kpi_top",
                () -> storage.kpis()
                        .snapshot(
                                scope,
                                snapshot -> RangeReader.top(
                                        snapshot, generations.catalog(snapshot), kpi, dimension, from, to, limit)));
    }

    /**
     * A KPI over the range of a query, beside the same over an earlier range. Only days that are over are compared: a range
     * that reaches into today or beyond ends with yesterday, and the earlier one is as much shorter. Missing is never zero.
     *
     * @param query the KPI, its range and at most one source; the grain is of no account
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code unknown_kpi}; {@code invalid_request} if the query
     *     keeps sources or dimension values apart; {@code not_permitted} without {@link Permission#VIEW}
     */
    public Comparison compare(KpiQuery query, Comparison.With with) {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return meters.query(
                "kpi_compare",
                () -> storage.kpis()
                        .snapshot(
                                scope,
                                snapshot -> RangeReader.compare(snapshot, generations.catalog(snapshot), query, with)));
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
     * What the KPIs are, by name: those that are declared, and automatic ones that have data.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<DefinedKpi> definitions() {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return meters.query(
                "kpi_definitions",
                () -> storage.kpis().snapshot(scope, snapshot -> {
                    KpiCatalog catalog = generations.catalog(snapshot);
                    return DefinedKpi.all(catalog, KpiReader.names(snapshot, catalog));
                }));
    }

    /**
     * That there is something to derive from a KPI: it is declared, or an event has counted in it. Any text with an automatic
     * ending is the name of a KPI that may come.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_kpi}, {@code unknown_org}, {@code not_permitted} without
     *     {@link Permission#VIEW}
     */
    public void requireExisting(String kpi) {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        storage.kpis().snapshot(scope, snapshot -> {
            KpiCatalog catalog = generations.catalog(snapshot);
            boolean declared =
                    catalog.find(kpi).filter(known -> !known.automatic()).isPresent();
            if (!declared && !KpiReader.names(snapshot, catalog).contains(kpi)) {
                throw KpiReader.unknown(kpi, catalog);
            }
            return kpi;
        });
    }

    /**
     * The daily totals of KPIs that have data, by name, all of one snapshot: what a first look at an org needs.
     *
     * @param last this long up to today, today included
     * @param after name of the KPI with which the page before ended; null to start with the first
     * @param limit most KPIs to give, at least 1
     * @throws io.smartdata.SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<KpiSeries> overview(Period last, @Nullable String after, int limit) {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return meters.query(
                "kpi_overview",
                () -> storage.kpis().snapshot(scope, snapshot -> {
                    KpiSnapshot shared = new SharedActivity(snapshot);
                    KpiCatalog catalog = generations.catalog(snapshot);
                    return KpiReader.names(snapshot, catalog).stream()
                            .filter(name -> after == null || name.compareTo(after) > 0)
                            .limit(limit)
                            .map(name -> KpiReader.read(
                                    shared,
                                    catalog,
                                    new KpiQuery(name, null, null, last, Grain.DAY, null, false, null, 0)))
                            .toList();
                }));
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

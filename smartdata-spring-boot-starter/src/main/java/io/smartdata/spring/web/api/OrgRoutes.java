package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.CellDifference;
import io.smartdata.core.kpi.OrgSummary;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.IdentityScope;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** An org's settings, and keeping its figures. */
final class OrgRoutes implements RouteGroup {
    private final SmartData smartData;
    private final int maxDays;
    private final Workbench workbench;

    /**
     * @param maxDays most days of a range
     * @param workbench where figures are counted again
     */
    OrgRoutes(SmartData smartData, int maxDays, Workbench workbench) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
        this.workbench = requireNonNull(workbench, "workbench");
    }

    /** Settings of an org. */
    record Settings(
            String org,

            @About("Whose local days and hours are the buckets.")
            ZoneId zone,

            @About("Number of the zone and the KPI definitions in force.")
            long generation,

            @About("Raw events before this are gone or refused.")
            Instant rawFrom,

            @About("How long an event id stays taken.") IdentityScope identityScope) {
        static Settings of(OrgSummary summary) {
            return new Settings(
                    summary.org().value(),
                    summary.zone(),
                    summary.generation(),
                    summary.rawFrom(),
                    summary.identityScope());
        }
    }

    /** Another zone. */
    record ZoneToSet(@About("As Europe/Berlin.") ZoneId zone) {}

    /** Days to count again. */
    record DaysToCount(
            @About("First local day, inclusive.") LocalDate from,
            @About("Last local day, exclusive.") LocalDate to) {}

    /** What a comparison of figures with raw events found. */
    record Counted(
            LocalDate from,
            LocalDate to,
            @About("Cells compared.") long cells,
            @About("Raw events counted.") long events,

            @About("Cells that could not be compared since their raw events are gone.")
            long frozen,

            long differenceCount,
            @About("The first of them, at most 1000.") List<Difference> differences) {

        /** A cell that is not what its raw events give. */
        record Difference(
                List<String> kpis,
                String bucket,
                String source,

                @About("Name and value; empty for the total.")
                String dimension,

                CellDifference.Kind kind,
                long storedEvents,
                long countedEvents) {
            static Difference of(CellDifference difference) {
                return new Difference(
                        difference.kpis(),
                        difference.key().bucket(),
                        difference.key().source(),
                        difference.key().dimension(),
                        difference.kind(),
                        difference.storedEvents(),
                        difference.countedEvents());
            }
        }

        static Counted of(Verification verification) {
            return new Counted(
                    verification.from(),
                    verification.to(),
                    verification.cells(),
                    verification.events(),
                    verification.frozen(),
                    verification.differenceCount(),
                    verification.differences().stream().map(Difference::of).toList());
        }
    }

    /** What a compaction did. */
    record Compacted(@About("Rows merged.") long deltas) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/settings", "getSettings", "Zone, generation and retained history of the org.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.settings")
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(Settings.class, this::settings),
                Route.put(
                                "/settings/zone",
                                "putZone",
                                "Changes the zone of the org's days and counts all KPIs again in it.")
                        .needs(Permission.OPERATE)
                        .offers("Kpis.changeZone")
                        .body(ZoneToSet.class)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(Settings.class, this::changeZone),
                Route.post("/verification", "verifyKpis", "Counts days again from raw events and compares exactly.")
                        .needs(Permission.OPERATE)
                        .offers("Kpis.verify")
                        .body(DaysToCount.class)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(Counted.class, this::verify),
                Route.post(
                                "/rebuild",
                                "rebuildKpis",
                                "Replaces the figures of days by a count of raw events; answers what differed before.")
                        .needs(Permission.OPERATE)
                        .offers("Kpis.rebuild")
                        .body(DaysToCount.class)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.RAW_GONE, ErrorCode.THROTTLED)
                        .answers(Counted.class, this::rebuild),
                Route.post("/compaction", "compactKpis", "Merges what came in into fewer rows; changes no figure.")
                        .needs(Permission.OPERATE)
                        .offers("Kpis.compact")
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(Compacted.class, this::compact));
    }

    private Settings settings(Call call) {
        return Settings.of(smartData.kpis(call.scope()).settings());
    }

    private Settings changeZone(Call call) {
        ZoneId zone = call.body(ZoneToSet.class).zone();
        return Settings.of(workbench.use(() -> smartData.kpis(call.scope()).changeZone(zone)));
    }

    private Days days(Call call) {
        DaysToCount asked = call.body(DaysToCount.class);
        return Days.of(asked.from(), asked.to(), maxDays);
    }

    private Counted verify(Call call) {
        Days days = days(call);
        return Counted.of(workbench.use(() -> smartData.kpis(call.scope()).verify(days.from(), days.to())));
    }

    private Counted rebuild(Call call) {
        Days days = days(call);
        return Counted.of(workbench.use(() -> smartData.kpis(call.scope()).rebuild(days.from(), days.to())));
    }

    private Compacted compact(Call call) {
        return new Compacted(workbench.use(() -> smartData.kpis(call.scope()).compact()));
    }
}

package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.OrgSummary;
import io.smartdata.kpi.Direction;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a first look at an org needs. */
final class OverviewRoutes implements RouteGroup {
    private static final Parameter<Integer> DAYS =
            Parameter.whole("days", "Days of points, today included.", 2, 92).standard(OverviewRoutes.STANDARD_DAYS);
    private static final Parameter<Integer> LIMIT =
            Parameter.whole("limit", "Most KPIs of the answer.", 1, 200).standard(OverviewRoutes.STANDARD_LIMIT);
    private static final Parameter<Cursor> CURSOR = Cursor.parameter(1);

    private static final int STANDARD_DAYS = 30;
    private static final int STANDARD_LIMIT = 50;

    private final SmartData smartData;

    OverviewRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** The latest figures of a page of KPIs, by name. */
    record Overview(
            String org,
            ZoneId zone,
            List<Tile> kpis,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next,

            @About("Whether anomalies, forecasts or the like are overdue by more than ten minutes; figures never are.")
            boolean stale,

            @About("The same moment for all figures; null if there is none.") @Nullable
            Instant dataFreshAsOf) {

        /** One KPI by day. */
        record Tile(
                String name,
                String unit,
                @About("Which way is good.") Direction direction,

                @About("The last day that is over and has a value.") @Nullable
                DayFigure latest,

                @About("The last one before it that has a value.") @Nullable
                DayFigure previous,

                @About("From the previous to the latest.") @Nullable
                BigDecimal change,

                @About("The same as a share of the previous; null where that is zero.") @Nullable
                BigDecimal changeShare,

                @About("The day that is not over, if it has a value.") @Nullable
                DayFigure today,

                @About("Days with a value, oldest first.") List<DayFigure> points) {

            /** The value of one local day. */
            record DayFigure(String day, BigDecimal value) {}

            static Tile of(KpiSeries series) {
                List<KpiPoint> known = series.points().stream()
                        .filter(point -> point.value() != null)
                        .toList();
                List<DayFigure> over = known.stream()
                        .filter(KpiPoint::complete)
                        .map(Tile::figure)
                        .toList();
                DayFigure latest = fromEnd(over, 1);
                DayFigure previous = fromEnd(over, 2);
                BigDecimal change = latest == null || previous == null
                        ? null
                        : latest.value().subtract(previous.value());
                return new Tile(
                        series.kpi().name(),
                        series.kpi().unit(),
                        series.kpi().direction(),
                        latest,
                        previous,
                        change,
                        share(change, previous),
                        known.isEmpty() || known.get(known.size() - 1).complete()
                                ? null
                                : figure(known.get(known.size() - 1)),
                        known.stream().map(Tile::figure).toList());
            }

            private static DayFigure figure(KpiPoint point) {
                return new DayFigure(point.bucket(), requireNonNull(Series.plain(point)));
            }

            private static @Nullable DayFigure fromEnd(List<DayFigure> figures, int place) {
                return figures.size() < place ? null : figures.get(figures.size() - place);
            }

            private static @Nullable BigDecimal share(@Nullable BigDecimal change, @Nullable DayFigure previous) {
                return change == null || previous == null || previous.value().signum() == 0
                        ? null
                        : change.divide(previous.value().abs(), MathContext.DECIMAL32);
            }
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/overview", "getOverview", "The latest daily figures of all KPIs, of one moment.")
                .needs(Permission.VIEW)
                .offers("Kpis.overview")
                .with(DAYS, LIMIT, CURSOR)
                .errors(ErrorCode.UNKNOWN_ORG)
                .answersTagged(Overview.class, this::overview));
    }

    private Overview overview(Call call) {
        OrgSummary org = smartData.kpis(call.scope()).settings();
        int limit = call.get(LIMIT, STANDARD_LIMIT);
        List<KpiSeries> series = smartData
                .kpis(call.scope())
                .overview(
                        Period.ofDays(call.get(DAYS, STANDARD_DAYS)),
                        call.get(CURSOR).map(cursor -> cursor.part(0)).orElse(null),
                        limit + 1);
        Cursor.Page<KpiSeries> page =
                Cursor.Page.of(series, limit, it -> Cursor.of(it.kpi().name()));
        return new Overview(
                org.org().value(),
                series.isEmpty() ? org.zone() : series.get(0).zone(),
                page.map(Overview.Tile::of),
                page.next(),
                smartData.freshness(call.scope()).stale(),
                series.isEmpty() ? null : series.get(0).dataFreshAsOf());
    }
}

package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Figures. */
final class KpiRoutes implements RouteGroup {
    static final Parameter<String> KPI = Parameter.text("kpi", "Name of a KPI.").inPath();
    static final Parameter<LocalDate> FROM = Parameter.day("from", "First local day, inclusive.");
    static final Parameter<LocalDate> TO = Parameter.day("to", "Last local day, exclusive.");
    static final Parameter<Period> LAST =
            Parameter.period("last", "Until now, in place of from and to.").standard("P90D");
    static final Parameter<Grain> GRAIN =
            Parameter.choice("grain", "Width of the buckets; unless given, the KPI's own.", Grain.class);
    private static final Parameter<String> SOURCE = Parameter.text("source", "Only events of this source.");
    private static final Parameter<Boolean> BY_SOURCE = Parameter.flag("bySource", "One series for each source.");
    private static final Parameter<String> DIMENSION =
            Parameter.text("dimension", "Property to break the figures down by.");
    private static final Parameter<Integer> TOP = Parameter.whole(
            "top", "With a dimension: so many values of it, and all others together; 0 for all.", 0, 1_000);

    private static final int DEFAULT_DAYS = 90;
    private static final int LONGEST_MONTH = 31;

    private final SmartData smartData;
    private final int maxDays;

    /** @param maxDays most days of the range of a query */
    KpiRoutes(SmartData smartData, int maxDays) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
    }

    /** All that is there. */
    record Kpis(List<Named> kpis) {
        /** One of them. */
        record Named(String name) {}
    }

    /** One point after the other. */
    record Series(
            String kpi,
            String unit,
            Grain grain,
            ZoneId zone,

            @About("Version of the definitions that made the figures.")
            long generation,

            @About("Whether the values are exact rather than estimated by a sketch.")
            boolean exact,

            @About("Whether there are more points than the answer lists.")
            boolean truncated,

            List<Point> points,
            Instant dataFreshAsOf) {

        /** The value of one bucket. */
        record Point(
                @About("Local day, hour, week, month, quarter or year.")
                String bucket,

                @About("The moment it begins.") Instant start,
                @About("Empty for all.") String source,

                @About("Value of the dimension; empty for all.")
                String dimension,

                @About("Null where there is none, which is not zero.") @Nullable
                BigDecimal value,

                long events,
                @About("Whether the bucket is over.") boolean complete) {

            static Point of(KpiPoint point) {
                return new Point(
                        point.bucket(),
                        point.start(),
                        point.source(),
                        point.dimension(),
                        point.value() == null ? null : new BigDecimal(point.valueText()),
                        point.events(),
                        point.complete());
            }
        }

        static Series of(KpiSeries series) {
            return new Series(
                    series.kpi().name(),
                    series.kpi().unit(),
                    series.grain(),
                    series.zone(),
                    series.generation(),
                    series.exact(),
                    series.truncated(),
                    series.points().stream().map(Point::of).toList(),
                    series.dataFreshAsOf());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/kpis", "listKpis", "Names of the KPIs with data.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.names")
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(Kpis.class, this::names),
                Route.get("/kpis/{kpi}/series", "getSeries", "Exact figures of a KPI.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.series")
                        .with(KPI, FROM, TO, LAST, GRAIN, SOURCE, BY_SOURCE, DIMENSION, TOP)
                        .errors(
                                ErrorCode.UNKNOWN_ORG,
                                ErrorCode.UNKNOWN_KPI,
                                ErrorCode.UNKNOWN_DIMENSION,
                                ErrorCode.GRAIN_TOO_FINE)
                        .answersTagged(Series.class, this::series));
    }

    private Kpis names(Call call) {
        return new Kpis(smartData.kpis(call.scope()).names().stream()
                .map(Kpis.Named::new)
                .toList());
    }

    private Series series(Call call) {
        return Series.of(smartData.kpis(call.scope()).series(query(call)));
    }

    private KpiQuery query(Call call) {
        Optional<LocalDate> from = call.get(FROM);
        Optional<LocalDate> to = call.get(TO);
        Period standard = from.isPresent() || to.isPresent() ? null : Period.ofDays(Math.min(DEFAULT_DAYS, maxDays));
        KpiQuery query;
        try {
            query = new KpiQuery(
                    call.required(KPI),
                    from.orElse(null),
                    to.orElse(null),
                    call.get(LAST).orElse(standard),
                    call.get(GRAIN).orElse(null),
                    call.get(SOURCE).orElse(null),
                    call.get(BY_SOURCE, false),
                    call.get(DIMENSION).orElse(null),
                    call.get(TOP, 0));
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request",
                    "Ask for from and to, or for last, or for none of them; to is after from, last is positive, and top needs a dimension.",
                    e);
        }
        requireRange(query);
        return query;
    }

    private void requireRange(KpiQuery query) {
        LocalDate from = query.from();
        LocalDate to = query.to();
        Period last = query.last();
        long days = from != null && to != null
                ? to.toEpochDay() - from.toEpochDay()
                : last == null ? 0 : last.toTotalMonths() * LONGEST_MONTH + last.getDays();
        if (days > maxDays) {
            throw new SmartDataException(
                    "invalid_request", "The range has more than %d days. Ask for less at once.".formatted(maxDays));
        }
    }
}

package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.Comparison;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.kpi.Top;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A KPI over a range as one figure. */
final class RangeRoutes implements RouteGroup {
    private static final Parameter<String> DIMENSION =
            Parameter.text("dimension", "Property to break the KPI down by.");
    private static final Parameter<Integer> LIMIT = Parameter.whole(
                    "limit", "Most values of the answer.", 1, Kpis.MAX_TOP)
            .standard(RangeRoutes.STANDARD_LIMIT);
    private static final Parameter<Period> LAST =
            Parameter.period("last", "Until now, in place of from and to.").standard("P90D");
    private static final Parameter<String> SOURCE = Parameter.text("source", "Only events of this source.");
    private static final Parameter<Comparison.With> WITH = Parameter.choice(
                    "with", "As many days right before, or the same dates a year before.", Comparison.With.class)
            .standard("previous_period");

    private static final int STANDARD_LIMIT = 10;

    private final SmartData smartData;
    private final int maxDays;

    /** @param maxDays most days of a range */
    RangeRoutes(SmartData smartData, int maxDays) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
    }

    /** The greatest values of a dimension. */
    record TopValues(
            String kpi,
            String dimension,
            LocalDate from,
            @About("Exclusive.") LocalDate to,

            @About("Greatest figure first.") List<TopValue> values,

            @About("All others together; null if there is none.") @Nullable
            TopRest rest,

            @About("All values together; null without events.") @Nullable
            BigDecimal total,

            @About("Whether there were too many values to tell apart.")
            boolean truncated,

            @About("Whether the figures are exact rather than estimated by a sketch.")
            boolean exact,

            long generation,
            Instant dataFreshAsOf) {

        /** One value. */
        record TopValue(
                @About("Empty for events that lack it.") String value,
                @Nullable BigDecimal figure,
                long events,

                @About("Of the total; null where figures do not add up.") @Nullable
                BigDecimal share) {
            static TopValue of(Top.Value known) {
                return new TopValue(known.value(), known.figure(), known.events(), known.share());
            }
        }

        /** Values that are not listed. */
        record TopRest(
                @About("How many they are.") int values,
                @Nullable BigDecimal figure,
                long events,
                @Nullable BigDecimal share) {}

        static TopValues of(Top top) {
            Top.Rest rest = top.rest();
            return new TopValues(
                    top.kpi(),
                    top.dimension(),
                    top.from(),
                    top.to(),
                    top.values().stream().map(TopValue::of).toList(),
                    rest == null ? null : new TopRest(rest.values(), rest.figure(), rest.events(), rest.share()),
                    top.total(),
                    top.truncated(),
                    top.exact(),
                    top.generation(),
                    top.dataFreshAsOf());
        }
    }

    /** A range beside an earlier one. */
    record Compared(
            String kpi,

            @About("The range asked for, as far as its days are over.")
            ComparedRange current,

            @About("The range it is compared with.") ComparedRange previous,

            @About("Whether they can be compared, and if not why.")
            Comparison.Verdict verdict,

            @About("Current minus previous; null if they cannot be compared.") @Nullable
            BigDecimal change,

            @About("The same in percent of the previous; null also where that is zero.") @Nullable
            BigDecimal percent,

            boolean exact,
            long generation,
            Instant dataFreshAsOf) {

        /** The KPI over one range. */
        record ComparedRange(
                LocalDate from,
                @About("Exclusive.") LocalDate to,

                @About("Null where there is none, which is not zero.") @Nullable
                BigDecimal value,

                long events) {
            static ComparedRange of(Comparison.Period period) {
                return new ComparedRange(period.from(), period.to(), period.value(), period.events());
            }
        }

        static Compared of(Comparison comparison) {
            return new Compared(
                    comparison.kpi(),
                    ComparedRange.of(comparison.current()),
                    ComparedRange.of(comparison.previous()),
                    comparison.verdict(),
                    comparison.change(),
                    comparison.percent(),
                    comparison.exact(),
                    comparison.generation(),
                    comparison.dataFreshAsOf());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/kpis/{kpi}/top", "getTop", "The greatest values of a dimension over a range of days.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.top")
                        .with(KpiRoutes.KPI)
                        .requires(DIMENSION)
                        .with(Days.FROM, Days.TO, LIMIT)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.UNKNOWN_KPI, ErrorCode.UNKNOWN_DIMENSION)
                        .answersTagged(TopValues.class, this::top),
                Route.get("/kpis/{kpi}/comparison", "compareKpi", "A KPI over a range of days, beside an earlier one.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.compare")
                        .with(KpiRoutes.KPI, Days.FROM, Days.TO, LAST, SOURCE, WITH)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.UNKNOWN_KPI)
                        .answersTagged(Compared.class, this::compare));
    }

    private TopValues top(Call call) {
        Days days = Days.asked(
                call, maxDays, () -> smartData.kpis(call.scope()).settings().zone());
        return TopValues.of(smartData
                .kpis(call.scope())
                .top(
                        call.required(KpiRoutes.KPI),
                        call.required(DIMENSION),
                        days.from(),
                        days.to(),
                        call.get(LIMIT, STANDARD_LIMIT)));
    }

    private Compared compare(Call call) {
        SeriesQuestion range = new SeriesQuestion(
                call.required(KpiRoutes.KPI),
                call.get(Days.FROM).orElse(null),
                call.get(Days.TO).orElse(null),
                call.get(LAST).orElse(null),
                null,
                call.get(SOURCE).orElse(null),
                null,
                null,
                null);
        return Compared.of(smartData
                .kpis(call.scope())
                .compare(range.query(maxDays), call.get(WITH, Comparison.With.PREVIOUS_PERIOD)));
    }
}

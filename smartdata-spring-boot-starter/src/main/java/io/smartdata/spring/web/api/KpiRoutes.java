package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.DefinedKpi;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Figures, and what they are. */
final class KpiRoutes implements RouteGroup {
    static final Parameter<String> KPI = Parameter.text("kpi", "Name of a KPI.").inPath();
    private static final Parameter<Period> LAST =
            Parameter.period("last", "Until now, in place of from and to.").standard("P90D");
    private static final Parameter<Grain> GRAIN =
            Parameter.choice("grain", "Width of the buckets; unless given, the KPI's own.", Grain.class);
    private static final Parameter<String> SOURCE = Parameter.text("source", "Only events of this source.");
    private static final Parameter<Boolean> BY_SOURCE = Parameter.flag("bySource", "One series for each source.");
    private static final Parameter<String> DIMENSION =
            Parameter.text("dimension", "Property to break the figures down by.");
    private static final Parameter<Integer> TOP = Parameter.whole(
            "top", "With a dimension: so many values of it, and all others together; 0 for all.", 0, 1_000);
    private static final Parameter<Cursor> CURSOR = Cursor.parameter(1);

    private static final int MOST_QUESTIONS = 50;

    private final SmartData smartData;
    private final int maxDays;

    /** @param maxDays most days of the range of a query */
    KpiRoutes(SmartData smartData, int maxDays) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
    }

    /** A page of them, by name. */
    record KpiPage(
            List<KpiDefinition> kpis,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next) {}

    /** Questions that are answered from one snapshot. */
    record SeriesQuestions(@About("1 to 50.") List<SeriesQuestion> queries) {
        SeriesQuestions {
            if (queries.isEmpty() || queries.size() > MOST_QUESTIONS) {
                throw new SmartDataException(
                        "invalid_request", "Ask 1 to %d queries at once.".formatted(MOST_QUESTIONS));
            }
        }
    }

    /** An answer to each question, in their order. */
    record SeriesAnswers(
            List<Series> series,
            @About("The same moment for all.") Instant dataFreshAsOf) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/kpis", "listKpis", "What the KPIs are: those declared, and automatic ones with data.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.definitions", "Kpis.names")
                        .with(Cursor.LIMIT, CURSOR)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(KpiPage.class, this::list),
                Route.get("/kpis/{kpi}", "getKpi", "What a KPI is.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.definitions")
                        .with(KPI)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.UNKNOWN_KPI)
                        .answers(KpiDefinition.class, this::one),
                Route.get("/kpis/{kpi}/series", "getSeries", "Exact figures of a KPI.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.series")
                        .with(KPI, Days.FROM, Days.TO, LAST, GRAIN, SOURCE, BY_SOURCE, DIMENSION, TOP)
                        .errors(
                                ErrorCode.UNKNOWN_ORG,
                                ErrorCode.UNKNOWN_KPI,
                                ErrorCode.UNKNOWN_DIMENSION,
                                ErrorCode.GRAIN_TOO_FINE,
                                ErrorCode.ANSWER_TOO_LARGE)
                        .answersTagged(Series.class, this::series),
                Route.post("/series/query", "querySeries", "Exact figures of several KPIs, all of one moment.")
                        .needs(Permission.VIEW)
                        .offers("Kpis.series")
                        .body(SeriesQuestions.class)
                        .errors(
                                ErrorCode.UNKNOWN_ORG,
                                ErrorCode.UNKNOWN_KPI,
                                ErrorCode.UNKNOWN_DIMENSION,
                                ErrorCode.GRAIN_TOO_FINE,
                                ErrorCode.ANSWER_TOO_LARGE)
                        .answers(SeriesAnswers.class, this::many));
    }

    private Kpis kpis(Call call) {
        return smartData.kpis(call.scope());
    }

    private KpiPage list(Call call) {
        Cursor.Page<DefinedKpi> page = Cursor.Page.of(
                kpis(call).definitions(),
                call.get(CURSOR).orElse(null),
                call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT),
                Cursor.ascending(),
                defined -> Cursor.of(defined.kpi().name()));
        return new KpiPage(page.map(KpiDefinition::of), page.next());
    }

    private KpiDefinition one(Call call) {
        String name = call.required(KPI);
        return kpis(call).definitions().stream()
                .filter(defined -> defined.kpi().name().equals(name))
                .findFirst()
                .map(KpiDefinition::of)
                .orElseThrow(
                        () -> new SmartDataException(ErrorCode.UNKNOWN_KPI.code(), ErrorCode.UNKNOWN_KPI.meaning()));
    }

    private Series series(Call call) {
        return Series.of(kpis(call).series(question(call).query(maxDays)));
    }

    private static SeriesQuestion question(Call call) {
        return new SeriesQuestion(
                call.required(KPI),
                call.get(Days.FROM).orElse(null),
                call.get(Days.TO).orElse(null),
                call.get(LAST).orElse(null),
                call.get(GRAIN).orElse(null),
                call.get(SOURCE).orElse(null),
                call.get(BY_SOURCE).orElse(null),
                call.get(DIMENSION).orElse(null),
                call.get(TOP).orElse(null));
    }

    private SeriesAnswers many(Call call) {
        List<KpiQuery> queries = call.body(SeriesQuestions.class).queries().stream()
                .map(question -> question.query(maxDays))
                .toList();
        List<Series> answers =
                kpis(call).series(queries).stream().map(Series::of).toList();
        return new SeriesAnswers(answers, answers.get(0).dataFreshAsOf());
    }
}

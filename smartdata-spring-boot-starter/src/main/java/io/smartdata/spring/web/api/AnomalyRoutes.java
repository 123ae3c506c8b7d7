package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.core.SmartData;
import io.smartdata.core.anomaly.Detectors;
import io.smartdata.core.anomaly.Explanation;
import io.smartdata.core.anomaly.Simulation;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.AnomalyQuery;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values that the history does not explain: what was found, looking for more, and what is behind one. */
final class AnomalyRoutes implements RouteGroup {
    private static final Parameter<String> KPI = Parameter.text("kpi", "Only anomalies of this KPI.");
    private static final Parameter<String> OF_KPI = Parameter.text("kpi", "KPI of the anomaly.");
    private static final Parameter<String> BUCKET = Parameter.text("bucket", "Bucket of the anomaly.");
    private static final Parameter<Cursor> CURSOR = Cursor.parameter(4);
    private static final int FIRST_PAGE = 1_000;

    private final SmartData smartData;
    private final int maxDays;
    private final Workbench workbench;

    /**
     * @param maxDays most days of a range
     * @param workbench where detectors run
     */
    AnomalyRoutes(SmartData smartData, int maxDays, Workbench workbench) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
        this.workbench = requireNonNull(workbench, "workbench");
    }

    /** A page of them. */
    record AnomalyPage(
            List<FoundAnomaly> anomalies,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next) {
        static AnomalyPage of(List<StoredAnomaly> oneMore, int limit) {
            Cursor.Page<StoredAnomaly> page = Cursor.Page.of(oneMore, limit, AnomalyRoutes::place);
            return new AnomalyPage(page.map(FoundAnomaly::of), page.next());
        }
    }

    /** Days of a KPI to judge. */
    record DaysToJudge(
            String kpi,
            @About("First local day, inclusive.") LocalDate from,
            @About("Last local day, exclusive.") LocalDate to,

            @About("Name of a detector, perhaps with options, as rolling-zscore(window=7); unless given, auto.")
            @Nullable
            String detector) {

        AnomalyDetector made() {
            return Detectors.of(detector == null ? Detectors.DEFAULT : detector);
        }
    }

    /** What a detector would have come to, at every sensitivity. */
    record Simulated(@About("Values with a verdict.") int judged, double weeks, List<Sensitivity> rows) {

        /** What one threshold would have come to. */
        record Sensitivity(
                @About("Distance from which a value is an anomaly.")
                double threshold,

                @About("Anomalies in 1000 values by chance alone.")
                double falsePerThousand,

                int anomalies,

                @About("Runs of anomalies on one side.") int alerts,

                double alertsPerWeek,
                int mostInAWeek) {
            static Sensitivity of(Simulation.Row row) {
                return new Sensitivity(
                        row.threshold(),
                        row.falsePerThousand(),
                        row.anomalies(),
                        row.alerts(),
                        row.alertsPerWeek(),
                        row.mostInAWeek());
            }
        }

        static Simulated of(Simulation simulation) {
            return new Simulated(
                    simulation.judged(),
                    simulation.weeks(),
                    simulation.rows().stream().map(Sensitivity::of).toList());
        }
    }

    /** What is behind an anomaly. */
    record Explained(
            FoundAnomaly anomaly,
            String inWords,

            @About("Values of dimensions that changed most against the same weekday of the weeks before.")
            List<Contribution> contributions,

            @About("Where the raw events of the bucket are.")
            EventsBehind events) {

        /** What one value of a dimension has to do with it. */
        record Contribution(
                String dimension,
                String value,
                double actual,
                @About("Mean over the weeks before.") double usual,

                @About("Of the change of the total, 1 for all of it; null where values do not add up.") @Nullable
                Double share) {
            static Contribution of(Explanation.Contribution known) {
                return new Contribution(known.dimension(), known.value(), known.actual(), known.usual(), known.share());
            }
        }

        /** A range of raw events. */
        record EventsBehind(
                @About("Null for all.") @Nullable String source,

                Instant from,
                @About("Exclusive.") Instant to) {}

        static Explained of(Explanation explanation) {
            return new Explained(
                    FoundAnomaly.of(explanation.anomaly()),
                    explanation.inWords(),
                    explanation.contributions().stream().map(Contribution::of).toList(),
                    new EventsBehind(
                            explanation.events().source(),
                            explanation.events().from(),
                            explanation.events().to()));
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/anomalies", "listAnomalies", "Anomalies that were found, alerts or not, by KPI and bucket.")
                        .needs(Permission.VIEW)
                        .offers("Anomalies.found")
                        .with(KPI, Days.FROM, Days.TO, Cursor.LIMIT, CURSOR)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(AnomalyPage.class, call -> found(call, call.get(KPI))),
                Route.get("/kpis/{kpi}/anomalies", "listAnomaliesOfKpi", "The same, of one KPI.")
                        .needs(Permission.VIEW)
                        .offers("Anomalies.found")
                        .with(KpiRoutes.KPI, Days.FROM, Days.TO, Cursor.LIMIT, CURSOR)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(AnomalyPage.class, call -> found(call, Optional.of(call.required(KpiRoutes.KPI)))),
                Route.post(
                                "/anomalies/detection",
                                "detectAnomalies",
                                "Judges days of a KPI and keeps what it finds, in place of what was found there before.")
                        .needs(Permission.VIEW, Permission.OPERATE)
                        .offers("Anomalies.detect")
                        .body(DaysToJudge.class)
                        .errors(
                                ErrorCode.UNKNOWN_ORG,
                                ErrorCode.UNKNOWN_KPI,
                                ErrorCode.UNKNOWN_DETECTOR,
                                ErrorCode.INVALID_DETECTOR_OPTION,
                                ErrorCode.THROTTLED)
                        .answers(AnomalyPage.class, this::detect),
                Route.post(
                                "/anomalies/simulation",
                                "simulateDetector",
                                "How many alerts a detector would have raised, at every sensitivity; keeps nothing.")
                        .needs(Permission.VIEW)
                        .offers("Anomalies.simulate")
                        .body(DaysToJudge.class)
                        .errors(
                                ErrorCode.UNKNOWN_ORG,
                                ErrorCode.UNKNOWN_KPI,
                                ErrorCode.UNKNOWN_DETECTOR,
                                ErrorCode.INVALID_DETECTOR_OPTION,
                                ErrorCode.THROTTLED)
                        .answers(Simulated.class, this::simulate),
                Route.get("/anomalies/explanation", "explainAnomaly", "What is behind an anomaly that was found.")
                        .needs(Permission.VIEW)
                        .offers("Alerts.explain")
                        .requires(OF_KPI, BUCKET)
                        .errors(
                                ErrorCode.UNKNOWN_ORG,
                                ErrorCode.UNKNOWN_KPI,
                                ErrorCode.UNKNOWN_ANOMALY,
                                ErrorCode.ANSWER_TOO_LARGE)
                        .answers(Explained.class, this::explain));
    }

    private AnomalyPage found(Call call, Optional<String> kpi) {
        Days days = Days.asked(
                call, maxDays, () -> smartData.kpis(call.scope()).settings().zone());
        int limit = call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT);
        return page(call, kpi, days, call.get(CURSOR), limit);
    }

    private AnomalyPage page(Call call, Optional<String> kpi, Days days, Optional<Cursor> cursor, int limit) {
        AnomalyQuery query = new AnomalyQuery(
                kpi.orElse(null),
                days.from(),
                days.to(),
                cursor.map(AnomalyRoutes::place).orElse(null),
                limit + 1);
        return AnomalyPage.of(smartData.anomalies(call.scope()).found(query), limit);
    }

    private static Cursor place(StoredAnomaly anomaly) {
        SeriesKey series = anomaly.series();
        return Cursor.of(series.kpi(), series.source(), series.dimension(), anomaly.bucket());
    }

    private static AnomalyQuery.Place place(Cursor cursor) {
        return new AnomalyQuery.Place(new SeriesKey(cursor.part(0), cursor.part(1), cursor.part(2)), cursor.part(3));
    }

    /** The first page of what is there now. */
    private AnomalyPage detect(Call call) {
        DaysToJudge asked = call.body(DaysToJudge.class);
        Days days = Days.of(asked.from(), asked.to(), maxDays);
        AnomalyDetector detector = asked.made();
        workbench.use(() -> smartData.anomalies(call.scope()).detect(asked.kpi(), days.from(), days.to(), detector));
        return page(call, Optional.of(asked.kpi()), days, Optional.empty(), FIRST_PAGE);
    }

    private Simulated simulate(Call call) {
        DaysToJudge asked = call.body(DaysToJudge.class);
        Days days = Days.of(asked.from(), asked.to(), maxDays);
        AnomalyDetector detector = asked.made();
        return Simulated.of(workbench.use(
                () -> smartData.anomalies(call.scope()).simulate(asked.kpi(), days.from(), days.to(), detector)));
    }

    private Explained explain(Call call) {
        return Explained.of(smartData.alerts(call.scope()).explain(call.required(OF_KPI), call.required(BUCKET)));
    }
}

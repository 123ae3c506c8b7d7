package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.forecast.Forecasts;
import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.Reliability;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.StoredForecast;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What KPIs will be, and how good such answers have been. */
final class ForecastRoutes implements RouteGroup {
    private static final Parameter<Cursor> CURSOR = Cursor.parameter(1);
    private static final int MOST_STEPS = 400;

    private final SmartData smartData;
    private final Workbench workbench;

    /** @param workbench where models are learnt */
    ForecastRoutes(SmartData smartData, Workbench workbench) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.workbench = requireNonNull(workbench, "workbench");
    }

    /** The forecast of a KPI. */
    record KnownForecast(
            String kpi,
            @About("Model that made it, with its orders.") String model,

            @About("Why a simpler model serves; null if the one asked for does.") @Nullable
            String fallbackReason,

            @About("0 to 100; null if it is unknown.") @Nullable
            Integer reliabilityScore,

            @About("A to D, or N/A.") String grade,

            @About("When its model was learnt.") Instant learntAt,

            List<Step> points,
            Instant dataFreshAsOf) {

        /** One bucket to come. */
        record Step(
                String bucket,

                @About("What is expected.") double mean,
                double lower80,
                double upper80,
                double lower95,
                double upper95) {
            static Step of(StoredForecast.Point point) {
                return new Step(
                        point.bucket(),
                        point.mean(),
                        point.lower80(),
                        point.upper80(),
                        point.lower95(),
                        point.upper95());
            }
        }

        static KnownForecast of(StoredForecast stored) {
            return new KnownForecast(
                    stored.series().kpi(),
                    stored.model(),
                    stored.fallbackReason(),
                    stored.reliabilityScore(),
                    stored.grade(),
                    stored.learntAt(),
                    stored.points().stream().map(Step::of).toList(),
                    stored.dataFreshAsOf());
        }
    }

    /** A page of them, by KPI. */
    record ForecastPage(
            List<KnownForecast> forecasts,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next) {}

    /** How far to look. */
    record Horizon(
            @About("Steps in the KPI's grain, 1 to 400.") int horizon) {
        Horizon {
            requireHorizon(horizon);
        }
    }

    /** What to learn. */
    record ModelToLearn(
            @About("Steps in the KPI's grain, 1 to 400.") int horizon,

            @About("Model, as auto, ets or sarimax(1,1,1)(0,1,1)7; unless given, the one of the application.") @Nullable
            String model) {
        ModelToLearn {
            requireHorizon(horizon);
        }
    }

    private static void requireHorizon(int horizon) {
        if (horizon < 1 || horizon > MOST_STEPS) {
            throw new SmartDataException(
                    "invalid_request", "horizon must be 1 to %d. Nothing was learnt.".formatted(MOST_STEPS));
        }
    }

    /** How good the model that serves had been when it was learnt. */
    record KnownReliability(
            String kpi,
            String model,
            int horizon,

            @About("0 to 100, higher is better; null if too little could be judged.") @Nullable
            Integer score,

            @About("A to D, or N/A.") String grade,

            @About("Over all folds; null without folds.") @Nullable
            Misses total,

            @About("Oldest first.") List<Fold> folds) {

        /** Predictions against what came true. */
        record Misses(
                @About("Predictions compared.") int points,
                @About("Mean absolute error.") double mae,
                @About("Root of the mean squared error.") double rmse,
                @About("Mean of prediction minus actual.") double bias,
                @About("0 to 200.") double smape,

                @About("Null if the actuals are all zero.") @Nullable
                Double wape,

                @About("Null if an actual is zero.") @Nullable
                Double mape,

                @About("Against the seasonal difference; null if that is zero or unknown.") @Nullable
                Double mase,

                @About("Share of actuals within the widest interval.") @Nullable
                Double coverage) {
            static Misses of(ForecastErrors errors) {
                return new Misses(
                        errors.points(),
                        errors.mae(),
                        errors.rmse(),
                        errors.bias(),
                        errors.smape(),
                        errors.wape(),
                        errors.mape(),
                        errors.mase(),
                        errors.coverage());
            }
        }

        /** One origin: what was before it was learnt from, what came after it was predicted. */
        record Fold(
                String model,

                @About("Local time after the last value learnt from.")
                LocalDateTime trainedUntil,

                int trainingSize,
                Misses errors) {
            static Fold of(Reliability.Fold fold) {
                return new Fold(fold.modelId(), fold.trainedUntil(), fold.trainingSize(), Misses.of(fold.errors()));
            }
        }

        static KnownReliability of(String kpi, Reliability reliability) {
            ForecastErrors total = reliability.total();
            return new KnownReliability(
                    kpi,
                    reliability.spec(),
                    reliability.horizon(),
                    reliability.score(),
                    reliability.grade().label(),
                    total == null ? null : Misses.of(total),
                    reliability.folds().stream().map(Fold::of).toList());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/forecasts", "listForecasts", "The forecasts made last, by KPI.")
                        .needs(Permission.VIEW)
                        .offers("Forecasts.latest")
                        .with(Cursor.LIMIT, CURSOR)
                        .answers(ForecastPage.class, this::list),
                Route.get("/kpis/{kpi}/forecast", "getForecast", "The forecast made last; never learns anew.")
                        .needs(Permission.VIEW)
                        .offers("Forecasts.latest")
                        .with(KpiRoutes.KPI)
                        .errors(ErrorCode.NO_FORECAST)
                        .answersTagged(KnownForecast.class, this::latest),
                learning("/kpis/{kpi}/forecast", "learnForecast", "Learns a model of the whole history and predicts.")
                        .offers("Forecasts.forecast")
                        .body(ModelToLearn.class)
                        .answers(KnownForecast.class, this::learn),
                learning(
                                "/kpis/{kpi}/forecast/update",
                                "updateForecast",
                                "Runs the model learnt last over what has come since; learns only if none still fits.")
                        .offers("Forecasts.update")
                        .body(Horizon.class)
                        .answers(KnownForecast.class, this::update),
                learning(
                                "/kpis/{kpi}/forecast/reestimation",
                                "reestimateForecast",
                                "Learns the model that was asked for last anew.")
                        .offers("Forecasts.reestimate")
                        .body(Horizon.class)
                        .answers(KnownForecast.class, this::reestimate),
                Route.get("/kpis/{kpi}/reliability", "getReliability", "How good the model that serves has been.")
                        .needs(Permission.VIEW)
                        .offers("Forecasts.reliability")
                        .with(KpiRoutes.KPI)
                        .errors(ErrorCode.NO_FORECAST)
                        .answers(KnownReliability.class, this::reliability));
    }

    private static Route.Builder learning(String path, String id, String summary) {
        return Route.post(path, id, summary)
                .needs(Permission.VIEW, Permission.OPERATE)
                .with(KpiRoutes.KPI)
                .errors(
                        ErrorCode.UNKNOWN_ORG,
                        ErrorCode.UNKNOWN_KPI,
                        ErrorCode.UNKNOWN_MODEL,
                        ErrorCode.NO_FORECAST,
                        ErrorCode.THROTTLED);
    }

    private Forecasts forecasts(Call call) {
        return smartData.forecasts(call.scope());
    }

    private ForecastPage list(Call call) {
        int limit = call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT);
        String after = call.get(CURSOR).map(cursor -> cursor.part(0)).orElse(null);
        Cursor.Page<StoredForecast> page = Cursor.Page.of(
                forecasts(call).latest(after, limit + 1),
                limit,
                forecast -> Cursor.of(forecast.series().kpi()));
        return new ForecastPage(page.map(KnownForecast::of), page.next());
    }

    private KnownForecast latest(Call call) {
        return KnownForecast.of(there(forecasts(call).latest(call.required(KpiRoutes.KPI))));
    }

    private static <T> T there(Optional<T> learnt) {
        return learnt.orElseThrow(
                () -> new SmartDataException(ErrorCode.NO_FORECAST.code(), ErrorCode.NO_FORECAST.meaning()));
    }

    private KnownForecast learn(Call call) {
        ModelToLearn asked = call.body(ModelToLearn.class);
        String kpi = call.required(KpiRoutes.KPI);
        workbench.use(() -> asked.model() == null
                ? forecasts(call).forecast(kpi, asked.horizon())
                : forecasts(call).forecast(kpi, asked.horizon(), asked.model()));
        return latest(call);
    }

    private KnownForecast update(Call call) {
        int horizon = call.body(Horizon.class).horizon();
        return KnownForecast.of(workbench.use(() -> forecasts(call).update(call.required(KpiRoutes.KPI), horizon)));
    }

    private KnownForecast reestimate(Call call) {
        int horizon = call.body(Horizon.class).horizon();
        workbench.use(() -> forecasts(call).reestimate(call.required(KpiRoutes.KPI), horizon));
        return latest(call);
    }

    private KnownReliability reliability(Call call) {
        String kpi = call.required(KpiRoutes.KPI);
        return KnownReliability.of(kpi, there(forecasts(call).reliability(kpi)));
    }
}

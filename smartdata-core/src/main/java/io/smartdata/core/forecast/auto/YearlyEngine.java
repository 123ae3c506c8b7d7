package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.OuterEngine;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import io.smartdata.series.TimeSeries;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Another engine on daily values whose year is described by a few sine and cosine waves, as regressors: a season of 365
 * days without 365 states. Source: Harvey and Koopman 1993; Hyndman and Athanasopoulos, "Forecasting", chapter 12.
 */
public final class YearlyEngine extends OuterEngine {
    public static final String PREFIX = "yearly:";
    private static final int PAIRS = 3;
    /** Days that have no week are often another unit's steps in disguise. */
    private static final int WEEK = 7;

    private static final double YEAR = 365.2425;
    /** Below this many days a wave of a year is not told from a trend. */
    private static final int FEWEST_DAYS = 550;

    public YearlyEngine(Engine inner) {
        super(PREFIX, Inside.ITSELF, inner);
    }

    static boolean possible(ForecastRequest request) {
        TimeSeries history = request.history();
        return history.unit() == ChronoUnit.DAYS
                && history.step() == 1
                && history.size() >= FEWEST_DAYS
                && request.seasons().contains(WEEK)
                && request.regressors() == null;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        if (!possible(request)) {
            throw new CannotFit(id() + " needs %d days with a week and no other regressors".formatted(FEWEST_DAYS));
        }
        FittedModel model = inner.fit(withWaves(request));
        return new FittedModel(
                PREFIX + model.id(),
                model.version(),
                model.parameters(),
                model.logLikelihood(),
                model.aicc(),
                model.trainedFrom(),
                model.trainedUntil(),
                model.observations(),
                List.of(),
                model.fallbackReason(),
                model.explanation() + " The year is described by %d pairs of waves.".formatted(PAIRS));
    }

    private static ForecastRequest withWaves(ForecastRequest request) {
        TimeSeries history = request.history();
        long first = history.start().toLocalDate().toEpochDay();
        double[][] rows = new double[history.size() + request.horizon()][2 * PAIRS];
        List<String> names = new ArrayList<>();
        for (int k = 0; k < PAIRS; k++) {
            names.add("sin." + (k + 1));
            names.add("cos." + (k + 1));
            for (int t = 0; t < rows.length; t++) {
                double angle = 2 * Math.PI * (k + 1) * ((first + t) % YEAR) / YEAR;
                rows[t][2 * k] = Math.sin(angle);
                rows[t][2 * k + 1] = Math.cos(angle);
            }
        }
        return request.withRegressors(Regressors.of(names, rows));
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        return inner.path(within(model), withWaves(request));
    }
}

package io.smartdata.core.forecast.auto;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import io.smartdata.series.TimeSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A weighted mean of models that err in different ways: what the data show of cycles, signs and gaps says which, how well
 * they foretold the last stretches of the history says with what weight, and how often their intervals held the values
 * there says how wide these have to be. Accidents of the history are taken out first.
 *
 * <p>Sources: Bates and Granger 1969 (weights from past errors); Petropoulos and Svetunkov 2020 (a few good models,
 * simply combined).
 */
public final class AutoEngine implements Engine {
    public static final String ID = "auto";

    private static final String INNER = "spread.80";
    private static final String OUTER = "spread.95";
    private static final int FEWEST_OBSERVATIONS = 6;
    /** Older values say little about the next ones and cost as much as the others. */
    private static final int LONGEST_HISTORY = 2000;

    private final Function<String, Engine> engines;

    /** @param engines by model spec, also by the id of a fitted model */
    public AutoEngine(Function<String, Engine> engines) {
        this.engines = requireNonNull(engines, "engines");
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public FittedModel fit(ForecastRequest whole) throws CannotFit {
        ForecastRequest request = whole.latest(LONGEST_HISTORY);
        Sample sample = sample(request);
        Regressors regressors = request.regressors();
        int size = request.history().size();
        if (regressors != null && !regressors.known(size, size + request.horizon())) {
            return fit(request.withRegressors(null))
                    .withFallbackReason("the regressors are not known for the next %d steps, they were left out"
                            .formatted(request.horizon()));
        }
        Cleaning cleaning = cleaning(request);
        ForecastRequest cleaned = with(cleaning, request);
        cleaned = cleaned.withSeasons(Seasons.shown(Sample.of(cleaned).filled(), request.seasons()));
        Trials trials = Trials.of(cleaned, cleaning.levelled());
        Combination combination = Combination.of(trials, Candidates.of(cleaned), engines);
        Calibration calibration = Calibration.of(combination.trialPaths(), trials, sample.observed());
        Map<String, Double> parameters = new LinkedHashMap<>(combination.parameters());
        parameters.put(INNER, calibration.inner());
        parameters.put(OUTER, calibration.outer());
        return sample.model(
                request,
                ID,
                parameters,
                null,
                null,
                combination.models(),
                new Explanation(request, cleaned, cleaning, trials, combination).text());
    }

    private static Sample sample(ForecastRequest request) throws CannotFit {
        double[] values = request.history().values();
        if (Arrays.stream(values).allMatch(Double::isNaN)) {
            throw new CannotFit("the last %d values are all missing".formatted(LONGEST_HISTORY));
        }
        Sample sample = Sample.of(request);
        if (sample.observed() < FEWEST_OBSERVATIONS) {
            throw new CannotFit("auto needs %d observed values to compare models, there are %d"
                    .formatted(FEWEST_OBSERVATIONS, sample.observed()));
        }
        if (Arrays.stream(sample.filled()).distinct().count() == 1) {
            throw new CannotFit("all observed values are the same, there is nothing to choose from");
        }
        return sample;
    }

    /** Where influences are known, what looks like an accident may be one of them. */
    private static Cleaning cleaning(ForecastRequest request) {
        double[] values = request.history().values();
        return request.regressors() == null ? Cleaning.of(values, request.season()) : Cleaning.none(values);
    }

    private static ForecastRequest with(Cleaning cleaning, ForecastRequest request) {
        TimeSeries history = request.history();
        return request.withHistory(
                TimeSeries.of(history.start(), history.step(), history.unit(), history.zone(), cleaning.values()));
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        ForecastRequest cleaned = with(cleaning(request), request);
        List<Path> paths = new ArrayList<>();
        for (FittedModel member : model.members()) {
            paths.add(engines.apply(member.id()).path(member, cleaned));
        }
        Calibration calibration =
                new Calibration(ConstantEngine.parameter(model, INNER), ConstantEngine.parameter(model, OUTER));
        return calibration.stretched(Combination.mean(paths, Combination.weights(model)));
    }
}

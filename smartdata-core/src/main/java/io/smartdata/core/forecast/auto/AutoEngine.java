package io.smartdata.core.forecast.auto;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.forecast.arima.SarimaOrder;
import io.smartdata.core.forecast.arima.SarimaxEngine;
import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.LogEngine;
import io.smartdata.core.forecast.engine.Quantiles;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.core.forecast.engine.SeasonalNaiveEngine;
import io.smartdata.core.forecast.smoothing.ThetaEngine;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A weighted mean of a few models that err in different ways: ARIMA with and without (seasonal) differencing, on
 * logarithms where the values allow, and Theta. All are tried on the last stretches of the history: the smaller the error
 * there the larger the weight, and where the mean of them does not beat the seasonal naive forecast, that takes half.
 *
 * <p>A first floor: the orders are fixed, nothing is searched. Sources: Bates and Granger 1969 (weights from past errors);
 * Petropoulos and Svetunkov 2020 (simple combination).
 */
public final class AutoEngine implements Engine {
    public static final String ID = "auto";

    private static final String WEIGHT = "weight.";
    private static final int FEWEST_CYCLES = 3;
    private static final int FEWEST_OBSERVATIONS = 12;
    /** The cost of a seasonal ARIMA grows with the season, and more so where gaps have to be skipped. */
    private static final int LONGEST_ARIMA_SEASON = 60;

    private static final int LONGEST_ARIMA_SEASON_WITH_GAPS = 30;
    /** Older values say little about the next ones and cost as much as the others. */
    private static final int LONGEST_HISTORY = 2000;

    /** Stretches of the history the models are tried on, each as long as the horizon. */
    private static final int TRIALS = 3;
    /** A stretch is at most this part of the history, so that most of it stays before the trials. */
    private static final int STRETCH_PART = 8;
    /** Weight of the seasonal naive forecast where the others do not beat it. */
    private static final double NAIVE_SHARE = 0.5;

    private final Function<String, Engine> engines;

    /** @param engines by the id of a fitted model */
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
        if (Arrays.stream(request.history().values()).allMatch(Double::isNaN)) {
            throw new CannotFit("the last %d values are all missing".formatted(LONGEST_HISTORY));
        }
        Sample sample = Sample.of(request);
        int needed = Math.max(FEWEST_OBSERVATIONS, FEWEST_CYCLES * request.season());
        if (sample.observed() < needed) {
            throw new CannotFit("auto needs %d observed values to compare models, there are %d"
                    .formatted(needed, sample.observed()));
        }
        if (Arrays.stream(sample.filled()).distinct().count() == 1) {
            throw new CannotFit("all observed values are the same, there is nothing to choose from");
        }
        Regressors regressors = request.regressors();
        int size = request.history().size();
        if (regressors != null && !regressors.known(size, size + request.horizon())) {
            return fit(request.withRegressors(null))
                    .withFallbackReason("the regressors are not known for the next %d steps, they were left out"
                            .formatted(request.horizon()));
        }
        List<String> leftOut = new ArrayList<>();
        List<Member> members = tried(candidates(request), request, leftOut);
        List<Member> naive = tried(List.of(new SeasonalNaiveEngine()), request, leftOut);
        if (members.isEmpty()) {
            throw new CannotFit(String.join("; ", leftOut));
        }
        return combined(request, sample, members, naive, leftOut);
    }

    /** A fitted model and its predictions of the trial stretches, one after the other. */
    private record Member(FittedModel model, double[] predicted) {}

    private static List<Engine> candidates(ForecastRequest request) {
        int season = request.season();
        boolean positive = LogEngine.possible(request);
        List<Engine> result = new ArrayList<>();
        if (season == 1) {
            result.add(new SarimaxEngine(SarimaOrder.of(0, 1, 1)));
            result.add(new SarimaxEngine(SarimaOrder.of(1, 1, 2)));
        } else if (season <= (request.history().hasGaps() ? LONGEST_ARIMA_SEASON_WITH_GAPS : LONGEST_ARIMA_SEASON)) {
            Engine mixed = new SarimaxEngine(SarimaOrder.of(1, 1, 1).seasonal(0, 1, 1, season));
            result.add(new SarimaxEngine(SarimaOrder.of(0, 1, 1).seasonal(0, 1, 1, season)));
            result.add(positive ? new LogEngine(mixed) : mixed);
            result.add(new SarimaxEngine(
                    SarimaOrder.of(1, 0, 1).seasonal(1, 0, 1, season).with(SarimaOrder.Trend.CONSTANT)));
        }
        if (request.regressors() == null) {
            if (season == 1 || !positive) {
                result.add(new ThetaEngine(ThetaEngine.Kind.THETA));
            }
            if (positive) {
                result.add(new LogEngine(new ThetaEngine(ThetaEngine.Kind.THETA)));
            }
        }
        return result;
    }

    /** Only those that can be fitted and stay finite. */
    private static List<Member> tried(List<Engine> engines, ForecastRequest request, List<String> leftOut) {
        List<Member> members = new ArrayList<>();
        for (Engine engine : engines) {
            try {
                FittedModel model = engine.fit(request);
                double[] predicted = predicted(engine, model, request);
                if (Arrays.stream(predicted).allMatch(Double::isFinite)) {
                    members.add(new Member(model, predicted));
                } else {
                    leftOut.add(engine.id() + " gave a value that is not finite");
                }
            } catch (CannotFit e) {
                leftOut.add(e.reason());
            }
        }
        return members;
    }

    private static double[] predicted(Engine engine, FittedModel model, ForecastRequest request) throws CannotFit {
        int stretch = stretch(request);
        double[] result = new double[TRIALS * stretch];
        for (int trial = 0; trial < TRIALS; trial++) {
            int cut = request.history().size() - (TRIALS - trial) * stretch;
            ForecastRequest past =
                    request.withHistory(request.history().slice(0, cut)).withHorizon(stretch);
            System.arraycopy(engine.path(model, past).mean(), 0, result, trial * stretch, stretch);
        }
        return result;
    }

    private static int stretch(ForecastRequest request) {
        return Math.max(1, Math.min(request.horizon(), request.history().size() / STRETCH_PART));
    }

    private static double error(double[] predicted, ForecastRequest request) {
        int from = request.history().size() - predicted.length;
        double sum = 0;
        int count = 0;
        for (int i = 0; i < predicted.length; i++) {
            double actual = request.history().value(from + i);
            if (!Double.isNaN(actual)) {
                sum += Math.abs(actual - predicted[i]);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static FittedModel combined(
            ForecastRequest request, Sample sample, List<Member> members, List<Member> naive, List<String> leftOut)
            throws CannotFit {
        double[] errors = members.stream()
                .mapToDouble(member -> error(member.predicted(), request))
                .toArray();
        double[] weights = weights(errors);
        double[] mean = new double[members.get(0).predicted().length];
        for (int k = 0; k < weights.length; k++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += weights[k] * members.get(k).predicted()[i];
            }
        }
        double error = error(mean, request);
        double naiveError =
                naive.isEmpty() ? Double.POSITIVE_INFINITY : error(naive.get(0).predicted(), request);
        double naiveShare = naiveError < error ? NAIVE_SHARE : 0;
        Map<FittedModel, Double> shares = new LinkedHashMap<>();
        for (int k = 0; k < weights.length; k++) {
            shares.put(members.get(k).model(), weights[k] * (1 - naiveShare));
        }
        naive.forEach(member -> shares.put(member.model(), naiveShare));
        shares.values().removeIf(share -> share == 0);
        Map<String, Double> parameters = new LinkedHashMap<>();
        shares.forEach((model, share) -> parameters.put(WEIGHT + model.id(), share));
        return sample.model(
                request,
                ID,
                parameters,
                null,
                null,
                List.copyOf(shares.keySet()),
                explanation(request, shares, error, naiveError)
                        + (leftOut.isEmpty() ? "" : " Left out: " + String.join("; ", leftOut) + "."));
    }

    /** In proportion to 1 / error; all to the perfect ones if there are any. */
    private static double[] weights(double[] errors) {
        double best = Arrays.stream(errors).min().orElse(0);
        double[] raw = Arrays.stream(errors)
                .map(error -> error == best ? 1 : best / error)
                .toArray();
        double sum = Arrays.stream(raw).sum();
        return Arrays.stream(raw).map(weight -> weight / sum).toArray();
    }

    private static String explanation(
            ForecastRequest request, Map<FittedModel, Double> shares, double error, double naiveError) {
        String parts = shares.entrySet().stream()
                .map(it -> String.format(
                        Locale.ROOT,
                        "%.0f %% %s",
                        100 * it.getValue(),
                        it.getKey().id()))
                .collect(Collectors.joining(", "));
        String naive = Double.isFinite(naiveError)
                ? String.format(Locale.ROOT, ", that of seasonal-naive %.4g", naiveError)
                : "";
        return String.format(
                Locale.ROOT,
                "A mean of %s, weighted by their errors on the last %d steps, where its mean absolute error was %.4g%s.",
                parts,
                TRIALS * stretch(request),
                error,
                naive);
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        double[] mean = new double[request.horizon()];
        double[] weights = new double[model.members().size()];
        List<Quantiles> quantiles = new ArrayList<>();
        for (int k = 0; k < weights.length; k++) {
            FittedModel member = model.members().get(k);
            weights[k] = ConstantEngine.parameter(model, WEIGHT + member.id());
            Path path = engines.apply(member.id()).path(member, request);
            quantiles.add(path.quantiles());
            for (int h = 0; h < mean.length; h++) {
                mean[h] += weights[k] * path.mean()[h];
            }
        }
        return new Path(mean, Quantiles.weighted(quantiles, weights));
    }
}
